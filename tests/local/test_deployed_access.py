"""`can` and `who-can` with `--deployed`: what an account holds decides, not what was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.stub import Stubber

from gateprint.access.answers.question import WrongQuestion, read_call
from gateprint.cli.main import run
from gateprint.errors import NotModelled, ToolFailed
from gateprint.local.cloud import CloudSettings
from gateprint.model.resolved import Environment, S3State
from gateprint.workflow.choice import Question
from gateprint.workflow.deployed import Account, Wanted, read_account, resource_policy_of
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.places import Places
from gateprint.workflow.questions import Answer, Answers, can, who_can
from tests.local.conftest import Client, say_nothing
from tests.local.one_of_each import ACCOUNT, REGION

BLUEPRINT = """\
blueprint: 1
name: shop
stages: {dev: {environment: cloud}}
apis:
  shop:
    routes:
      GET /pets: {mock: {status: 200}, auth: none, public: the catalogue is open}
      POST /pets: {mock: {status: 200}}
      GET /pets/{id}: {mock: {status: 200}}
      DELETE /pets/{id}: {mock: {status: 200}}
roles:
  shop-reader:
    existing: true
    allow: [{stages: all, routes: ["GET /pets/{id}"]}]
  shop-manager:
    existing: true
    allow: [{stages: all, routes: all}]
  shop-bounded:
    existing: true
    allow: [{stages: all, routes: ["GET /pets/{id}"]}]
  shop-absent:
    existing: true
    allow: [{stages: all, routes: ["GET /pets/{id}"]}]
"""
ENVIRONMENT = """\
environment: cloud
account: "{account}"
region: {region}
endpoint: {endpoint}
state: {{bucket: gateprint-state}}
"""
READ = ("can", "shop-reader", "dev", "GET /pets/7", "--deployed")
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def policy(effect: str = "Allow", resource: str = "*", **more: object) -> str:
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def shop(aws: Client) -> Iterator[str]:
    """A REST API with a stage, and roles; not all of it as the blueprint says."""
    gateway = aws("apigateway")
    api_id: str = _create_api(gateway)
    with _roles(aws("iam"), f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api_id}"):
        yield api_id
    gateway.delete_rest_api(restApiId=api_id)


def _create_api(gateway: Any) -> str:
    created = gateway.create_rest_api(name="shop-cloud-shop")
    place = {"restApiId": created["id"]}
    pets = gateway.create_resource(**place, parentId=created["rootResourceId"], pathPart="pets")
    pet = gateway.create_resource(**place, parentId=pets["id"], pathPart="{id}")
    for resource, verb, kind in (
        (pets, "GET", "NONE"),
        (pets, "POST", "NONE"),
        (pet, "GET", "AWS_IAM"),
    ):
        method = {**place, "resourceId": resource["id"], "httpMethod": verb}
        gateway.put_method(**method, authorizationType=kind)
        gateway.put_integration(**method, type="MOCK")
    gateway.create_deployment(**place, stageName="dev")
    # The embedded cloud deploys no authorizers.
    method = {**place, "resourceId": pet["id"], "httpMethod": "PUT"}
    gateway.put_method(**method, authorizationType="CUSTOM")
    return str(created["id"])


class _roles:  # noqa: N801 - reads as what it makes
    """The roles, which leave with their policies."""

    def __init__(self, iam: Any, arn: str) -> None:
        self.iam, self.arn = iam, arn
        self.policies: list[str] = []
        self.names: list[str] = []

    def __enter__(self) -> None:
        read = f"{self.arn}/dev/GET/pets/*"
        self._role("shop-reader", inline=policy(resource=read))
        self._role(
            "shop-manager", managed=self._managed("manage", policy(resource=self.arn + "/*"))
        )
        limit = self._managed("limit", policy(resource=f"{self.arn}/dev/POST/*"))
        self._role("shop-bounded", inline=policy(resource=read), PermissionsBoundary=limit)
        self._role("everything", managed=ADMINISTRATOR)
        tagged = {"StringEquals": {"aws:PrincipalTag/team": "pets"}}
        self._role("by-tag", inline=policy(Condition=tagged), Tags=[_tag("team", "pets")])
        self._role("by-open-tag", inline=policy(Condition=tagged))
        self._role("elsewhere", inline=policy(Action="s3:GetObject"))

    def _managed(self, name: str, document: str) -> str:
        made = self.iam.create_policy(PolicyName=name, PolicyDocument=document)
        self.policies.append(made["Policy"]["Arn"])
        return self.policies[-1]

    def _role(self, name: str, inline: str = "", managed: str = "", **more: Any) -> None:
        trust = json.dumps({"Version": "2012-10-17", "Statement": []})
        self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, **more)
        self.names.append(name)
        if inline:
            self.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=inline)
        if managed:
            self.iam.attach_role_policy(RoleName=name, PolicyArn=managed)

    def __exit__(self, *_: object) -> None:
        for role in self.names:
            name = {"RoleName": role}
            for each in self.iam.list_role_policies(**name)["PolicyNames"]:
                self.iam.delete_role_policy(**name, PolicyName=each)
            for each in self.iam.list_attached_role_policies(**name)["AttachedPolicies"]:
                self.iam.detach_role_policy(**name, PolicyArn=each["PolicyArn"])
            self.iam.delete_role(**name)
        for each in self.policies:
            self.iam.delete_policy(PolicyArn=each)


def _tag(key: str, value: str) -> dict[str, str]:
    return {"Key": key, "Value": value}


def write_project(folder: Path, cloud: CloudSettings) -> Path:
    """Write a project whose environment is the embedded cloud."""
    config = ENVIRONMENT.format(account=ACCOUNT, region=REGION, endpoint=cloud.endpoint)
    for name, text in {"blueprints/shop.yaml": BLUEPRINT, "config/cloud.yaml": config}.items():
        (folder / name).parent.mkdir()
        (folder / name).write_text(text)
    (folder / "lambdas").mkdir()
    return folder


Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(
    shop: str,
    running: CloudSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Ask:
    """Run the command line in a project whose environment is the embedded cloud."""
    monkeypatch.chdir(write_project(tmp_path, running))

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def test_the_accounts_documents_decide(ask: Ask, shop: str) -> None:
    code, out, err = ask(*READ, "--format", "json")
    assert code == 0, err
    found = json.loads(out)
    assert found["statement"] == {
        "policy": "own",
        "number": 1,
        "sid": "",
        "effect": "Allow",
        "resource": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{shop}/dev/GET/pets/*",
    }
    assert "reading the account's roles" in err


def test_the_roles_of_the_account_are_listed_and_what_is_not_decided(ask: Ask) -> None:
    code, out, _ = ask("who-can", "dev", "GET /pets/7", "--deployed")
    assert code == 0
    assert "no blueprint declares this role" in out
    assert "by-open-tag  not decided: policy own, statement 1" in out
    assert "1 other role: implicit-deny" in out


class Questions:
    """Questions to one account, which has been read once."""

    def __init__(self, account: Account, inputs: Inputs) -> None:
        self.account, self.inputs = account, inputs

    def can(self, role: str, request: str) -> tuple[Answer, tuple[str, ...]]:
        return can(self.inputs, self._asked(request), role, lambda _: self.account)

    def who_can(self, request: str) -> Answers:
        return who_can(self.inputs, self._asked(request), lambda _: self.account)

    def with_policy(self, document: str) -> Questions:
        return Questions(replace(self.account, policy=document), self.inputs)

    def _asked(self, request: str) -> Question:
        return Question("dev", read_call(request), "shop")


@pytest.fixture(scope="module")
def questions(
    shop: str, running: CloudSettings, aws: Client, tmp_path_factory: pytest.TempPathFactory
) -> Questions:
    folder = write_project(tmp_path_factory.mktemp("project"), running)
    places = Places(folder, folder / "blueprints", folder / "config", folder / "lambdas")
    inputs = load(places)
    wanted = Wanted(inputs.environments[0], "shop-cloud", "shop", "dev")
    return Questions(read_account(wanted, aws, say_nothing), inputs)


def test_a_managed_policy_counts(questions: Questions) -> None:
    answer, notes = questions.can("shop-manager", "GET /pets/7")
    assert (answer.decision, notes) == ("allow", ())
    assert answer.statement is not None
    assert answer.statement.policy.endswith(":policy/manage")


def test_a_boundary_limits(questions: Questions) -> None:
    answer, _ = questions.can("shop-bounded", "GET /pets/7")
    assert answer.decision == "implicit-deny"
    assert answer.why.startswith("its permissions boundary arn:aws:iam::")


def test_who_can_has_roles_that_no_blueprint_declares(questions: Questions) -> None:
    found = questions.who_can("GET /pets/7")
    allowed = {each.role: each.is_declared for each in found.answers if each.decision == "allow"}
    assert allowed == {
        "by-tag": False,
        "everything": False,
        "shop-manager": True,
        "shop-reader": True,
    }
    assert list(found.undecided) == ["by-open-tag"]


def test_what_is_not_decided_is_no_allow(questions: Questions) -> None:
    with pytest.raises(NotModelled, match="does not say what aws:principaltag/team is"):
        questions.can("by-open-tag", "GET /pets/7")


def test_a_method_that_checks_nobody_is_reported(questions: Questions) -> None:
    answer, notes = questions.can("elsewhere", "POST /pets")
    assert answer.decision == "allow"
    assert answer.why == "nobody is checked: in the account its authorization is NONE"
    assert notes == (
        "on POST /pets nobody is checked in the account; by the blueprint IAM checks callers",
    )
    assert questions.who_can("POST /pets").everyone == answer.where.public


def test_a_method_that_is_not_there_is_reported(questions: Questions) -> None:
    answer, notes = questions.can("shop-manager", "DELETE /pets/7")
    assert answer.decision == "implicit-deny"
    assert notes == ("the account has no DELETE /pets/{id}, which the blueprint declares",)


def test_an_authorizer_of_another_kind_is_not_decided(questions: Questions) -> None:
    with pytest.raises(NotModelled, match="not IAM, checks callers: CUSTOM"):
        questions.can("shop-manager", "PUT /pets/7")


def test_a_role_that_is_not_there_is_said(questions: Questions) -> None:
    with pytest.raises(ToolFailed, match=f"account {ACCOUNT} holds no role shop-absent"):
        questions.can("shop-absent", "GET /pets/7")
    with pytest.raises(WrongQuestion, match="did you mean everything"):
        questions.can("evrything", "GET /pets/7")


def test_a_resource_policy_counts(ask: Ask, aws: Client, shop: str) -> None:
    document = policy("Deny", _arn(shop), Principal="*", Sid="shut")
    _set_policy(aws("apigateway"), shop, document)
    code, out, _ = ask(*READ)
    _set_policy(aws("apigateway"), shop, "")
    assert code == 3
    assert "Deny in resource policy of shop, statement 1 (shut)" in out


def test_a_resource_policy_that_asks_for_more_is_not_decided(
    questions: Questions, shop: str
) -> None:
    document = policy("Deny", _arn(shop), Principal="*", Condition=_FROM_OUTSIDE)
    with pytest.raises(NotModelled, match="does not say what aws:sourceip is"):
        questions.with_policy(document).can("shop-reader", "GET /pets/7")


def _arn(api_id: str) -> str:
    return f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api_id}/*"


_FROM_OUTSIDE = {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}


def _set_policy(gateway: Any, api_id: str, document: str) -> None:
    change = {"op": "replace", "path": "/policy", "value": document}
    gateway.update_rest_api(restApiId=api_id, patchOperations=[change])


def test_an_api_or_stage_that_is_not_deployed_is_said(ask: Ask) -> None:
    path = Path("blueprints/shop.yaml")
    path.write_text(BLUEPRINT.replace("{dev:", "{test: {environment: cloud}, dev:"))
    code, _, err = ask("can", "shop-reader", "test", "GET /pets/7", "--deployed")
    assert code == 4
    assert "has only dev, not test" in err
    path.write_text(BLUEPRINT.replace("name: shop", "name: store"))
    code, _, err = ask(*READ)
    assert code == 4
    assert "holds no REST API named store-cloud-shop" in err


def test_another_account_is_not_asked_further(ask: Ask) -> None:
    path = Path("config/cloud.yaml")
    path.write_text(path.read_text().replace(ACCOUNT, "999988887777"))
    code, out, err = ask(*READ)
    assert (code, out) == (4, "")
    assert f"these credentials are of account {ACCOUNT}, and cloud is account 999988887777" in err


# Below the port: answers in pages, and failures, without any network.

WANTED = Wanted(
    Environment("prod", ACCOUNT, REGION, S3State("b", REGION, "p")), "shop-prod", "shop", "dev"
)


class Stubs:
    """Clients that give prepared answers, in order."""

    def __init__(self) -> None:
        self.clients = {each: _session().client(each) for each in ("sts", "apigateway", "iam")}
        self.stubs = {name: Stubber(each) for name, each in self.clients.items()}
        self.add("sts", "get_caller_identity", {"Account": ACCOUNT})

    def add(self, service: str, operation: str, answer: dict[str, Any]) -> None:
        self.stubs[service].add_response(operation, answer)

    def fail(self, service: str, operation: str, code: str, message: str) -> None:
        self.stubs[service].add_client_error(operation, code, message)

    def read(self, clock: Callable[[], float] = lambda: 0.0) -> Account:
        for each in self.stubs.values():
            each.activate()
        return read_account(WANTED, lambda service: self.clients[service], say_nothing, clock)


@cache
def _session() -> Any:
    """Return a session that reads the services' models once."""
    return boto3.Session(aws_access_key_id="none", aws_secret_access_key="none", region_name=REGION)


def _stubs_of_api() -> Stubs:
    stubs = Stubs()
    other, own = {"id": "a", "name": "other"}, {"id": "b", "name": "shop-prod-shop"}
    stubs.add("apigateway", "get_rest_apis", {"items": [other], "position": "2"})
    stubs.add("apigateway", "get_rest_apis", {"items": [own]})
    stubs.add("apigateway", "get_stages", {"item": [{"stageName": "dev"}]})
    public = {"GET": {"authorizationType": "NONE"}}
    first = {"id": "r1", "path": "/pets", "resourceMethods": public}
    second = {"id": "r2", "path": "/toys", "resourceMethods": {"GET": {}}}
    stubs.add("apigateway", "get_resources", {"items": [first], "position": "2"})
    stubs.add("apigateway", "get_resources", {"items": [second]})
    stubs.add("apigateway", "get_method", {"authorizationType": "AWS_IAM"})
    return stubs


def _role(name: str, *attached: str) -> dict[str, Any]:
    return {
        "RoleName": name,
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "RolePolicyList": [],
        "AttachedManagedPolicies": [
            {"PolicyName": each[-20:], "PolicyArn": each} for each in attached
        ],
    }


def _managed(arn: str) -> dict[str, Any]:
    versions = [
        {"Document": "new", "IsDefaultVersion": True},
        {"Document": "old", "IsDefaultVersion": False},
    ]
    return {"Arn": arn, "PolicyVersionList": versions}


def test_every_page_is_read_and_a_policy_that_the_details_leave_out_is_asked_for() -> None:
    stubs = _stubs_of_api()
    listed, left_out = f"arn:aws:iam::{ACCOUNT}:policy/listed", ADMINISTRATOR
    details = "get_account_authorization_details"
    first = {"RoleDetailList": [_role("one", listed)], "IsTruncated": True, "Marker": "m"}
    second = {"RoleDetailList": [_role("two", left_out)], "Policies": [_managed(listed)]}
    stubs.add("iam", details, first)
    stubs.add("iam", details, {**second, "IsTruncated": False})
    stubs.add("iam", "get_policy", {"Policy": {"DefaultVersionId": "v3"}})
    stubs.add("iam", "get_policy_version", {"PolicyVersion": {"Document": "asked for"}})
    found = stubs.read()
    assert found.api_id == "b"
    assert [(each.key, each.auth) for each in found.api.routes] == [
        *(("GET /pets", "none"), ("GET /toys", "iam"))
    ]
    assert [dict(each.documents) for each in found.roles] == [
        *({listed: "new"}, {left_out: "asked for"})
    ]


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("AccessDeniedException", "apigateway:GET"),
        ("ExpiredTokenException", "sign in again to account"),
        ("SignatureDoesNotMatch", "sign in again to account"),
        ("TooManyRequestsException", "wait a minute"),
        ("InternalFailure", "see the message, and ask again"),
    ],
)
def test_a_refusal_is_shown_with_its_message_and_a_remedy(code: str, remedy: str) -> None:
    stubs = Stubs()
    stubs.fail("apigateway", "get_rest_apis", code, "because\nGET / AKIAIOSFODNN7EXAMPLE")
    with pytest.raises(ToolFailed) as failed:
        stubs.read()
    assert failed.value.problem == f"AWS refused GetRestApis: {code}"
    assert remedy in failed.value.remedy
    assert "because" in failed.value.detail
    assert "AKIA" not in failed.value.detail


class Failing:
    """A client of which every operation fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, _operation: str) -> Callable[..., object]:
        def fail(**_: object) -> object:
            raise self.error

        return fail


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (NoCredentialsError(), "there are no AWS credentials"),
        (EndpointConnectionError(endpoint_url="https://sts.example"), "AWS does not answer"),
        (ReadTimeoutError(endpoint_url="https://sts.example"), "AWS does not answer"),
        (ClientError({"Error": {"Code": "Odd"}}, "Any"), "AWS refused Any: Odd"),
    ],
)
def test_what_the_client_raises_is_a_tool_that_failed(error: Exception, problem: str) -> None:
    with pytest.raises(ToolFailed) as failed:
        read_account(WANTED, lambda _service: Failing(error), say_nothing)
    assert failed.value.problem == problem
    assert failed.value.remedy


def test_reading_ends_after_two_minutes() -> None:
    times = iter([0.0, *(130.0 for _ in range(9))])
    with pytest.raises(ToolFailed, match="more than 120 seconds"):
        _stubs_of_api().read(lambda: next(times))


@pytest.mark.parametrize("text", ['{"a": "\\"é"}', '{\\"a\\": \\"\\\\\\"é\\"}'])
def test_a_resource_policy_is_read_escaped_or_not(text: str) -> None:
    assert resource_policy_of(text) == {"a": '"é'}
