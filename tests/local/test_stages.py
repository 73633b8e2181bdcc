"""Stages and deployments in the embedded cloud, their tags, and the account's log role."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import Client
from tests.local.rest_api import Api, refused

WEB_ACL = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "pets"}


def test_a_deployments_description_changes(api: Api) -> None:
    place = {"deploymentId": api.deployment_id}
    after = api.patch("deployment", place, ("replace", "/description", "second"))
    assert after["description"] == "second"


def test_a_deployment_lives_as_long_as_a_stage_points_to_it(api: Api) -> None:
    place = {"deploymentId": api.deployment_id}
    active = refused(lambda: api.call("delete_deployment", **place))
    assert active == (400, "BadRequestException")

    second = api.call("create_deployment")["id"]
    api.patch("stage", api.stage, ("replace", "/deploymentId", second))
    api.call("delete_deployment", **place)
    absent = refused(lambda: api.call("get_deployment", **place))
    assert absent == (404, "NotFoundException")


def test_a_stage_points_to_deployments_that_exist_alone(api: Api) -> None:
    operation = {"op": "replace", "path": "/deploymentId", "value": "nowhere"}
    for call in (
        lambda: api.call("update_stage", **api.stage, patchOperations=[operation]),
        lambda: api.call("create_stage", stageName="Live", deploymentId="nowhere"),
    ):
        assert refused(call) == (404, "NotFoundException")


def test_a_stage_changes_every_field(api: Api) -> None:
    after = api.patch(
        "stage",
        api.stage,
        ("replace", "/description", "The test stage"),
        ("replace", "/variables/colour", "red"),
        ("add", "/variables/size", "2"),
        ("replace", "/tracingEnabled", "true"),
        ("replace", "/cacheClusterEnabled", "true"),
        ("replace", "/cacheClusterSize", "1.6"),
        ("replace", "/accessLogSettings/destinationArn", "arn:log"),
        ("replace", "/accessLogSettings/format", "$context.requestId"),
        ("replace", "/documentationVersion", "1"),
    )
    assert after["description"] == "The test stage"
    assert after["variables"] == {"colour": "red", "size": "2"}
    assert after["tracingEnabled"] is True
    assert (after["cacheClusterStatus"], after["cacheClusterSize"]) == ("AVAILABLE", "1.6")
    assert after["accessLogSettings"] == {
        "destinationArn": "arn:log",
        "format": "$context.requestId",
    }
    assert after["documentationVersion"] == "1"

    undone = api.patch(
        "stage",
        api.stage,
        ("remove", "/variables/colour", None),
        ("remove", "/accessLogSettings", None),
        ("replace", "/cacheClusterEnabled", "false"),
    )
    assert undone["variables"] == {"size": "2"}
    assert "accessLogSettings" not in undone
    assert undone["cacheClusterStatus"] == "NOT_AVAILABLE"


@pytest.mark.parametrize("key", ["*/*", "pets/GET", "~1pets~1{id}/GET", "pets/{id}/GET"])
def test_method_settings_keep_their_key_and_have_the_defaults_of_aws(api: Api, key: str) -> None:
    after = api.patch(
        "stage",
        api.stage,
        ("replace", f"/{key}/throttling/rateLimit", "0.5"),
        ("replace", f"/{key}/throttling/burstLimit", "1"),
        ("replace", f"/{key}/logging/loglevel", "INFO"),
    )
    assert after["methodSettings"].keys() == {key}
    settings = after["methodSettings"][key]
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (0.5, 1)
    assert (settings["loggingLevel"], settings["metricsEnabled"]) == ("INFO", False)

    assert api.patch("stage", api.stage, ("remove", f"/{key}", None))["methodSettings"] == {}


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("/clientCertificateId", "abc", "does not do client certificates for backends"),
    ],
)
def test_a_stage_that_cannot_be_served_is_refused(
    api: Api, path: str, value: str, problem: str
) -> None:
    operation = {"op": "replace", "path": path, "value": value}
    with pytest.raises(ClientError, match=problem):
        api.call("update_stage", **api.stage, patchOperations=[operation])


def test_a_stage_shows_its_web_acl(api: Api, aws: Client) -> None:
    wafv2 = aws("wafv2")
    acl = wafv2.create_web_acl(
        Name="pets", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=WEB_ACL
    )["Summary"]["ARN"]
    stage_arn = f"arn:aws:apigateway:us-east-1::/restapis/{api.api_id}/stages/Test"
    wafv2.associate_web_acl(WebACLArn=acl, ResourceArn=stage_arn)
    assert api.call("get_stage", **api.stage)["webAclArn"] == acl


def test_a_web_acl_of_another_account_stands_in_and_an_own_one_must_be_there(
    api: Api, aws: Client
) -> None:
    wafv2 = aws("wafv2")
    stage_arn = f"arn:aws:apigateway:us-east-1::/restapis/{api.api_id}/stages/Test"
    foreign = "arn:aws:wafv2:us-east-1:999999999999:regional/webacl/shop/1a2b"
    wafv2.associate_web_acl(WebACLArn=foreign, ResourceArn=stage_arn)
    held = wafv2.get_web_acl_for_resource(ResourceArn=stage_arn)["WebACL"]
    assert (held["ARN"], held["Rules"], held["DefaultAction"]) == (foreign, [], {"Allow": {}})

    another = foreign.replace("1a2b", "3c4d")
    wafv2.associate_web_acl(WebACLArn=another, ResourceArn=stage_arn)
    assert wafv2.get_web_acl_for_resource(ResourceArn=stage_arn)["WebACL"]["ARN"] == another

    own = foreign.replace("999999999999", aws("sts").get_caller_identity()["Account"])
    absent = refused(lambda: wafv2.associate_web_acl(WebACLArn=own, ResourceArn=stage_arn))
    assert absent == (400, "WAFNonexistentItemException")
    assert api.call("get_stage", **api.stage)["webAclArn"] == another

    wafv2.disassociate_web_acl(ResourceArn=stage_arn)
    assert "webAclArn" not in api.call("get_stage", **api.stage)


@pytest.mark.parametrize("place", ["", "/stages/Test"])
def test_tags_come_and_go(api: Api, place: str) -> None:
    arn = f"arn:aws:apigateway:us-east-1::/restapis/{api.api_id}{place}"
    gateway = api.gateway
    gateway.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2"})
    gateway.tag_resource(resourceArn=arn, tags={"b": "3", "c": "4"})
    assert gateway.get_tags(resourceArn=arn)["tags"] == {"a": "1", "b": "3", "c": "4"}
    gateway.untag_resource(resourceArn=arn, tagKeys=["a", "c"])
    assert gateway.get_tags(resourceArn=arn)["tags"] == {"b": "3"}


def test_the_accounts_log_role_comes_and_goes(aws: Client) -> None:
    gateway = aws("apigateway")
    path = "/cloudwatchRoleArn"
    gateway.update_account(patchOperations=[{"op": "replace", "path": path, "value": "arn:role"}])
    assert gateway.get_account()["cloudwatchRoleArn"] == "arn:role"
    gateway.update_account(patchOperations=[{"op": "remove", "path": path}])
    assert gateway.get_account()["cloudwatchRoleArn"] == ""
