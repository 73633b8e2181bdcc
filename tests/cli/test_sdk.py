"""`gateprint sdk`: which client is written where, and what is refused."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from botocore.response import StreamingBody
from botocore.stub import Stubber
from openapi_spec_validator import OpenAPIV31SpecValidator

from gateprint.errors import ToolFailed
from gateprint.openapi.selecting import with_routes
from gateprint.workflow.inputs import load
from gateprint.workflow.places import Places
from gateprint.workflow.sdk import AWS_ARCHIVE, Wish, fetch_archive, find_api
from tests.cli.conftest import Cli

ORDERS = ("sdk", "orders", "prod", "--language")
FILES = {
    "javascript": ["README.md", "client.js", "package.json"],
    "typescript": ["README.md", "client.ts", "package.json", "tsconfig.json"],
    "openapi": ["README.md", "openapi.yaml"],
    "python": [
        *("README.md", "orders_client/__init__.py", "orders_client/py.typed", "pyproject.toml")
    ],
}


def files_below(folder: Path) -> list[str]:
    return sorted(
        each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()
    )


@pytest.mark.parametrize("language", FILES)
def test_a_package_is_written_and_its_files_are_named(cli: Cli, project: Path, language: str):
    ran = cli(*ORDERS, language, "--out", "made/here")
    assert (ran.code, ran.err) == (0, "")
    assert files_below(project / "made/here") == FILES[language]
    first, *paths = ran.out.splitlines()
    assert first == "OrdersClient: all routes of orders on prod"
    assert sorted(paths) == [f"made/here/{each}" for each in FILES[language]]


def test_a_role_has_its_own_routes_alone(cli: Cli, project: Path):
    ran = cli(*ORDERS, "python", "--role", "orders-shop", "--out", "made")
    assert ran.out.startswith("OrdersClient: 7 routes of orders on prod, for orders-shop\n")
    text = (project / "made/orders_client/__init__.py").read_text()
    assert "def post_carts(" in text
    assert "def get_orders(" not in text


def test_a_description_has_what_a_role_may_call_and_no_preflights_or_backends(
    cli: Cli, project: Path
):
    cli(*ORDERS, "openapi", "--role", "orders-shop", "--out", "made")
    text = (project / "made/openapi.yaml").read_text()
    document = yaml.safe_load(text)
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    operations = [each for item in document["paths"].values() for each in item]
    assert len(operations) == 7
    assert "options" not in operations
    assert "x-amazon-apigateway-integration" not in text
    assert "arn:aws" not in text
    assert "get" not in document["paths"]["/orders"], "the role may only order"
    whole = cli(*ORDERS, "openapi", "--out", "made")
    assert whole.code == 0, "an earlier description is replaced"


def test_schemas_that_only_other_routes_name_are_left_out():
    document = {
        "paths": {
            "/a": {"post": {"x": {"$ref": "#/components/schemas/A"}}},
            "/b": {"post": {"x": [{"$ref": "#/components/schemas/B/definitions/b"}]}},
        },
        "components": {"schemas": {"A": {}, "B": {}}, "securitySchemes": {}},
    }
    found = with_routes(document, {"POST /b"})
    assert (list(found["paths"]), list(found["components"]["schemas"])) == (["/b"], ["B"])


def test_writing_it_once_more_gives_the_same_bytes_and_replaces_an_older_one(
    cli: Cli, project: Path
):
    path = project / "made" / "client.js"
    cli(*ORDERS, "javascript", "--out", "made")
    whole = path.read_bytes()
    cli(*ORDERS, "javascript", "--role", "orders-shop", "--out", "made")
    assert path.read_bytes() != whole
    cli(*ORDERS, "javascript", "--out", "made")
    assert path.read_bytes() == whole


@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_what_somebody_else_wrote_stays(cli: Cli, project: Path, kind: str):
    path = project / "made" / "package.json"
    path.parent.mkdir()
    if kind == "file":
        path.write_text("{}")
    elif kind == "link":
        (project / "target").write_text("// gateprint sdk")
        path.symlink_to(project / "target")
    else:
        path.mkdir()
    ran = cli(*ORDERS, "javascript", "--out", "made")
    assert ran.code == 1
    assert "made/package.json:1:1: error: this is there already" in ran.err
    assert [each.name for each in path.parent.iterdir()] == ["package.json"]


def test_a_folder_that_cannot_be_made_is_said(cli: Cli, project: Path):
    (project / "made").write_text("")
    ran = cli(*ORDERS, "python", "--out", "made/below")
    assert ran.code == 4
    assert "could not be written" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sdk", "order", "prod"), 'there is no API "order": did you mean orders?'),
        (("sdk", "orders", "prd"), 'orders has no stage "prd": did you mean prod?'),
        (("sdk", "orders", "prod", "--role", "orders-shp"), "did you mean orders-shop?"),
        (("sdk", "orders", "prod", "--from-aws", "--role", "orders-shop"), "no --role"),
        (("sdk", "orders", "prod", "--from-aws", "--environment", "local"), "makes no SDK"),
        (("sdk", "orders"), "Missing argument 'STAGE'"),
    ],
)
def test_what_is_not_there_is_a_wrong_command_line(
    cli: Cli, project: Path, words: tuple[str, ...], said: str
):
    ran = cli(*words, "--language", "javascript", "--out", "made")
    assert (ran.code, ran.out) == (2, "")
    assert said in " ".join(ran.err.split())
    assert not (project / "made").exists()


def test_a_role_that_may_call_nothing_gets_no_client(cli: Cli, project: Path):
    text = (project / "blueprints/orders.yaml").read_text()
    for name in ("GET /health:", "GET /terms/{document+}:"):
        head, _, tail = text.partition(f"      {name}")
        text = head + tail.partition("to read\n" if "terms" in name else "requests\n")[2]
    (project / "blueprints/orders.yaml").write_text(text)
    ran = cli(*ORDERS, "python", "--role", "auth0-api-role", "--out", "made")
    assert ran.code == 2
    assert "auth0-api-role may call nothing of orders on prod" in ran.err


def test_from_aws_is_of_all_routes_in_javascript(cli: Cli):
    ran = cli(*ORDERS, "python", "--from-aws", "--out", "made")
    assert ran.code == 2
    assert "give --language javascript" in ran.err


def test_a_stage_in_two_environments_has_to_be_chosen(cli: Cli, project: Path):
    for path in (project / "blueprints").glob("*.yaml"):
        path.unlink()
    text = "blueprint: 1\nname: NAME\nstages: {dev: {environment: ENV}}\napis:\n  shop:\n"
    text += "    routes: {GET /a: {mock: {status: 200}}}\n"
    for name, environment in (("one", "nonprod"), ("two", "prod")):
        whole = text.replace("NAME", name).replace("ENV", environment)
        (project / "blueprints" / f"{name}.yaml").write_text(whole)
    ran = cli("sdk", "shop", "dev", "--language", "python", "--out", "made")
    assert ran.code == 2
    assert "add --environment nonprod or prod" in ran.err
    chosen = ("--environment", "prod")
    assert cli("sdk", "shop", "dev", "--language", "python", "--out", "made", *chosen).code == 0


class Aws:
    """Clients that give prepared answers."""

    def __init__(self, content: bytes) -> None:
        self.clients = {name: _client(name) for name in ("sts", "apigateway")}
        stubs = {name: Stubber(each) for name, each in self.clients.items()}
        stubs["sts"].add_response("get_caller_identity", {"Account": "210987654321"})
        apis = {"items": [{"id": "a1b2c3d4e5", "name": "orders-prod-orders"}]}
        stubs["apigateway"].add_response("get_rest_apis", apis)
        stubs["apigateway"].add_response("get_stages", {"item": [{"stageName": "prod"}]})
        body = StreamingBody(io.BytesIO(content), len(content))
        asked = {"restApiId": "a1b2c3d4e5", "stageName": "prod", "sdkType": "javascript"}
        stubs["apigateway"].add_response("get_sdk", {"body": body}, asked)
        for each in stubs.values():
            each.activate()

    def __call__(self, service: str) -> Any:
        return self.clients[service]


@cache
def _session() -> Any:
    return boto3.Session(
        aws_access_key_id="none", aws_secret_access_key="none", region_name="us-east-2"
    )


def _client(name: str) -> Any:
    return _session().client(name)


def test_api_gateways_own_sdk_is_kept_as_it_comes(project: Path):
    wish, content = Wish("orders", "prod"), b"PK\x03\x04 and so on"
    blueprint, _ = find_api(load(Places()), wish)
    path = fetch_archive(blueprint, wish, Aws(content), Path("made"))
    assert path == Path("made") / AWS_ARCHIVE
    assert path.read_bytes() == content


@pytest.mark.parametrize("content", [b"", b"<html>", b"PK\x03\x04" + b"x" * 20 * 1024 * 1024])
def test_what_is_no_archive_is_not_kept(project: Path, content: bytes):
    wish = Wish("orders", "prod")
    blueprint, _ = find_api(load(Places()), wish)
    with pytest.raises(ToolFailed, match="is no archive to keep"):
        fetch_archive(blueprint, wish, Aws(content), Path("made"))
    assert not Path("made").exists()
