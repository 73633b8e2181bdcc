"""Clients that nobody here wrote sign in and call the data plane."""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
import urllib3
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from gateprint.local import cloud
from gateprint.local.client import client
from tests.local.conftest import say_nothing, settings_in
from tests.support.live import ROLE, STAGE, Live, deploy
from tests.support.project import ROOT

SECONDS = 60
CURL_WITH_SIGV4 = (7, 75)
AWS4FETCH = """
import { AwsClient } from "aws4fetch";
const { url, method, body, ...client } = JSON.parse(process.env.CALL);
const answer = await new AwsClient({ retries: 0, ...client }).fetch(url, { method, body });
console.log(JSON.stringify({ status: answer.status, body: await answer.text() }));
"""
# Where a signer and the gateway may differ: what is encoded, in which order, and how often.
PATHS = (
    "/pets/1",
    "/pets/caf%C3%A9",
    "/pets/a%20b",
    "/pets/x~y_z-1.2",
    "/pets/7?b=2&a=1&a=0",
    "/pets/7?q=a%20b%2Fc&empty=",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client was answered."""

    status: int
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Session:
    """The deployed API, and credentials of its role that STS gave for a SAML response."""

    live: Live
    credentials: Credentials

    @property
    def environ(self) -> dict[str, str]:
        """What tells AWS's own clients who they are, and nothing of the user's."""
        kept = {key: text for key, text in os.environ.items() if not key.startswith("AWS_")}
        return {
            **kept,
            "AWS_ACCESS_KEY_ID": self.credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": self.credentials.secret_key,
            "AWS_SESSION_TOKEN": self.credentials.token or "",
            "AWS_DEFAULT_REGION": self.live.region,
            "AWS_ENDPOINT_URL": self.live.endpoint,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_PAGER": "",
        }


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    settings = settings_in(tmp_path_factory.mktemp("cloud") / "home")
    cloud.start(settings, say_nothing)
    try:
        clients = functools.cache(lambda name: client(name, settings.endpoint, settings.region))
        live = deploy(clients, settings.endpoint, settings.region, settings.account)
        yield Session(live, live.assume(clients("sts")))
    finally:
        cloud.stop(settings, say_nothing)


def sent(method: str, url: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
    answer = urllib3.request(method, url, headers=headers, body=body, retries=False)
    return Answer(answer.status, answer.data.decode())


def with_botocore(session: Session, method: str, path: str, body: bytes = b"") -> Answer:
    url = session.live.url(path)
    request = AWSRequest(method=method, url=url, data=body)
    SigV4Auth(session.credentials, "execute-api", session.live.region).add_auth(request)
    return sent(method, url, dict(request.headers.items()), body)


def with_botocores_query(session: Session, method: str, path: str, body: bytes = b"") -> Answer:
    request = AWSRequest(method=method, url=session.live.url(path), data=body)
    signer = SigV4QueryAuth(session.credentials, "execute-api", session.live.region, expires=60)
    signer.add_auth(request)  # moves a JSON body into the query
    return sent(method, str(request.url), {})


def with_curl(session: Session, method: str, path: str, body: bytes = b"") -> Answer:
    """The credentials go through stdin: the command line is everybody's to read."""
    key = session.credentials
    lines = [
        f'url = "{session.live.url(path)}"',
        f'request = "{method}"',
        f'aws-sigv4 = "aws:amz:{session.live.region}:execute-api"',
        f'user = "{key.access_key}:{key.secret_key}"',
        f'header = "X-Amz-Security-Token: {key.token}"',
        'write-out = "\\n%{http_code}"',
        "silent",
    ]
    if body:
        lines += [f"data-binary = {json.dumps(body.decode())}"]
        lines += ['header = "Content-Type: application/json"']
    done = _run(["curl", "--disable", "--config", "-"], dict(os.environ), "\n".join(lines))
    text, _, status = done.rpartition("\n")
    return Answer(int(status), text)


def with_aws4fetch(session: Session, method: str, path: str, body: bytes = b"") -> Answer:
    call = {
        "url": session.live.url(path),
        "method": method,
        "body": body.decode() or None,
        "accessKeyId": session.credentials.access_key,
        "secretAccessKey": session.credentials.secret_key,
        "sessionToken": session.credentials.token,
        "service": "execute-api",
        "region": session.live.region,
    }
    environ = {**os.environ, "CALL": json.dumps(call)}
    return Answer(**json.loads(_run(["node", "--input-type=module", "-e", AWS4FETCH], environ)))


def _run(command: list[str], environ: dict[str, str], stdin: str = "") -> str:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environ,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _has_no_curl() -> str:
    """Why curl cannot be asked; empty where it can."""
    if shutil.which("curl") is None:
        return "there is no curl"
    shown = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.match(r"curl (\d+)\.(\d+)", shown)
    is_new = found is not None and (int(found[1]), int(found[2])) >= CURL_WITH_SIGV4
    return "" if is_new else f"--aws-sigv4 came with curl 7.75; this is {shown.split()[1]}"


_NO_CURL = _has_no_curl()
CURL = pytest.mark.skipif(bool(_NO_CURL), reason=_NO_CURL)
CLIENTS = (
    pytest.param(with_botocore, id="botocore"),
    pytest.param(with_botocores_query, id="botocore-query"),
    pytest.param(with_curl, id="curl", marks=CURL),
    pytest.param(with_aws4fetch, id="aws4fetch"),
)
# curl before 8.3 signs a path or a query only as it stands.
THOROUGH_CLIENTS = tuple(each for each in CLIENTS if each.id != "curl")


@pytest.mark.parametrize("call", CLIENTS)
def test_a_signed_request_reaches_the_function_and_tells_it_who_calls(
    session: Session, call: Any
) -> None:
    answer = call(session, "GET", "/pets/7")
    assert answer.status == 200, answer
    account = session.live.account
    assert (
        answer.json["caller"] == f"arn:aws:sts::{account}:assumed-role/{ROLE}/visitor@example.com"
    )
    assert answer.json["id"] == "7"


@pytest.mark.parametrize("call", THOROUGH_CLIENTS)
@pytest.mark.parametrize("path", PATHS)
def test_each_signer_and_the_gateway_encode_alike(session: Session, call: Any, path: str) -> None:
    answer = call(session, "GET", path)
    assert answer.status == 200, answer


@pytest.mark.parametrize("call", CLIENTS)
def test_what_the_role_may_not_is_refused_whoever_signs(session: Session, call: Any) -> None:
    answer = call(session, "POST", "/pets/7", b'{"name": "Rex"}')
    assert answer.status == 403
    message = answer.json["Message"]
    assert message.startswith(f"User: arn:aws:sts::{session.live.account}:assumed-role/{ROLE}/")
    assert " is not authorized to perform: execute-api:Invoke on resource: " in message
    assert message.endswith(f":{session.live.api_id}/{STAGE}/POST/pets/7")


def test_a_request_without_a_signature_is_refused(session: Session) -> None:
    answer = sent("GET", session.live.url("/pets/7"), {})
    assert (answer.status, answer.body) == (403, '{"message":"Missing Authentication Token"}')


def test_a_route_for_everybody_needs_no_signature(session: Session) -> None:
    answer = sent("GET", session.live.url("/health"), {})
    assert (answer.status, answer.json) == (200, {"status": "ok"})


def test_boto3_knows_itself_by_the_same_credentials(session: Session) -> None:
    sts = boto3.client(
        "sts",
        endpoint_url=session.live.endpoint,
        region_name=session.live.region,
        aws_access_key_id=session.credentials.access_key,
        aws_secret_access_key=session.credentials.secret_key,
        aws_session_token=session.credentials.token,
    )
    assert sts.get_caller_identity()["Arn"].endswith(f":assumed-role/{ROLE}/visitor@example.com")


_AWS = str(Path(sys.executable).parent / "aws")


@dataclass(frozen=True, slots=True)
class AwsCli:
    """The AWS command line that the lock installs beside this Python."""

    session: Session

    def run(self, *words: str) -> Any:
        """Run a command as the session's role; return what it prints, read as JSON."""
        command = [_AWS, *words, "--output", "json"]
        return json.loads(_run(command, self.session.environ))


@pytest.fixture
def aws_cli(session: Session) -> AwsCli:
    return AwsCli(session)


def test_the_aws_command_line_signs_in_with_a_saml_response(aws_cli: AwsCli) -> None:
    live = aws_cli.session.live
    given = aws_cli.run(
        *("sts", "assume-role-with-saml"),
        *("--role-arn", live.role_arn),
        *("--principal-arn", live.provider_arn),
        *("--saml-assertion", live.sign_in(dt.datetime.now(dt.UTC))),
    )
    credentials = given["Credentials"]
    key = Credentials(
        credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"]
    )
    assert with_botocore(Session(live, key), "GET", "/pets/1").status == 200


def test_the_aws_command_line_asks_and_calls_the_cloud(aws_cli: AwsCli) -> None:
    live = aws_cli.session.live
    [stage] = aws_cli.run("apigateway", "get-stages", "--rest-api-id", live.api_id)["item"]
    assert stage["stageName"] == STAGE
    assert aws_cli.run("sts", "get-caller-identity")["Arn"].endswith(f"/{ROLE}/visitor@example.com")


def test_the_aws_command_line_shows_a_functions_log(aws_cli: AwsCli) -> None:
    with_botocore(aws_cli.session, "GET", "/pets/1")
    shown = aws_cli.run("logs", "filter-log-events", "--log-group-name", "/aws/lambda/live")
    assert any(event["message"].startswith("REPORT ") for event in shown["events"])
