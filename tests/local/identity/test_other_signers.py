"""Signers that nobody here wrote sign on a real connection: curl's own, and aws4fetch of npm."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from gateprint.local.identity.sigv4 import Verifier
from gateprint.local.web import Caller, HttpRequest, Refusal
from tests.local.identity.fakes import CALLER, KEY, REGION, SECRET, TOKEN, USER, Ring, now
from tests.support.project import ROOT

BODY = '{"name": "Rex & Söhne"}'
AWS4FETCH = ROOT / "node_modules" / "aws4fetch"
SCRIPT = """
import { AwsClient } from 'aws4fetch';
const [settings, calls] = process.argv.slice(2).map(JSON.parse);
const client = new AwsClient({ ...settings, retries: 0 });
const send = async ({ url, ...options }) => (await client.fetch(url, options)).text();
process.stdout.write(JSON.stringify(await Promise.all(calls.map(send))));
"""
PATHS = [
    "/",
    "/_aws/execute-api/abc123/dev/pets",
    "/_aws/execute-api/abc123/dev/pets/",
    "/_aws/execute-api/abc123/dev/pets/a%20b",
    "/_aws/execute-api/abc123/dev/pets/S%C3%B6hne",
    "/_aws/execute-api/abc123/dev/pets/~-._",
    "/_aws/execute-api/abc123/dev/pets/a:b,c",
    "/_aws/execute-api/abc123/dev/pets?b=2&a=1&a=0",
    "/_aws/execute-api/abc123/dev/pets?name=Rex%20%26%20Max&empty=",
]


class Handler(BaseHTTPRequestHandler):
    """Answers with the access key of whoever signed, or with the refusal."""

    judged: ClassVar[list[Caller | Refusal]] = []

    def _answer(self) -> None:
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = HttpRequest(
            self.command, path, query, tuple(self.headers.items()), body, "127.0.0.1"
        )
        found = Verifier(Ring(), now).authenticate(request, REGION)
        text = found.message if isinstance(found, Refusal) else found.access_key
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - the library's names

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def curl(url: str, *arguments: str, key: str = USER.access_key, token: str | None = None) -> str:
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is not installed")
    session = ["--header", f"X-Amz-Security-Token: {token}"] if token else []
    command = [
        *(program, "--silent", "--noproxy", "*", "--user", f"{key}:{SECRET}"),
        *("--aws-sigv4", f"aws:amz:{REGION}:execute-api"),
    ]
    done = subprocess.run(
        [*command, *session, *arguments, url],
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    return done.stdout


def fetch(calls: list[dict[str, Any]]) -> list[str]:
    node = shutil.which("node")
    if node is None or not AWS4FETCH.is_dir():
        pytest.skip("node or aws4fetch is not installed")
    settings = {
        "accessKeyId": KEY,
        "secretAccessKey": SECRET,
        "sessionToken": TOKEN,
        "service": "execute-api",
        "region": REGION,
    }
    done = subprocess.run(
        [node, "--input-type=module", "-", json.dumps(settings), json.dumps(calls)],
        input=SCRIPT,
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


# curl before 8.3 neither normalizes the query nor encodes the path as AWS wants it.
@pytest.mark.parametrize("path", [*PATHS[:3], PATHS[5]])
def test_curl_signs_with_a_users_key(address: str, path: str) -> None:
    assert curl(f"{address}{path}") == USER.access_key


def test_curl_signs_a_body_with_a_session(address: str) -> None:
    found = curl(f"{address}{PATHS[1]}", "--data", BODY, key=KEY, token=TOKEN)
    assert found == CALLER.access_key


def test_curl_with_another_region_is_refused(address: str) -> None:
    wrong = ("--aws-sigv4", "aws:amz:eu-west-1:execute-api")
    expected = "Credential should be scoped to a valid region, not 'eu-west-1'. "
    assert curl(f"{address}{PATHS[1]}", *wrong) == expected


def test_aws4fetch_signs_as_browsers_do(address: str) -> None:
    calls: list[dict[str, Any]] = [{"url": f"{address}{path}"} for path in PATHS]
    calls.append({"url": f"{address}{PATHS[1]}", "method": "POST", "body": BODY})
    calls.append({"url": f"{address}{PATHS[7]}", "aws": {"signQuery": True}})
    assert fetch(calls) == [KEY] * len(calls)
