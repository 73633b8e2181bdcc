"""Clients of an API that asks for identity tokens: the token is among what is signed."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import urllib3

from gateprint.sdk.client import Client, client_of
from gateprint.workflow.inputs import load
from gateprint.workflow.places import Places
from tests.sdk.made import ROOT, imported, write

TSC = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
BASE = "https://a1b2c3d4e5.execute-api.us-east-2.amazonaws.com/dev"
DRIVER = """
import { PetsIdentityClient as Client } from "./client.js";
const asked = [];
const fetch = async (url, { headers }) => {
  asked.push(Object.fromEntries(headers));
  return new Response("{}", { headers: { "Content-Type": "application/json" } });
};
const credentials = async () => ({ accessKeyId: "AKIA1", secretAccessKey: "s", sessionToken: "t" });
const baseUrl = "BASE";
const options = { baseUrl, credentials, fetch };
await new Client({ ...options, identityToken: async () => "a.b.c" }).getMe();
await new Client(options).getPets();
const refused = await new Client(options).getMe().catch((error) => error.constructor.name);
console.log(JSON.stringify({ asked, refused }));
"""


def shop() -> Client:
    places = Places(
        project=ROOT,
        blueprints=ROOT / "blueprints" / "examples",
        config=ROOT / "config",
        lambdas=ROOT / "lambdas",
    )
    found = next(each for each in load(places).blueprints if each.name == "pets-identity")
    return client_of(found, found.apis[0], "dev")


@dataclass
class Pool:
    """Remembers the headers of what it was asked."""

    asked: list[dict[str, str]] = field(default_factory=list)

    def request(self, _method: str, _url: str, **more: Any) -> Any:
        self.asked.append(dict(more["headers"]))
        return urllib3.HTTPResponse(b"{}", {"Content-Type": "application/json"}, 200)


def signed_names(authorization: str) -> list[str]:
    found = re.search(r"SignedHeaders=([^,]+)", authorization)
    return found[1].split(";") if found else []


def test_python_signs_the_token(tmp_path: Path) -> None:
    sdk, pool = imported(tmp_path, shop()), Pool()
    key = sdk.Credentials("AKIA1", "s", "t")
    client = sdk.PetsIdentityClient(BASE, lambda: key, identity_token=lambda: "a.b.c", pool=pool)
    client.post_pets(body={}, headers={"x-identity-token": "another"})
    client.get_pets()
    first, second = pool.asked
    told = {name: text for name, text in first.items() if name.lower() == "x-identity-token"}
    assert told == {"X-Identity-Token": "a.b.c"}
    assert "x-identity-token" in signed_names(first["Authorization"])
    assert "X-Identity-Token" not in second, "the route does not ask for it"
    bare = sdk.PetsIdentityClient(BASE, lambda: key, pool=pool)
    with pytest.raises(sdk.NotAuthenticated, match="asks for an identity token"):
        bare.get_me()
    assert len(pool.asked) == 2


@pytest.mark.parametrize("language", ["javascript", "typescript"])
def test_javascript_signs_the_token(tmp_path: Path, language: Any) -> None:
    if not TSC.is_file():
        pytest.skip("the package typescript is not in node_modules: make setup")
    write(tmp_path, shop(), language)
    if language == "typescript":
        done = subprocess.run(
            ["node", str(TSC), "-p", str(tmp_path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout
    [built] = [each for each in tmp_path.rglob("client.js") if "node_modules" not in each.parts]
    driver = built.with_name("driver.mjs")
    driver.write_text(DRIVER.replace("BASE", BASE), encoding="utf-8")
    done = subprocess.run(["node", str(driver)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    first, second = found["asked"]
    assert first["x-identity-token"] == "a.b.c"
    assert "x-identity-token" in signed_names(first["authorization"])
    assert "x-identity-token" not in second
    assert found["refused"] == "NotAuthenticated"
