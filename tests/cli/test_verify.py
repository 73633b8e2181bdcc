"""`verify`: what is sent to a real account and what is not, and how the result is written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from defusedxml.ElementTree import fromstring

from gateprint.cli.junit import junit
from gateprint.cli.verify import _rendered as rendered
from gateprint.errors import ToolFailed
from gateprint.workflow.inputs import Inputs
from gateprint.workflow.roles import PlacedRole
from gateprint.workflow.verify import Tools, verify
from gateprint.workflow.verify_account import Served, read_export
from gateprint.workflow.verify_credentials import FromUser, Given, NoCredentials
from gateprint.workflow.verify_manner import Calls
from gateprint.workflow.verify_report import Report
from tests.cli.conftest import Cli
from tests.cli.faked_addresses import ToFake, loaded
from tests.support.fake_gateway import FakeAccount, FakeGateway, Seen

ACCOUNT, REGION, API = "123456789012", "us-east-2", "a1b2c3d4e5"
URL = f"https://{API}.execute-api.{REGION}.amazonaws.com/dev"
BLUEPRINT = """\
blueprint: 1
name: pets
stages: {dev: {environment: nonprod}}
apis:
  pets:
    cors: {origins: ["*"]}
    routes:
      GET /pets: {function: pets, auth: none, public: open}
      POST /pets: {function: template}
      GET /pets/{id}: {function: pets}
      GET /health: {mock: {status: 200}}
functions:
  pets: {source: pets, handler: app.get_pet}
  template: {source: pets, handler: app.list_pets, proxy: false}
roles:
  reader: {existing: true, allow: [{stages: all, routes: ["GET /pets/{id}", GET /health]}]}
  writer: {existing: true, allow: [{stages: all, routes: [POST /pets]}]}
"""
ENVIRONMENT = f"""\
environment: nonprod
account: "{ACCOUNT}"
region: {REGION}
state: {{bucket: some-state-bucket}}
"""
TOKEN = "what-nobody-may-see"
TOLD = {"Access-Control-Allow-Origin": "*"}
PREFLIGHT = {
    **TOLD,
    "Access-Control-Allow-Methods": "GET,POST,OPTIONS",
    "Access-Control-Allow-Headers": "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token",
}
ALLOWED = {
    "reader": {"GET /dev/pets/gateprint-probe", "GET /dev/health"},
    "writer": {"POST /dev/pets"},
}


def as_stated(seen: Seen) -> int | str:
    """Decide as the blueprint says."""
    request = f"{seen.method} {seen.path}"
    if seen.method == "OPTIONS":
        return 200
    if request != "GET /dev/pets":
        if not seen.key:
            return "missing"
        if is_forged(seen):
            return "forged"
        if request not in ALLOWED[seen.key]:
            return "denied"
    is_template = request == "POST /dev/pets"
    return 415 if is_template and "gateprint" in seen.headers.get("content-type", "") else 200


def is_forged(seen: Seen) -> bool:
    """Compare the signature with botocore's own."""
    scope = seen.headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0]
    headers = {name: seen.headers[name] for name in scope.split(";")}
    url = f"http://{seen.headers['host']}{seen.path}"
    request = AWSRequest(seen.method, url, data=seen.body, headers=headers)
    request.context["timestamp"] = seen.headers["x-amz-date"]
    signer = SigV4Auth(Credentials(seen.key, "secret", TOKEN), "execute-api", REGION)
    text = signer.string_to_sign(request, signer.canonical_request(request))
    return not seen.headers["authorization"].endswith(signer.signature(text, request))


def policy(*patterns: str) -> dict[str, Any]:
    arns = [f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}/{each}" for each in patterns]
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": arns}
    return {"Version": "2012-10-17", "Statement": [statement]}


def resource(path: str, **methods: str) -> dict[str, Any]:
    kinds = {verb: {"authorizationType": kind} for verb, kind in methods.items()}
    return {"id": path, "path": path, "resourceMethods": kinds}


DEPLOYED = FakeAccount(
    name="pets-nonprod-pets",
    api_id=API,
    stages=("dev",),
    resources=[
        resource("/pets", GET="NONE", POST="AWS_IAM", OPTIONS="NONE"),
        resource("/pets/{id}", GET="AWS_IAM", OPTIONS="NONE"),
        resource("/health", GET="AWS_IAM", OPTIONS="NONE"),
    ],
    roles={"reader": policy("dev/GET/pets/*", "dev/GET/health"), "writer": policy("dev/POST/pets")},
)


def operation(kind: str, *, is_iam: bool = True, **more: Any) -> dict[str, Any]:
    integration = {"type": kind, **more}
    security: dict[str, Any] = {"security": [{"sigv4": []}]} if is_iam else {}
    return {"x-amazon-apigateway-integration": integration, **security}


TEMPLATES: dict[str, Any] = {
    "requestTemplates": {"application/json": "{}"},
    "passthroughBehavior": "never",
}
EXPORT: dict[str, Any] = {
    "paths": {
        "/pets": {
            "get": operation("aws_proxy", is_iam=False),
            "post": operation("aws", **TEMPLATES),
        },
        "/pets/{id}": {"get": operation("aws_proxy")},
        "/health": {"get": operation("mock")},
    },
    "components": {"securitySchemes": {"sigv4": {"x-amazon-apigateway-authtype": "awsSigv4"}}},
}


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    return loaded(tmp_path, BLUEPRINT, ENVIRONMENT)


def everybodys(placed: PlacedRole) -> Credentials:
    return Credentials(placed.role.name, "secret", TOKEN)


def nobodys(_placed: PlacedRole) -> Credentials:
    raise NoCredentials("none were given")


def ask(
    inputs: Inputs,
    gateway: FakeGateway,
    account: FakeAccount = DEPLOYED,
    calls: Calls = "none",
    credentials: Any = everybodys,
) -> Report:
    with gateway.serving() as address:
        sender = ToFake(address, {URL})
        tools = Tools(account, credentials, sender, lambda _: {}, lambda _: None)
        return verify(inputs, calls, tools)


def gateway(decide: Any = as_stated, **more: Any) -> FakeGateway:
    return FakeGateway(decide, PREFLIGHT, TOLD, **more)


def differing(report: Report) -> list[tuple[str, str, str, str]]:
    return [
        (each.kind, each.role, each.request, each.found)
        for each in report.rows
        if each.verdict == "differs"
    ]


def test_without_leave_no_handler_runs_and_all_is_decided(inputs: Inputs) -> None:
    fake = gateway()
    report = ask(inputs, fake, replace(DEPLOYED, export=EXPORT))
    assert differing(report) == []
    assert report.is_as_stated()
    assert {f"{each.method} {each.path}" for each in fake.ran} == {"GET /dev/health"}  # a mock
    found = {(each.kind, each.role, each.route): each.evidence for each in report.rows}
    assert found["unsigned", "", "GET /pets"] == "the account's documents"
    assert found["unsigned", "", "GET /pets/{id}"] == "before the backend"
    assert found["signed", "reader", "GET /pets/{id}"] == "the account's documents"
    assert found["signed", "reader", "POST /pets"] == "before the backend"
    assert found["signed", "writer", "POST /pets"] == "before the backend"


def test_where_the_deployment_cannot_be_read_only_preflights_are_sent(inputs: Inputs) -> None:
    fake = gateway()
    report = ask(inputs, fake)
    assert report.is_as_stated()
    assert {each.method for each in fake.seen} == {"OPTIONS"}
    kinds = Counter(each.evidence for each in report.rows)
    assert kinds == {"called": 3, "the account's documents": 12}


def test_preflights_are_a_browsers(inputs: Inputs) -> None:
    fake = gateway()
    ask(inputs, fake)
    wanted = {
        "origin": "https://visitor.example.com",
        "access-control-request-method": "GET",
        "access-control-request-headers": "authorization,content-type,x-amz-date,"
        "x-amz-security-token",
    }
    for each in fake.seen:
        assert {name: each.headers.get(name) for name in wanted} == wanted


def test_a_stale_deployment_without_authorization_is_not_called(inputs: Inputs) -> None:
    """The API's methods say IAM, and the stage still serves what checks nobody."""
    stale = json.loads(json.dumps(EXPORT))
    del stale["paths"]["/pets/{id}"]["get"]["security"]
    fake = gateway(lambda seen: 200)
    ask(inputs, fake, replace(DEPLOYED, export=stale))
    assert "/dev/pets/gateprint-probe" not in {
        each.path for each in fake.ran if each.method != "OPTIONS"
    }


def test_what_the_deployment_says_otherwise_than_the_blueprint_differs(inputs: Inputs) -> None:
    stale = json.loads(json.dumps(EXPORT))
    del stale["paths"]["/pets/{id}"]["get"]["security"]
    report = ask(inputs, gateway(), replace(DEPLOYED, export=stale))
    (found,) = [each for each in differing(report) if each[0] == "unsigned"]
    assert found == (
        "unsigned",
        "",
        "GET /pets/gateprint-probe",
        "let through: the stage's deployment checks nobody by IAM",
    )


REMOVED: tuple[str, str, str, str] = (
    "removed",
    "",
    "GET /secret",
    "served until the stage is published anew",
)


@pytest.mark.parametrize(
    "known",
    [
        {"published": {"/secret": {"GET": {}}, "/pets/{number}": {"GET": {}, "OPTIONS": {}}}},
        {"export": {**EXPORT, "paths": {**EXPORT["paths"], "/secret": {"get": operation("mock")}}}},
    ],
    ids=["the deployment", "its export"],
)
def test_a_route_that_is_only_served_any_more_differs(
    inputs: Inputs, known: dict[str, Any]
) -> None:
    report = ask(inputs, gateway(), replace(DEPLOYED, **known))
    assert differing(report) == [REMOVED]
    (remedy,) = report.remedies
    assert remedy.endswith("stacks/pets-nonprod apply -replace=aws_api_gateway_deployment.pets_dev")


def test_with_leave_everything_is_called(inputs: Inputs) -> None:
    fake = gateway()
    report = ask(inputs, fake, calls="all")
    assert report.is_as_stated(), report
    assert not [each for each in report.rows if each.evidence == "the account's documents"]
    assert {each.body for each in fake.ran if each.method == "POST"} == {b"{}"}


@pytest.mark.parametrize(
    ("method", "path", "answer", "kinds"),
    [
        ("POST", "/dev/pets", 200, {"unsigned", "signed", "tampered"}),
        ("GET", "/dev/pets/gateprint-probe", "missing", {"signed"}),
        ("OPTIONS", "/dev/pets", "missing", {"preflight"}),
        ("GET", "/dev/health", "denied", {"unsigned", "signed"}),
    ],
)
def test_a_fault_is_found(
    inputs: Inputs, method: str, path: str, answer: int | str, kinds: set[str]
) -> None:
    def decide(seen: Seen) -> int | str:
        is_planted = (seen.method, seen.path) == (method, path)
        return answer if is_planted else as_stated(seen)

    report = ask(inputs, gateway(decide), calls="all")
    assert {each[0] for each in differing(report)} == kinds
    assert {each[2].split()[0] for each in differing(report)} == {method}


def test_refusals_that_pages_cannot_read_are_found(inputs: Inputs) -> None:
    report = ask(inputs, FakeGateway(as_stated, PREFLIGHT), calls="all")
    assert {each.check for each in report.rows if each.verdict == "differs"} == {"cors"}


def test_a_role_without_credentials_is_named_and_the_documents_are_asked(inputs: Inputs) -> None:
    report = ask(inputs, gateway(), calls="all", credentials=nobodys)
    assert report.not_asked == {
        "role reader": "none were given",
        "role writer": "none were given",
    }
    assert {each.evidence for each in report.rows if each.kind == "signed"} == {
        "the account's documents"
    }
    assert not report.is_as_stated()
    assert report.is_as_stated(allow_missing=True)


ARN = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}/dev/GET/pets/gateprint-probe"


@pytest.mark.parametrize(
    ("decision", "verdict", "evidence"),
    [("allowed", "ok", "IAM's simulator"), ("explicitDeny", "undecided", "none")],
)
def test_iams_simulator_is_asked_too(
    inputs: Inputs, decision: str, verdict: str, evidence: str
) -> None:
    account = replace(DEPLOYED, simulated={("reader", ARN): decision})
    rows = ask(inputs, gateway(), account).rows
    found = {(each.role, each.request): (each.verdict, each.evidence) for each in rows}
    assert found["reader", "GET /pets/gateprint-probe"] == (verdict, evidence)


def test_a_policy_that_is_too_wide_is_found_in_the_documents(inputs: Inputs) -> None:
    wide = {**DEPLOYED.roles, "reader": policy("*")}
    report = ask(inputs, gateway(), replace(DEPLOYED, roles=wide))
    assert differing(report) == [("signed", "reader", "POST /pets", "let through")]


def test_where_nothing_is_deployed_nothing_is_asked(inputs: Inputs) -> None:
    with pytest.raises(ToolFailed, match="nothing of nonprod is deployed"):
        ask(inputs, gateway(), replace(DEPLOYED, name="other"))


@dataclass
class Refusing:
    """An account whose API answers nobody."""

    def __call__(self, _service: str) -> Refusing:
        return self

    def __getattr__(self, operation: str) -> Any:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, operation)


def test_without_permission_the_outputs_of_terraform_tell_where_the_apis_are(
    inputs: Inputs,
) -> None:
    with gateway().serving() as address:
        sender = ToFake(address, {URL})
        ids = {"pets-nonprod": {"pets": API}}
        tools = Tools(Refusing(), everybodys, sender, lambda stack: ids[stack], lambda _: None)
        assert verify(inputs, "all", tools).is_as_stated()
        with pytest.raises(ToolFailed, match="AWS refused"):
            verify(inputs, "all", replace(tools, ids_of=lambda _: {}))


def test_a_stage_that_is_not_there_is_named(inputs: Inputs) -> None:
    report = ask(inputs, gateway(), replace(DEPLOYED, stages=("old",)))
    assert (report.rows, report.not_asked) == ((), {"stage pets/dev": "it is not deployed"})
    assert report.is_empty


def test_no_answer_is_undecided(inputs: Inputs) -> None:
    tools = Tools(
        DEPLOYED, everybodys, ToFake("http://127.0.0.1:1", {URL}), lambda _: {}, lambda _: None
    )
    report = verify(inputs, "all", tools)
    assert {each.verdict for each in report.rows} == {"undecided"}
    assert {each.found for each in report.rows} == {"no answer: NewConnectionError"}
    assert report.is_empty


def test_no_output_repeats_what_was_signed(inputs: Inputs) -> None:
    report = ask(inputs, gateway(lambda _: "forged"), calls="all")
    for form in ("table", "json", "junit"):
        text = rendered(report, form, is_all=True, allow_missing=False)
        assert "SECRET" not in text
        assert TOKEN not in text


def test_an_export_is_read_for_what_ends_a_request_early() -> None:
    document: Mapping[str, Any] = {
        **EXPORT,
        "paths": {
            "/a": {
                "x-amazon-apigateway-any-method": operation("AWS", **TEMPLATES),
                "get": operation("http", passthroughBehavior="WHEN_NO_MATCH"),
                "put": {
                    **operation("http_proxy"),
                    "security": [{"sigv4": []}, {"key": []}],
                },
                "parameters": [],
            }
        },
    }
    assert dict(read_export(document)) == {
        ("ANY", "/a"): Served(
            is_iam=True, integration="aws", passthrough="never", templates=("application/json",)
        ),
        ("GET", "/a"): Served(is_iam=True, integration="http", passthrough="when_no_match"),
        ("PUT", "/a"): Served(is_iam=False, integration="http_proxy"),
    }


@pytest.mark.parametrize(
    ("served", "is_refusing"),
    [
        (Served(True, "aws", "never"), True),
        (Served(True, "aws", "when_no_templates", ("application/json",)), True),
        (Served(True, "aws", "when_no_templates"), False),
        (Served(True, "aws", "when_no_match", ("application/json",)), False),
        (Served(True, "aws", "never", ("application/x",)), False),
        (Served(True, "aws_proxy", "never"), False),
    ],
)
def test_a_type_is_refused_only_where_no_body_passes_through(
    served: Served, is_refusing: bool
) -> None:
    assert served.is_refusing("application/x") is is_refusing


@dataclass(frozen=True)
class Profile:
    """A session of boto3 whose caller is `arn`."""

    arn: str

    def client(self, _service: str) -> Profile:
        return self

    def get_caller_identity(self) -> dict[str, str]:
        return {"Arn": self.arn}

    def get_credentials(self) -> Profile:
        return self

    def get_frozen_credentials(self) -> Credentials:
        return Credentials("key", "secret", "token")


def test_a_profile_of_another_role_is_refused(inputs: Inputs) -> None:
    blueprint = inputs.blueprints[0]
    placed = PlacedRole(blueprint.roles[0], inputs.environments[0])
    of = "arn:aws:sts::123456789012:assumed-role/{}/somebody"
    given = Given({"reader": "p"})
    right = FromUser(given, DEPLOYED, lambda *_: Profile(of.format("reader")))
    assert right(placed).access_key == "key"
    wrong = FromUser(given, DEPLOYED, lambda *_: Profile(of.format("admin")))
    with pytest.raises(ToolFailed, match="not a session of reader"):
        wrong(placed)


def test_a_backend_that_fails_was_let_through_and_is_counted(inputs: Inputs) -> None:
    def decide(seen: Seen) -> int | str:
        found = as_stated(seen)
        is_get = seen.method == "GET"
        return 502 if is_get and found == 200 and seen.path.endswith("gateprint-probe") else found

    report = ask(inputs, gateway(decide), calls="all")
    assert report.is_as_stated()
    text = rendered(report, "table", is_all=False, allow_missing=False)
    assert text.endswith("let through, with a backend that failed: 1")


@pytest.fixture
def differing_report(inputs: Inputs) -> Report:
    def decide(seen: Seen) -> int | str:
        return 200 if seen.path == "/dev/health" else as_stated(seen)

    return ask(inputs, gateway(decide), calls="all")


def test_the_table_shows_what_differs_and_counts_the_rest(differing_report: Report) -> None:
    text = rendered(differing_report, "table", is_all=False, allow_missing=False)
    assert "differs: 200" in text
    assert "as stated" in text
    assert "GET /pets/gateprint-probe" not in text
    whole = rendered(differing_report, "table", is_all=True, allow_missing=False)
    assert "GET /pets/gateprint-probe" in whole


def test_the_json_has_every_row(differing_report: Report) -> None:
    found = json.loads(rendered(differing_report, "json", is_all=False, allow_missing=False))
    assert list(found) == [
        "environment",
        "calls",
        "summary",
        "evidence",
        "backend_failures",
        "not_asked",
        "remedies",
        "rows",
    ]
    assert sum(found["summary"].values()) == len(found["rows"])
    assert list(found["rows"][0]) == [
        "blueprint",
        "api",
        "stage",
        "route",
        "role",
        "kind",
        "check",
        "request",
        "expected",
        "found",
        "verdict",
        "evidence",
        "why",
    ]


def test_the_junit_counts_what_failed_and_what_is_unknown(differing_report: Report) -> None:
    report = replace(differing_report, not_asked={"role \x07": "no credentials"})
    root = fromstring(junit(report, allow_missing=False))
    failed = report.count("differs")
    assert root.attrib == {
        "name": "gateprint verify nonprod",
        "tests": str(len(report.rows) + 1),
        "failures": str(failed),
        "errors": "1",
        "skipped": "0",
    }
    assert len(root.findall("testsuite/testcase/failure")) == failed > 0
    lenient = fromstring(junit(report, allow_missing=True))
    assert (lenient.get("errors"), lenient.get("skipped")) == ("0", "1")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing option '--environment'"),
        (("--environment", "nonprod", "--api", "pots"), "did you mean pets"),
        (("--environment", "nonprod", "--profile", "x"), "is not as in ROLE=VALUE"),
        (("--environment", "nonprod", "--profile", "orders-desc=p"), "did you mean orders-desk"),
        (("--environment", "local", "--profile", "orders-desk=p"), "signs in by itself"),
    ],
)
def test_a_wrong_command_line_is_refused(cli: Cli, arguments: tuple[str, ...], said: str) -> None:
    ran = cli("verify", *arguments)
    assert ran.code == 2
    assert said in ran.err


def test_a_cloud_that_does_not_run_is_said(cli: Cli) -> None:
    ran = cli("verify", "--environment", "local")
    assert ran.code == 4
    assert "run gateprint local start" in ran.err
