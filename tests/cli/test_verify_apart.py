"""`verify` of keys, forms and addresses: what is sent to a real account, and what never shows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from gateprint.cli.verify import _rendered as rendered
from gateprint.errors import ToolFailed
from gateprint.workflow.inputs import Inputs
from gateprint.workflow.verify import Tools, verify
from gateprint.workflow.verify_http import Message
from gateprint.workflow.verify_keys import VARIABLE, given_keys
from gateprint.workflow.verify_manner import Calls
from gateprint.workflow.verify_report import Report
from gateprint.workflow.verify_validators import checks_of
from tests.cli.faked_addresses import ToFake, loaded
from tests.cli.test_verify import TOKEN, is_forged
from tests.support.fake_gateway import FakeAccount, FakeGateway, Seen

ACCOUNT, REGION, API, LABS = "123456789012", "us-east-2", "a1b2c3d4e5", "f6a7b8c9d0"
URL, AT = f"https://{API}.execute-api.{REGION}.amazonaws.com/dev", "a.example.com/v1"
CERTIFICATE = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/0a1b2c3d"
BLUEPRINT = f"""\
blueprint: 1
name: pets
stages: {{dev: {{environment: nonprod}}}}
apis:
  pets:
    routes:
      GET /health: {{mock: {{status: 200}}}}
      GET /rates: {{mock: {{status: 200}}, auth: none, public: published daily, api_key: true}}
      POST /quotes: {{function: proxied, api_key: true}}
      POST /checked: {{function: template, request: {{headers: {{Idempotency-Key: required}}}}}}
      GET /listed: {{function: proxied, request: {{query: {{kind: required}}}}}}
plans:
  partner: {{stages: all, keys: [acme, globex]}}
domains:
  a.example.com: {{certificate: "{CERTIFICATE}", base_paths: {{/v1: {{stage: dev}}}}}}
functions:
  proxied: {{source: pets, handler: app.get_pet}}
  template: {{source: pets, handler: app.list_pets, proxy: false}}
roles:
  reader:
    existing: true
    allow: [{{stages: all, routes: all}}]
"""
ENVIRONMENT = f"""\
environment: nonprod
account: "{ACCOUNT}"
region: {REGION}
state: {{bucket: some-state-bucket}}
"""
VALUE = "the-value-of-a-key-which-nobody-may-see"
TYPED = {"requestTemplates": {"application/json": "{}"}, "passthroughBehavior": "never"}
STRICT = "parameters"


def operation(kind: str, *, security: Sequence[str] = ("sigv4",), **more: Any) -> dict[str, Any]:
    integration = {"type": kind, **more.pop("integration", {})}
    asked: dict[str, Any] = {"security": [{each: [] for each in security}]} if security else {}
    return {"x-amazon-apigateway-integration": integration, **asked, **more}


def needed(place: str, name: str) -> dict[str, Any]:
    return {
        "x-amazon-apigateway-request-validator": STRICT,
        "parameters": [{"in": place, "name": name, "required": True}],
    }


EXPORT: dict[str, Any] = {
    "paths": {
        "/health": {"get": operation("mock")},
        "/rates": {"get": operation("mock", security=["key"])},
        "/quotes": {"post": operation("aws_proxy", security=["sigv4", "key"])},
        "/checked": {
            "post": operation("aws", integration=TYPED, **needed("header", "Idempotency-Key"))
        },
        "/listed": {"get": operation("aws_proxy", **needed("query", "kind"))},
    },
    "x-amazon-apigateway-request-validators": {
        STRICT: {"validateRequestParameters": True, "validateRequestBody": False}
    },
    "components": {
        "securitySchemes": {
            "sigv4": {"x-amazon-apigateway-authtype": "awsSigv4"},
            "key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
        }
    },
}


@dataclass
class WithAddresses(FakeAccount):
    """An account with base paths, and keys whose values it may or may not tell."""

    base_paths: Mapping[str, str] = field(default_factory=lambda: {"a.example.com/v1": API})
    values: Mapping[str, str] | None = None

    def get_base_path_mapping(self, *, domainName: str, basePath: str) -> dict[str, str]:  # noqa: N803
        found = self.base_paths.get(f"{domainName}/{basePath}")
        if found is None:
            raise ClientError({"Error": {"Code": "NotFoundException"}}, "GetBasePathMapping")
        return {"restApiId": found, "stage": "dev"}

    def _get_api_keys(self, **asked: Any) -> Iterator[dict[str, Any]]:
        if self.values is None:
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetApiKeys")
        yield {"items": [{"name": name, "value": each} for name, each in self.values.items()]}


def resource(path: str, verb: str, kind: str = "AWS_IAM", *, key: bool = False) -> dict[str, Any]:
    method = {"authorizationType": kind, "apiKeyRequired": key}
    return {"id": path, "path": path, "resourceMethods": {verb: method}}


ARN = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}/*"
ALLOW = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": ARN}
DEPLOYED = WithAddresses(
    name="pets-nonprod-pets",
    api_id=API,
    stages=("dev",),
    resources=[
        resource("/health", "GET"),
        resource("/rates", "GET", "NONE", key=True),
        resource("/quotes", "POST", key=True),
        resource("/checked", "POST"),
        resource("/listed", "GET"),
    ],
    roles={"reader": {"Version": "2012-10-17", "Statement": [ALLOW]}},
    export=EXPORT,
)


def as_stated(seen: Seen) -> int | str:
    """Decide as the blueprint says."""
    request = f"{seen.method} {seen.path.partition('?')[0].removeprefix('/dev')}"
    if request != "GET /rates" and not seen.key:
        return "missing"
    if seen.key and is_forged(seen):
        return "forged"
    if request in {"GET /rates", "POST /quotes"}:
        return 200 if seen.headers.get("x-api-key") == VALUE else "keyless"
    if request == "POST /checked" and "idempotency-key" not in seen.headers:
        return "malformed"
    if request == "GET /listed" and "kind=" not in seen.path:
        return "malformed"
    return 415 if "gateprint" in seen.headers.get("content-type", "") else 200


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    return loaded(tmp_path, BLUEPRINT, ENVIRONMENT)


def ask(
    inputs: Inputs,
    fake: FakeGateway,
    account: FakeAccount = DEPLOYED,
    calls: Calls = "none",
    keys: Mapping[str, str] | None = None,
    addresses: Collection[str] = (URL, f"https://{AT}"),
) -> Report:
    """Verify; requests have to go to exactly these addresses."""

    def of_role(_placed: object) -> Credentials:
        return Credentials("reader", "secret", TOKEN)

    with fake.serving() as address:
        sender = ToFake(address, addresses)
        tools = Tools(account, of_role, sender, lambda _: {}, lambda _: None, keys or {})
        report = verify(inputs, calls, tools)
    assert sender.used == {*addresses}
    return report


def gateway(decide: Any = as_stated) -> FakeGateway:
    return FakeGateway(decide)


def rows_of(report: Report, *kinds: str) -> list[tuple[str, str, str, str]]:
    return [
        (each.kind, each.request, each.verdict, each.evidence)
        for each in report.rows
        if each.kind in kinds
    ]


def ran(fake: FakeGateway) -> set[str]:
    return {f"{each.method} {each.path}" for each in fake.ran}


MOCKS = {"GET /dev/health"}
EARLY = ("ok", "before the backend")


def test_without_leave_forms_are_tried_where_no_handler_can_run(inputs: Inputs) -> None:
    fake = gateway()
    report = ask(inputs, fake)
    assert report.is_as_stated(), report
    assert ran(fake) == MOCKS
    assert rows_of(report, "malformed") == [
        ("malformed", "POST /checked", *EARLY),
        ("malformed", "GET /listed", "ok", "the stage's deployment"),
    ]


def test_a_check_that_is_not_in_force_is_found_without_leave(inputs: Inputs) -> None:
    def decide(seen: Seen) -> int | str:
        found = as_stated(seen)
        return 415 if found == "malformed" else found

    loose = json.loads(json.dumps(EXPORT))
    del loose["paths"]["/listed"]["get"]["parameters"]
    fake = gateway(decide)
    report = ask(inputs, fake, replace(DEPLOYED, export=loose))
    assert ran(fake) == MOCKS
    assert [(each.request, each.found) for each in report.rows if each.verdict == "differs"] == [
        ("POST /checked", "415 BadRequestException (without the header Idempotency-Key)"),
        ("GET /listed", "the query kind is not checked"),
    ]


def test_what_a_malformed_request_lacks_is_all_that_it_lacks(inputs: Inputs) -> None:
    fake = gateway()
    ask(inputs, fake, calls="all")
    listed = [each.path for each in fake.seen if each.path.startswith("/dev/listed")]
    assert set(listed) == {"/dev/listed"}
    checked = [each for each in fake.seen if each.path == "/dev/checked"]
    assert {"idempotency-key" in each.headers for each in checked} == {False}


def test_keys_are_read_only_where_handlers_may_run(inputs: Inputs) -> None:
    account = replace(DEPLOYED, values={"pets-nonprod-acme": VALUE, "pets-nonprod-acme-2": "x"})
    quiet = gateway()
    report = ask(inputs, quiet, account)
    assert rows_of(report, "keyed") == []
    assert not [each for each in quiet.seen if "x-api-key" in each.headers]
    told = {each.why for each in report.rows if "API key" in each.expected}
    assert {each.endswith("; no key was tried") for each in told} == {True}
    fake = gateway()
    report = ask(inputs, fake, account, calls="all")
    assert rows_of(report, "keyed") == [("keyed", "GET /rates", *EARLY)]
    assert [each.path for each in fake.seen if each.headers.get("x-api-key") == VALUE] == [
        "/dev/rates"
    ]
    assert not [each for each in report.rows if each.why.endswith("no key was tried")]


def test_a_key_that_is_given_is_sent_where_api_gateway_answers_itself(inputs: Inputs) -> None:
    fake = gateway()
    report = ask(inputs, fake, keys={"pets-nonprod-acme": VALUE})
    assert rows_of(report, "keyed") == [("keyed", "GET /rates", *EARLY)]
    assert ran(fake) == MOCKS | {"GET /dev/rates"}
    proxied = json.loads(json.dumps(EXPORT).replace("mock", "aws_proxy"))
    fake = gateway()
    report = ask(inputs, fake, replace(DEPLOYED, export=proxied), keys={"pets-nonprod-acme": VALUE})
    assert rows_of(report, "keyed") == []
    assert not ran(fake)


def test_without_permission_and_without_a_key_the_rows_say_so_and_nothing_fails(
    inputs: Inputs,
) -> None:
    report = ask(inputs, gateway(), calls="all")
    assert rows_of(report, "keyed") == []
    untried = [each for each in report.rows if each.why.endswith("; no key was tried")]
    assert {each.request for each in untried} == {"GET /rates", "POST /quotes"}
    assert (report.not_asked, report.count("differs")) == ({}, 0)


def test_no_output_repeats_a_key(inputs: Inputs) -> None:
    """A backend may send it back, even as what API Gateway would call an error."""

    @dataclass
    class Echo(FakeGateway):
        def answer(self, seen: Seen) -> tuple[int, Mapping[str, str], bytes]:
            key = seen.headers.get("x-api-key", "none")
            headers = {"x-amz-apigw-id": key, "x-amzn-ErrorType": key}
            return 403, headers, json.dumps({"message": f"the key {key}"}).encode()

    report = ask(inputs, Echo(as_stated), calls="all", keys={"pets-nonprod-acme": VALUE})
    assert rows_of(report, "keyed")
    for form in ("table", "json", "junit"):
        text = rendered(report, form, is_all=True, allow_missing=False)
        assert "the key …" in " ".join(text.split())
        assert VALUE not in text
    message = Message(report.rows[0], "", "", key=VALUE)  # type: ignore[arg-type]
    assert VALUE not in repr(message)


@pytest.mark.parametrize("text", ["acme", f"acme={VALUE} {VALUE}", "acme=", f"acme={VALUE}é"])
def test_a_variable_that_is_wrong_is_not_repeated(text: str) -> None:
    with pytest.raises(ToolFailed) as failed:
        given_keys({VARIABLE: text})
    told = f"{failed.value.problem} {failed.value.remedy} {failed.value.detail}"
    assert VARIABLE in told
    assert VALUE not in told


def test_several_keys_are_given_with_spaces_between() -> None:
    assert given_keys({VARIABLE: " a-b=1== \n c=2 "}) == {"a-b": "1==", "c": "2"}
    assert given_keys({}) == {}


def test_a_domain_is_asked_as_its_callers_do(inputs: Inputs) -> None:
    report = ask(inputs, gateway())
    assert rows_of(report, "domain") == [
        ("domain", f"GET {AT}/health", *EARLY),
        ("domain", f"GET {AT}/health", *EARLY),
        ("domain", f"ANY {AT}", "ok", "the account's documents"),
    ]


@pytest.mark.parametrize(
    ("base_paths", "found"),
    [
        ({}, "leads to nothing: there is no such domain, or base path"),
        ({AT: "other"}, "leads to other/dev"),
    ],
)
def test_nothing_is_sent_to_a_domain_that_leads_elsewhere(
    inputs: Inputs, base_paths: Mapping[str, str], found: str
) -> None:
    report = ask(inputs, gateway(), replace(DEPLOYED, base_paths=base_paths), addresses=(URL,))
    assert rows_of(report, "domain") == [
        ("domain", f"ANY {AT}", "differs", "the account's documents")
    ]
    assert [each.found for each in report.rows if each.verdict == "differs"] == [found]


@pytest.mark.parametrize(
    ("validator", "checks"),
    [
        ({"validateRequestParameters": True}, (False, ("the query kind",))),
        ({"validateRequestParameters": False, "validateRequestBody": True}, (True, ())),
        (None, (False, ())),
    ],
)
def test_a_required_parameter_is_checked_only_by_a_validator_of_parameters(
    validator: Mapping[str, bool] | None, checks: tuple[bool, tuple[str, ...]]
) -> None:
    known = {STRICT: validator} if validator else {}
    document = {"x-amazon-apigateway-request-validators": known}
    found = checks_of(document, needed("query", "kind"))
    assert (found["checks_body"], found["required"]) == checks
