"""Routes that ask for an identity token: what is synthesized for them."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from gateprint.errors import ToolFailed
from gateprint.model.resolved import ResolvedBlueprint, Route
from gateprint.stack.publish import EVENT_TEMPLATE, publish
from gateprint.stack.published import Method
from gateprint.workflow import libraries as packages
from gateprint.workflow.inputs import load
from gateprint.workflow.packing import archives_of
from gateprint.workflow.places import Places
from tests.support.project import ROOT

PLACES = Places(
    project=ROOT,
    blueprints=ROOT / "blueprints" / "examples",
    config=ROOT / "config",
    lambdas=ROOT / "lambdas",
)
INPUTS = load(PLACES)
SHOP = next(each for each in INPUTS.blueprints if each.name == "pets-identity")


def method(blueprint: ResolvedBlueprint, key: str) -> Method:
    found = publish(blueprint, blueprint.apis[0], "id").methods
    return next(each for each in found if f"{each.verb} /{'/'.join(each.segments)}" == key)


def without_tokens(route: Route) -> Route:
    return replace(route, identity_token=None)


def test_lambda_calls_the_guard_which_knows_the_handler_and_whose_tokens_count() -> None:
    function = SHOP.function("update_pets")
    assert function.handler == "shared.guard.handler"
    assert json.loads(function.environment["IDENTITY_TOKEN"]) == {
        "algorithms": ["RS256"],
        "audience": ["pets-page"],
        "claim": "email",
        "handler": "app.update_pets",
        "header": "X-Identity-Token",
        "issuer": "https://acme.auth0.com/",
        "jwks": "https://acme.auth0.com/.well-known/jwks.json",
        "leeway": 0,
        "proxy": False,
    }
    plain = SHOP.function("list_pets")
    assert (plain.handler, plain.archive) == ("app.list_pets", "pets")
    assert "IDENTITY_TOKEN" not in plain.environment


def test_a_mapped_function_gets_the_header_and_may_refuse_with_401_and_403() -> None:
    found = method(SHOP, "POST /pets")
    template = found.integration.request_templates["application/json"]
    assert '$key.toLowerCase() == "x-identity-token"' in template
    assert '"caller": "$util' in template
    assert [each.status for each in found.responses] == ["200", "400", "401", "403", "500"]
    patterns = {each.status: each.selection or "" for each in found.responses}
    chosen = {
        "[401] no": "401",
        "[403] no": "403",
        "[400] no": "400",
        "[402] no": "500",
        "x": "500",
    }
    for text, status in chosen.items():
        fitting = [each for each, it in patterns.items() if it and re.fullmatch(it, text)]
        assert fitting == [status], text


def test_nothing_of_a_route_without_a_token_changes() -> None:
    found = method(SHOP, "GET /pets")
    assert found.integration.request_templates == {"application/json": EVENT_TEMPLATE}
    assert [each.status for each in found.responses] == ["200", "400", "500"]
    api = SHOP.apis[0]
    cors = replace(api.cors, headers=()) if api.cors else None
    bare = replace(api, cors=cors, routes=tuple(map(without_tokens, api.routes)))
    told = method(replace(SHOP, apis=(bare,)), "POST /pets").integration.request_templates
    assert told == {"application/json": EVENT_TEMPLATE}


def test_browsers_may_send_the_header() -> None:
    [allowed] = [
        each.headers["Access-Control-Allow-Headers"]
        for each in method(SHOP, "OPTIONS /pets").responses
    ]
    assert allowed.endswith(",X-Identity-Token'")


def test_the_archive_has_the_packages_for_lambda_and_others_have_none() -> None:
    archives = archives_of(INPUTS, PLACES)
    names = zipfile.ZipFile(io.BytesIO(archives["pets-python3.12-guarded"].content)).namelist()
    compiled = [each for each in names if each.endswith(".so")]
    assert compiled == [
        "libraries/_cffi_backend.cpython-312-x86_64-linux-gnu.so",
        "libraries/cryptography/hazmat/bindings/_rust.abi3.so",
    ]
    assert "shared/guard.py" in names
    assert "libraries/joserfc/jws.py" in names
    assert b"libraries/" not in archives["pets"].content


def test_the_packages_are_those_of_the_locks() -> None:
    for lock in ("requirements.lock", "requirements-lambda.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        for files in packages.PACKAGES.values():
            for name, digest in files.items():
                package, version = name.split("-")[:2]
                assert f"{package}=={version}" in text, lock
                assert f"sha256:{digest}" in text, lock


def test_other_packages_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / ".gateprint" / "libraries"
    folder.mkdir(parents=True)
    with pytest.raises(ToolFailed, match="are not there"):
        packages.libraries(tmp_path, "python3.12")
    for name in packages.PACKAGES["python3.12"]:
        (folder / name).write_bytes(b"another")
    with pytest.raises(ToolFailed, match="is not as it was published"):
        packages.libraries(tmp_path, "python3.12")


def test_a_project_without_the_guard_is_told(tmp_path: Path) -> None:
    (tmp_path / "pets").mkdir()
    (tmp_path / "pets" / "app.py").write_bytes((ROOT / "lambdas/pets/app.py").read_bytes())
    with pytest.raises(ToolFailed, match=r"lambdas/shared/guard\.py is not there"):
        archives_of(INPUTS, replace(PLACES, lambdas=tmp_path))
