"""Clients of each language call a deployed API in the embedded cloud: Python, Node, a browser."""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from botocore.credentials import Credentials
from playwright.sync_api import Browser

from gateprint.local import cloud
from gateprint.local.client import client as cloud_client
from gateprint.model.resolved import ResolvedBlueprint
from gateprint.workflow.places import Places
from gateprint.workflow.roles import PlacedRole
from gateprint.workflow.sign_in import load_with_sign_in
from gateprint.workflow.verify_credentials import FromSignIn
from tests.local.conftest import say_nothing, settings_in
from tests.local.one_of_each import ACCOUNT, REGION
from tests.sdk.made import ROOT, client, imported, write
from tests.support.deployed import Deployed, deploy

BLUEPRINT = """\
blueprint: 1
name: shop
stages: {dev: {environment: cloud}, prod: {environment: cloud}}
apis:
  shop:
    cors: {origins: ["ORIGIN"]}
    routes:
      GET /pets: {mock: {status: 200, body: "[1]"}, auth: none, public: the catalogue is open}
      POST /pets: {mock: {status: 201, body: '{"id": 8}'}}
      GET /pets/{id}: {mock: {status: 200, body: '{"id": 7}'}}
      DELETE /pets/{id}: {mock: {status: 204}}
      GET /missing: {mock: {status: 404, body: '{"message": "no such thing"}'}}
roles:
  reader:
    identity_provider: own
    allow: [{stages: [prod], routes: ["GET /pets/{id}", POST /pets, GET /missing]}]
"""
ENVIRONMENT = """\
environment: cloud
account: "{account}"
region: {region}
endpoint: {endpoint}
state: {{bucket: gateprint-state}}
identity_providers:
  own: {{issuer: "urn:gateprint:sign-in"}}
"""
# What each client is asked, in Python's words and JavaScript's, and what it must be told.
ODD = "a/b c+d~e!*'()é%2F"
Call = tuple[dict[str, Any], str, str, dict[str, Any], dict[str, Any]]
OPEN: Call = ({"status": 200, "body": [1]}, "get_pets", "getPets", {}, {})
CALLS: tuple[Call, ...] = (
    OPEN,
    ({"status": 200, "body": {"id": 7}}, "get_pets_by_id", "getPetsById", {"id": 7}, {}),
    (
        {"status": 200, "body": {"id": 7}},
        *("get_pets_by_id", "getPetsById"),
        {"id": ODD},
        {"query": {"q": [ODD, "a", ""], "é": True, "b": "1"}, "headers": {"Accept": "*/*"}},
    ),
    ({"status": 201, "body": {"id": 8}}, "post_pets", "postPets", {}, {"body": {"kind": "é"}}),
    (
        {"status": 404, "kind": "NotFound", "message": "no such thing"},
        *("get_missing", "getMissing"),
        *({}, {}),
    ),
)


@dataclass(frozen=True, slots=True)
class Shop:
    """The deployed API, and credentials of its role that STS gave."""

    blueprint: ResolvedBlueprint
    deployed: Deployed
    endpoint: str
    key: Credentials
    site: WSGIServer

    def url(self, stage: str) -> str:
        return f"{self.endpoint}/_aws/execute-api/{self.deployed.api_id}/{stage}"

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.site.server_port}"

    @property
    def key_json(self) -> Mapping[str, str | None]:
        key = self.key
        names = {"accessKeyId": key.access_key, "secretAccessKey": key.secret_key}
        return {**names, "sessionToken": key.token}


class Silent(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


Page = Mapping[str, tuple[str, str]]


def page_of(files: Page) -> Any:
    """Return an application (WSGI) that serves texts with their types, by path."""

    def answer(environ: dict[str, Any], start: Any) -> list[bytes]:
        text, kind = files.get(environ["PATH_INFO"], ("", ""))
        start("200 OK" if kind else "404 Not Found", [("Content-Type", kind or "text/plain")])
        return [text.encode()]

    return answer


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    root = tmp_path_factory.mktemp("project")
    settings = settings_in(root / ".gateprint" / "cloud")
    # A browser lets only pages of this machine call it, and trusts localhost with crypto.subtle.
    site = make_server("127.0.0.1", 0, page_of({}), handler_class=Silent)
    blueprint_text = BLUEPRINT.replace("ORIGIN", f"http://localhost:{site.server_port}")
    config = ENVIRONMENT.format(account=ACCOUNT, region=REGION, endpoint=settings.endpoint)
    for name, text in {"blueprints/shop.yaml": blueprint_text, "config/cloud.yaml": config}.items():
        (root / name).parent.mkdir()
        (root / name).write_text(text, encoding="utf-8")
    (root / "lambdas").mkdir()
    before = Path.cwd()
    os.chdir(root)
    cloud.start(settings, say_nothing)
    try:
        clients = functools.cache(lambda name: cloud_client(name, settings.endpoint, REGION))
        (blueprint,) = load_with_sign_in(Places(environment="cloud")).blueprints
        deployed = deploy(clients, blueprint)
        sign_in = FromSignIn(settings.home, clients, lambda: dt.datetime.now(dt.UTC))
        key = sign_in(PlacedRole(blueprint.roles[0], blueprint.environment))
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield Shop(blueprint, deployed, settings.endpoint, key, site)
        site.shutdown()
    finally:
        site.server_close()
        cloud.stop(settings, say_nothing)
        os.chdir(before)


def python_said(call: Callable[[], Any], module: Any) -> dict[str, Any]:
    try:
        answer = call()
    except module.ApiError as error:
        kind = type(error).__name__
        return {"status": error.status, "kind": kind, "message": error.message}
    return {"status": answer.status, "body": answer.body}


def test_the_python_client_calls_what_its_role_may(shop: Shop, tmp_path: Path):
    module = imported(tmp_path, client(shop.blueprint, "prod", "reader"))
    key = module.Credentials(shop.key.access_key, shop.key.secret_key, shop.key.token)
    found = module.ShopClient(shop.url("prod"), lambda: key)
    for wanted, name, _, parameters, options in CALLS:
        call = functools.partial(getattr(found, name), **parameters, **options)
        assert python_said(call, module) == wanted
    assert not hasattr(found, "delete_pets_by_id")
    with pytest.raises(module.ApiError) as failed:
        found.get_missing()
    assert failed.value.request_id


def test_without_credentials_only_what_is_open_is_there(shop: Shop, tmp_path: Path):
    module = imported(tmp_path, client(shop.blueprint, "dev", "reader"))
    found = module.ShopClient(shop.url("dev"))
    assert [each for each in dir(found) if not each.startswith("_")] == ["get_pets"]
    assert found.get_pets().body == [1]


def test_what_the_client_of_a_role_leaves_out_is_refused_by_iam(shop: Shop, tmp_path: Path):
    """The client of all routes has the method; IAM decides the same as the matrix."""
    module = imported(tmp_path, client(shop.blueprint, "prod"))
    key = module.Credentials(shop.key.access_key, shop.key.secret_key, shop.key.token)
    found = module.ShopClient(shop.url("prod"), lambda: key)
    with pytest.raises(module.Forbidden, match=r"is not authorized to perform: execute-api"):
        found.delete_pets_by_id(id=7)
    on_dev = module.ShopClient(shop.url("dev"), lambda: key)
    with pytest.raises(module.Forbidden, match=r"assumed-role/reader/.*/dev/GET/pets/7"):
        on_dev.get_pets_by_id(id=7)
    wrong = module.Credentials(shop.key.access_key, "wrong", shop.key.token)
    with pytest.raises(module.NotAuthenticated, match="signature we calculated does not match"):
        module.ShopClient(shop.url("prod"), lambda: wrong).get_pets_by_id(id=7)


@dataclass
class LateClock:
    """A clock that is ten minutes late."""

    def now(self) -> float:
        return dt.datetime.now(dt.UTC).timestamp() - 600

    def random(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        pass


def test_a_late_clock_is_set_by_the_answer(shop: Shop, tmp_path: Path):
    module = imported(tmp_path, client(shop.blueprint, "prod", "reader"))
    key = module.Credentials(shop.key.access_key, shop.key.secret_key, shop.key.token)
    found = module.ShopClient(shop.url("prod"), lambda: key, clock=LateClock())
    assert found.post_pets(body={}).status == 201


JAVASCRIPT_CALLS = [
    [name, *([parameters] if parameters else []), options]
    for _, _, name, parameters, options in CALLS
]
WANTED = {
    "known": ["getPets", "postPets", "getPetsById", "getMissing"],
    "answers": [wanted for wanted, *_ in CALLS],
}


def test_the_javascript_client_calls_what_its_role_may_in_node(shop: Shop, tmp_path: Path):
    write(tmp_path, client(shop.blueprint, "prod", "reader"), "javascript")
    given = {"baseUrl": shop.url("prod"), "key": shop.key_json, "calls": JAVASCRIPT_CALLS}
    helper = Path(__file__).with_name("page.mjs").as_uri()
    script = f"""
        import {{ told }} from {json.dumps(helper)};
        import * as sdk from "./client.js";
        console.log(JSON.stringify(await told(sdk, JSON.parse(process.env.GIVEN))));
    """
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        cwd=tmp_path,
        env={**os.environ, "GIVEN": json.dumps(given)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == WANTED


CALL = "given => told(given)"
INDEX = """<!doctype html>
<script type="importmap">{"imports": {"aws4fetch": "/aws4fetch.js"}}</script>
<script type="module">
  import { told } from "/page.mjs";
  import * as sdk from "/client.js";
  globalThis.told = (given) => told(sdk, given);
</script>
"""


def test_the_javascript_client_calls_what_its_role_may_in_a_browser(
    shop: Shop, tmp_path: Path, chromium: Browser
):
    """From another origin, so with preflights: without a bundler, as the file is written."""
    write(tmp_path, client(shop.blueprint, "prod", "reader"), "javascript")
    module = ROOT / "node_modules" / "aws4fetch" / "dist" / "aws4fetch.esm.mjs"
    helper = Path(__file__).with_name("page.mjs")
    files = {
        "/": (INDEX, "text/html"),
        **{
            path: (source.read_text("utf-8"), "text/javascript")
            for path, source in {
                "/client.js": tmp_path / "client.js",
                "/aws4fetch.js": module,
                "/page.mjs": helper,
            }.items()
        },
    }

    shop.site.set_app(page_of(files))
    page = chromium.new_page()
    page.goto(shop.origin)
    page.wait_for_function("() => globalThis.told !== undefined")
    given = {"baseUrl": shop.url("prod"), "key": shop.key_json, "calls": JAVASCRIPT_CALLS}
    found = page.evaluate(CALL, given)
    one = {**given, "calls": [["postPets", {"body": {}}]]}
    refused = page.evaluate(CALL, {**one, "key": {**shop.key_json, "secretAccessKey": "x"}})
    late = page.evaluate(CALL, {**one, "lateMs": 600_000})
    page.close()
    assert found == WANTED
    assert [each["kind"] for each in refused["answers"]] == ["NotAuthenticated"]
    # The browser hides the header Date; the message tells the time as well.
    assert [each["status"] for each in late["answers"]] == [201]
