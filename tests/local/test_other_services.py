"""IAM, Lambda and Logs in the embedded cloud, and what it says to what it cannot do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import Client
from tests.local.documents import metadata_xml, trust
from tests.local.one_of_each import ACCOUNT

MANAGED = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


@pytest.fixture
def saml_arn(aws: Client) -> Iterator[str]:
    iam = aws("iam")
    tags = [{"Key": "a", "Value": "1"}]
    document = metadata_xml("login.example.com")
    created = iam.create_saml_provider(Name="other", SAMLMetadataDocument=document, Tags=tags)
    assert created["Tags"] == tags
    yield created["SAMLProviderArn"]
    iam.delete_saml_provider(SAMLProviderArn=created["SAMLProviderArn"])


@pytest.fixture
def role_arn(aws: Client) -> Iterator[str]:
    iam = aws("iam")
    document = trust("lambda.amazonaws.com")
    role = iam.create_role(RoleName="other", AssumeRolePolicyDocument=document, Description="One")
    yield role["Role"]["Arn"]
    iam.delete_role(RoleName="other")


@pytest.fixture
def function(aws: Client, role_arn: str) -> Iterator[Any]:
    client = aws("lambda")
    code = {"ZipFile": zip_of("one")}
    client.create_function(
        FunctionName="other", Role=role_arn, Code=code, Runtime="python3.11", Handler="a.b"
    )
    yield client
    client.delete_function(FunctionName="other")


def zip_of(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.py", text)
    return buffer.getvalue()


def test_a_saml_providers_tags_come_and_go(aws: Client, saml_arn: str) -> None:
    iam = aws("iam")
    place = {"SAMLProviderArn": saml_arn}
    assert iam.get_saml_provider(**place)["Tags"] == [{"Key": "a", "Value": "1"}]
    new = [{"Key": "a", "Value": "2"}, {"Key": "b", "Value": "3"}]
    iam.tag_saml_provider(**place, Tags=new)
    assert iam.list_saml_provider_tags(**place)["Tags"] == new
    iam.untag_saml_provider(**place, TagKeys=["a"])
    assert iam.get_saml_provider(**place)["Tags"] == [{"Key": "b", "Value": "3"}]


def test_saml_metadata_changes_and_the_tags_stay(aws: Client, saml_arn: str) -> None:
    iam = aws("iam")
    document = metadata_xml("sso.example.com")
    iam.update_saml_provider(SAMLProviderArn=saml_arn, SAMLMetadataDocument=document)
    provider = iam.get_saml_provider(SAMLProviderArn=saml_arn)
    assert provider["SAMLMetadataDocument"] == document
    assert provider["Tags"] == [{"Key": "a", "Value": "1"}]


def test_a_roles_description_outlives_a_longer_session(aws: Client, role_arn: str) -> None:
    iam = aws("iam")
    iam.update_role(RoleName="other", MaxSessionDuration=43200)
    role = iam.get_role(RoleName="other")["Role"]
    assert (role["Arn"], role["Description"], role["MaxSessionDuration"]) == (
        role_arn,
        "One",
        43200,
    )
    iam.update_role(RoleName="other", Description="Two")
    assert iam.get_role(RoleName="other")["Role"]["Description"] == "Two"


def test_a_role_attaches_policies_that_aws_manages(aws: Client, role_arn: str) -> None:
    iam = aws("iam")
    iam.attach_role_policy(RoleName="other", PolicyArn=MANAGED)
    attached = iam.list_attached_role_policies(RoleName="other")["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == [MANAGED]
    iam.detach_role_policy(RoleName="other", PolicyArn=MANAGED)
    assert role_arn.startswith(f"arn:aws:iam::{ACCOUNT}:")


def test_a_functions_configuration_changes(function: Any) -> None:
    before = function.get_function_configuration(FunctionName="other")
    assert before["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/other"}
    assert before["TracingConfig"] == {"Mode": "PassThrough"}

    function.update_function_configuration(
        FunctionName="other",
        TracingConfig={"Mode": "Active"},
        EphemeralStorage={"Size": 1024},
        LoggingConfig={"LogFormat": "JSON"},
        KMSKeyArn=f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1",
        Timeout=20,
    )
    after = function.get_function_configuration(FunctionName="other")
    assert after["TracingConfig"] == {"Mode": "Active"}
    assert after["EphemeralStorage"] == {"Size": 1024}
    assert after["LoggingConfig"] == {"LogFormat": "JSON", "LogGroup": "/aws/lambda/other"}
    assert (after["Timeout"], after["KMSKeyArn"][-1]) == (20, "1")


def test_a_functions_code_and_architecture_change(function: Any) -> None:
    before = function.get_function_configuration(FunctionName="other")
    function.update_function_code(
        FunctionName="other", ZipFile=zip_of("two"), Architectures=["arm64"]
    )
    after = function.get_function_configuration(FunctionName="other")
    assert after["CodeSha256"] != before["CodeSha256"]
    assert after["Architectures"] == ["arm64"]


def test_a_functions_permissions_are_known_by_their_statement(function: Any) -> None:
    add = {"Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com"}
    function.add_permission(FunctionName="other", StatementId="AllowApiGateway", **add)
    assert '"AllowApiGateway"' in function.get_policy(FunctionName="other")["Policy"]
    function.remove_permission(FunctionName="other", StatementId="AllowApiGateway")
    with pytest.raises(ClientError, match="ResourceNotFound"):
        function.get_policy(FunctionName="other")


@pytest.mark.parametrize(
    ("service", "call", "arguments"),
    [
        (
            "apigateway",
            "test_invoke_method",
            {"restApiId": "a", "resourceId": "b", "httpMethod": "GET"},
        ),
        ("iam", "list_service_specific_credentials", {}),
    ],
)
def test_what_the_cloud_cannot_do_is_said_at_once(
    aws: Client, service: str, call: str, arguments: dict[str, str]
) -> None:
    with pytest.raises(ClientError, match="the embedded cloud cannot do this") as failure:
        getattr(aws(service), call)(**arguments)
    response: Any = failure.value.response
    assert response["Error"]["Code"] == "NotImplementedException"
    assert response["ResponseMetadata"]["RetryAttempts"] == 0
