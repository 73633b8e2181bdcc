"""The JSON Schemas for editors: valid, and of one mind with the readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gateprint.errors import Diagnostic
from gateprint.model import rules, schema, source
from gateprint.model.document import Document
from gateprint.model.domains import check_domains
from gateprint.model.manual.editor_rules import RULES as RULES_OF_EDITORS
from gateprint.model.manual.json_schema import MODELS, json_schema
from tests.model.core_schema import as_editors_read
from tests.model.made import NONPROD, ROOT, SMALL, edited
from tests.model.variations import variations

EVERY_FIELD = Path(__file__).parent / "every_field"
FILES = [
    pytest.param(kind, path, id=path.relative_to(ROOT).as_posix())
    for kind, folder in (("blueprint", "blueprints"), ("environment", "config"))
    for path in sorted([*(ROOT / folder).glob("*.yaml"), *EVERY_FIELD.glob(f"{kind}*.yaml")])
]


BOTH = "domains: {a.b: {existing: true, tls: 1.2, base_paths: {/: {stage: dev}}}}"


def check_blueprint(document: Document) -> Iterator[Diagnostic]:
    yield from rules.check_rules(document)
    yield from check_domains(document)


RULES = {"blueprint": check_blueprint, "environment": rules.check_environment_rules}


@cache
def validator(kind: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json_schema(kind))


def errors(kind: str, text: str) -> list[str]:
    data = as_editors_read(source.read(kind, text).data)
    return [each.message for each in validator(kind).iter_errors(data)]


@pytest.mark.parametrize("kind", MODELS)
def test_a_schema_is_valid_2020_12(kind: str) -> None:
    schema = json_schema(kind)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(("kind", "path"), FILES)
def test_the_committed_files_are_accepted(kind: str, path: Path) -> None:
    assert errors(kind, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(("kind", "text"), [("blueprint", SMALL), ("environment", NONPROD)])
def test_the_small_examples_are_accepted(kind: str, text: str) -> None:
    assert errors(kind, text) == []


@pytest.mark.parametrize(
    "edits",
    [
        {"blueprint: 1": "blueprint: 2"},
        {"name: pets\n": ""},
        {"name: pets\n": "name: Pets\n"},
        {"name: pets\n": "name: pets\nzz: 1\n"},
        {"name: pets\n": "name: pets\nowner: ''\n"},
        {"{environment: nonprod}": "{}"},
        {"{environment: nonprod}": "{environment: nonprod, log_level: debug}"},
        {"{environment: nonprod}": "{environment: nonprod, throttle: {rate: -1, burst: 1}}"},
        {"{environment: nonprod}": "{environment: nonprod, access_log: {retention_days: 31}}"},
        {"dev: ": "dev/v1: "},
        {"GET /pets/{id}:": "get /pets/{id}:"},
        {"{function: get_pet}": "{function: get_pet, auth: IAM}"},
        {"{function: get_pet}": "get_pet"},
        {"app.get_pet}": "app.get_pet, memory_mib: 64}"},
        {"app.get_pet}": "app.get_pet, timeout: 10}"},
        {"app.get_pet}": "app.get_pet, proxy: 'no'}"},
        {"pets-reader:": "'a,b':"},
        {"stages: all": "stages: dev"},
        {"stages: all": "stages: []"},
        {"    allow:": "    when: {department: [staff]}\n    allow:"},
        {"{function: get_pet}": "{description: a pet}"},
        {"{function: get_pet}": "{function: get_pet, mock: {status: 200}}"},
        {"{function: get_pet}": "{function: get_pet, auth: none}"},
        {"{function: get_pet}": "{function: get_pet, public: why not}"},
        {"{function: get_pet}": "{function: get_pet, auth: iam, public: why not}"},
        {"    routes:": "    endpoint: private\n    routes:"},
        {"    routes:": "    endpoint: private\n    vpc_endpoints: []\n    routes:"},
        {"    routes:": "    vpc_endpoints: [vpce-0123456789abcdef0]\n    routes:"},
        {"    routes:": "    cors: {origins: ['*', 'https://example.com']}\n    routes:"},
        {"roles:": "domains: {api.example.com: {base_paths: {/: {stage: dev}}}}\nroles:"},
        {"roles:": "domains: {api: {existing: true, base_paths: {/: {stage: dev}}}}\nroles:"},
        {"roles:": "domains: {a.b: {existing: true, base_paths: {}}}\nroles:"},
        {"roles:": "domains: {a.b: {existing: true, base_paths: {/ping: {stage: dev}}}}\nroles:"},
        {"roles:": f"{BOTH}\nroles:"},
        {"    identity_provider: auth0\n": ""},
        {"    identity_provider: auth0\n": "    existing: false\n"},
        {"    identity_provider: auth0\n": "    identity_provider: auth0\n    existing: true\n"},
    ],
    ids=str,
)
def test_a_wrong_blueprint_is_refused(edits: dict[str, str]) -> None:
    assert errors("blueprint", edited(SMALL, edits))


@pytest.mark.parametrize(
    "edits",
    [
        {'"123456789012"': "123456789012"},
        {'"123456789012"': '"1234"'},
        {"us-east-2": "ohio"},
        {"environment: nonprod": "environment: nonprod\nzz: 1"},
        {"state: {bucket: acme-terraform-state}\n": ""},
        {"acme-terraform-state": "Acme"},
        {"identity/auth0.xml": "../auth0.xml"},
        {"{bucket: acme-terraform-state}": "{region: us-east-1}"},
        {"state}": "state, hcp: {organization: acme, project: apis}}"},
        {"bucket: acme-terraform-state": "hcp: {organization: acme, project: apis}, prefix: a"},
    ],
    ids=str,
)
def test_a_wrong_environment_is_refused(edits: dict[str, str]) -> None:
    assert errors("environment", edited(NONPROD, edits))


def objects_of(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every schema below a schema that has fields of its own, rules apart."""
    if isinstance(node, dict):
        if node.get("type") == "object":
            yield node
        for each in node.values():
            yield from objects_of(each)


@pytest.mark.parametrize("kind", MODELS)
def test_every_level_is_closed(kind: str) -> None:
    found = list(objects_of(json_schema(kind)))
    open_ones = [
        each
        for each in found
        if each["additionalProperties"] is not False and "propertyNames" not in each
    ]
    assert found
    assert open_ones == []


def test_every_rule_is_that_of_a_model() -> None:
    models = [name for kind in MODELS for name in (*json_schema(kind)["$defs"], kind.title())]
    assert RULES_OF_EDITORS.keys() - set(models) == set()


def fields_of(kind: str) -> dict[str, dict[str, Any]]:
    """Return the schemas of all fields, by the paths of their names."""
    found = json_schema(kind)
    models = {**found.get("$defs", {}), kind: found}
    return {
        f"{model}.{name}": field
        for model, fields in models.items()
        for name, field in fields["properties"].items()
    }


@pytest.mark.parametrize("kind", MODELS)
def test_every_field_says_what_it_means(kind: str) -> None:
    dumb = [name for name, field in fields_of(kind).items() if not field.get("description")]
    assert dumb == []
    odd = [name for name, field in fields_of(kind).items() if "`" in field["description"]]
    assert odd == []
    meanings = {
        name: field["description"].split("\n")[0] for name, field in fields_of(kind).items()
    }
    assert [name for name, text in meanings.items() if not text.endswith(".")] == []


@pytest.mark.parametrize("kind", MODELS)
def test_every_mapping_says_what_its_keys_are(kind: str) -> None:
    keys = {
        name: field["propertyNames"]
        for name, field in fields_of(kind).items()
        if "propertyNames" in field
    }
    assert keys
    assert [name for name, each in keys.items() if not each.get("description")] == []


@pytest.mark.parametrize("kind", MODELS)
def test_an_editor_has_something_to_write_for_every_text(kind: str) -> None:
    told = {"type", "enum", "anyOf", "$ref", "examples", "default"}
    # Without a type, yaml-language-server completes no more than the name.
    mute = [name for name, field in fields_of(kind).items() if told.isdisjoint(field)]
    assert mute == []


DEFAULTS = {
    "AccessLog.retention_days": 30,
    "Api.default_endpoint": True,
    "Api.endpoint": "regional",
    "Authorizer.algorithms": ["RS256"],
    "Authorizer.cache": "5m",
    "Authorizer.leeway": "0s",
    "IdentityToken.header": "X-Identity-Token",
    "Cache.ttl": "5m",
    "Cors.max_age": "10m",
    "Cors.preflight": "mock",
    "Domain.endpoint": "regional",
    "Domain.existing": False,
    "Domain.tls": 1.2,
    "Function.log_retention_days": 30,
    "Function.memory_mib": 128,
    "Function.proxy": True,
    "Function.runtime": "python3.12",
    "Function.timeout": "10s",
    "Mock.body": "{}",
    "PoolClient.access_token": "1h",
    "PoolClient.id_token": "1h",
    "PoolClient.refresh_token": "24h",
    "PoolClient.scopes": ["openid"],
    "Role.assumed_by_gateway": False,
    "Role.existing": False,
    "Role.max_session": "1h",
    "Route.auth": "iam",
    "Route.api_key": False,
    "Stage.log_level": "off",
    "Stage.tracing": False,
    "UserPool.deletion_protection": True,
    "UserPool.mfa": "optional",
    "UserPool.password_length": 12,
    "UserPool.self_sign_up": False,
}


def test_defaults_are_said_as_a_user_would_write_them() -> None:
    fields = fields_of("blueprint")
    found = {name: field["default"] for name, field in fields.items() if "default" in field}
    assert found == DEFAULTS
    assert "Default: 10m" in fields["Cors.max_age"]["description"]


@pytest.mark.parametrize("kind", MODELS)
def test_nothing_of_pydantic_is_left(kind: str) -> None:
    fields = fields_of(kind).values()
    assert [field for field in fields if "title" in field or field.get("default", "") is None] == []
    parts = [part for field in fields for part in field.get("anyOf", [])]
    assert [part for part in parts if part.get("type") == "null"] == []


def is_accepted(kind: str, data: Any) -> bool:
    document = Document(kind, data)
    value, _ = schema.examine(document, MODELS[kind], RULES[kind](document))
    return value is not None


@pytest.mark.parametrize("path", sorted(EVERY_FIELD.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_gateprint_accepts_is_never_refused(path: Path) -> None:
    kind = path.stem.partition("-")[0]
    data = source.read(path.name, path.read_text(encoding="utf-8")).data
    accepted = [each for each in variations(data) if is_accepted(kind, each)]
    refused = [
        (found.json_path, found.message)
        for each in accepted
        for found in validator(kind).iter_errors(as_editors_read(each))
    ]
    assert len(accepted) > 20
    assert refused == []


@pytest.mark.parametrize("kind", MODELS)
def test_these_documents_have_every_field(kind: str) -> None:
    texts = [path.read_text(encoding="utf-8") for path in EVERY_FIELD.glob(f"{kind}*.yaml")]
    written = set(re.findall(r"(\w+):", "\n".join(texts)))
    assert {name.partition(".")[2] for name in fields_of(kind)} - written == set()
