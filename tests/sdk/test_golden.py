"""A whole client in each language; what it is made of is TypeScript, compiled once by tsc."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from gateprint.sdk.render import LANGUAGES
from gateprint.workflow.inputs import load
from gateprint.workflow.places import Places
from gateprint.workflow.sdk import Wish, find_client
from tests.sdk.made import ROOT, TEMPLATES, hostile_client, texts, write
from tests.support.golden import assert_golden

GOLDEN = Path(__file__).parent / "golden"
TSC = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
# Every way to use it from TypeScript; @ts-expect-error fails where there is no error.
USAGE = """
import { ShopClient, credentialsOf, Forbidden, type Answer } from "./client.js";

const client = new ShopClient({
  baseUrl: "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod",
  credentials: async () => credentialsOf({
    AccessKeyId: "a", SecretAccessKey: "b", SessionToken: "c", Expiration: new Date(),
  }),
});

export async function use(): Promise<Answer> {
  const answer = await client.getPetsById({ id: 7 }, { query: { page: 1, tag: ["a", "b"] } });
  const body: unknown = answer.body;
  await client.deleteRoot({ body: { any: "thing" }, retryNonIdempotent: true });
  await client.anyRoot("PUT", { body: "text", contentType: "text/plain" });
  // @ts-expect-error: GET / is a route of its own
  await client.anyRoot("GET");
  // @ts-expect-error: the parameter is missing
  await client.getPetsById({});
  // @ts-expect-error: GET has no body
  await client.getRoot({ body: {} });
  // @ts-expect-error: there is no such route
  await client.getNothing();
  // @ts-expect-error: what the API answers has no type before somebody has looked
  return body.id;
}

export const isForbidden = (error: unknown): string | undefined =>
  error instanceof Forbidden ? error.requestId : undefined;
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_client_is_what_it_was_golden(language, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    found = find_client(load(Places()), Wish("orders", "prod", "orders-warehouse"))
    for name, text in texts(found, language).items():
        assert_golden(GOLDEN / language / f"{name}.txt", text)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile client and its use, and the runtime by itself, compiled with --strict."""
    if not TSC.is_file():
        pytest.skip("the package typescript is not in node_modules: make setup")
    folder = tmp_path_factory.mktemp("typescript")
    write(folder, hostile_client(), "typescript")
    (folder / "usage.ts").write_text(USAGE)
    (folder / "runtime.ts").write_text((TEMPLATES / "runtime.ts").read_text("utf-8"), "utf-8")
    config = (
        (folder / "tsconfig.json")
        .read_text()
        .replace('"files": ["client.ts"]', '"files": ["client.ts", "usage.ts", "runtime.ts"]')
    )
    config = config.replace('"strict": true,', '"strict": true, "noUnusedLocals": true,')
    (folder / "tsconfig.json").write_text(config)
    done = subprocess.run(
        ["node", str(TSC), "--pretty", "false"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout + done.stderr == ""
    return folder / "dist"


def test_the_javascript_runtime_is_the_compiled_typescript_golden(compiled: Path):
    assert_golden(TEMPLATES / "runtime.js", (compiled / "runtime.js").read_text("utf-8"))


def test_nothing_public_has_the_type_any(compiled: Path):
    declared = re.sub(
        r"/\*.*?\*/", "", (compiled / "client.d.ts").read_text("utf-8"), flags=re.DOTALL
    )
    assert "Promise<Answer>" in declared
    assert re.findall(r"\bany\b", declared) == []


def test_the_javascript_client_has_the_methods_of_the_typescript_client(compiled: Path):
    method = re.compile(r"^ +async (\w+)\(.*\) \{$", re.MULTILINE)
    written = texts(hostile_client(), "javascript")["client.js"]
    assert method.findall(written) == method.findall((compiled / "client.js").read_text("utf-8"))
