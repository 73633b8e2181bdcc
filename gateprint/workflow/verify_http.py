"""Sends probes to a deployed API, some at once, signed by botocore's own signer."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlencode

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from urllib3.exceptions import HTTPError

from gateprint.access.probes import KEY_HEADER, Probe
from gateprint.access.verdicts import Answer
from gateprint.model.secrets import masked
from gateprint.workflow.verify_manner import UNKNOWN_TYPE

Progress = Callable[[str], None]

_AT_ONCE = 8
_CONNECT_SECONDS, _READ_SECONDS = 5.0, 35.0  # an integration may take 29
_MOST_BYTES = 65_536
_EVERY = 100
_WITH_BODY = {"POST", "PUT", "PATCH"}
# What has not been answered may have been done: only what was never sent is sent again, and what
# API Gateway said it did not do.
_RETRIES = urllib3.Retry(
    total=None,
    connect=2,
    read=0,
    other=0,
    redirect=0,
    status=4,
    status_forcelist=[429],
    allowed_methods=None,
    backoff_factor=0.3,
    raise_on_redirect=False,
    raise_on_status=False,
    respect_retry_after_header=False,
)


@dataclass(frozen=True, slots=True)
class Message:
    """A probe on its way: to which address, and who signs it. `is_typed` sends an unknown type.

    `pretended` are headers beside, which nobody signs; `key` is an API key's value.
    """

    probe: Probe
    base_url: str
    region: str
    is_typed: bool = False
    credentials: Credentials | None = field(default=None, repr=False)
    pretended: Mapping[str, str] = field(default_factory=dict)
    key: str = field(default="", repr=False)


class Sender:
    """Sends messages over HTTP, without a proxy and without following redirects."""

    def __init__(self) -> None:
        timeout = urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS)
        self._pool = urllib3.PoolManager(
            maxsize=_AT_ONCE, block=True, timeout=timeout, retries=_RETRIES
        )

    def send(
        self, messages: Sequence[Message], progress: Progress
    ) -> Iterator[tuple[Message, Answer | str]]:
        """Yield each message with its answer, or with why there is none, as they come.

        What has not been sent when the caller stops is not sent any more.
        """
        waiting: SimpleQueue[Message] = SimpleQueue()
        answers: SimpleQueue[tuple[Message, Answer | str | Exception]] = SimpleQueue()
        for each in messages:
            waiting.put(each)
        # Not an executor: Python would wait at its end for what a slow backend never answers.
        for _ in range(min(_AT_ONCE, len(messages))):
            Thread(target=self._work, args=(waiting, answers), daemon=True).start()
        try:
            for number in range(1, len(messages) + 1):
                yield _answered(*answers.get())
                if number % _EVERY == 0:
                    progress(f"{number:,} of {len(messages):,} requests are answered")
        finally:
            _empty(waiting)

    def _work(
        self,
        waiting: SimpleQueue[Message],
        answers: SimpleQueue[tuple[Message, Answer | str | Exception]],
    ) -> None:
        while True:
            try:
                message = waiting.get_nowait()
            except Empty:
                return
            try:
                answers.put((message, self._ask(message)))
            except Exception as mistake:  # noqa: BLE001  # raised where somebody waits for it
                answers.put((message, mistake))

    def _ask(self, message: Message) -> Answer | str:
        call = message.probe.call
        url = message.base_url + call.path + _query(message.probe)
        body = _body(message)
        try:
            answer = self._pool.request(
                call.method,
                url,
                body=body,
                headers=_headers(message, url, body),
                preload_content=False,
                decode_content=True,
            )
            text = answer.read(_MOST_BYTES)
            headers = {name.lower(): value for name, value in answer.headers.items()}
            status = answer.status
            answer.drain_conn()
            answer.release_conn()
        except HTTPError as error:
            return f"no answer: {_reason(error)}"
        answered = Answer(status, headers, _message(text) if "x-amzn-errortype" in headers else "")
        return _without_key(answered, message.key)


def _answered(message: Message, found: Answer | str | Exception) -> tuple[Message, Answer | str]:
    if isinstance(found, Exception):
        raise found
    return message, found


def _empty(waiting: SimpleQueue[Message]) -> None:
    with suppress(Empty):
        while True:
            waiting.get_nowait()


def _reason(error: HTTPError) -> str:
    """Return the kind of failure, apart from others an unknown certificate of the server."""
    reason = error.__cause__ or error
    within = reason.args[0] if reason.args else None
    is_unknown = isinstance(within, ssl.SSLCertVerificationError)
    return type(within if is_unknown else reason).__name__


def _without_key(answer: Answer, key: str) -> Answer:
    """A backend may repeat what it was sent."""
    if not key:
        return answer
    headers = {name: value.replace(key, "…") for name, value in answer.headers.items()}
    return Answer(answer.status, headers, answer.message.replace(key, "…"))


def _query(probe: Probe) -> str:
    pairs = probe.malformed.query if probe.malformed is not None else ()
    return f"?{urlencode(pairs)}" if pairs else ""


def _body(message: Message) -> bytes | None:
    probe = message.probe
    if probe.call.method not in _WITH_BODY and not (probe.malformed and probe.malformed.is_of_body):
        return None
    if message.is_typed:
        return b"probe"
    wrong = probe.malformed.body if probe.malformed is not None else None
    return wrong.encode() if wrong is not None else b"{}"


def _headers(message: Message, url: str, body: bytes | None) -> Mapping[str, str]:
    probe = message.probe
    headers = {"Accept": "application/json"}
    if probe.malformed is not None:
        headers |= dict(probe.malformed.headers)
    if body is not None or message.is_typed:
        headers["Content-Type"] = UNKNOWN_TYPE if message.is_typed else "application/json"
    if message.key:
        headers[KEY_HEADER] = message.key
    if message.credentials is not None:
        headers = _signed(message, message.credentials, url, body, headers)
    if probe.origin is not None:
        headers["Origin"] = probe.origin  # a browser signs it not
    if probe.kind == "preflight" and probe.cors is not None:
        methods, asked = probe.cors.methods, probe.cors.headers
        headers["Access-Control-Request-Method"] = methods[0] if methods else "GET"
        headers["Access-Control-Request-Headers"] = ",".join(asked or ("authorization",))
    return {**headers, **message.pretended}


def _signed(
    message: Message,
    credentials: Credentials,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
) -> dict[str, str]:
    request = AWSRequest(message.probe.call.method, url, data=body or b"", headers=headers)
    SigV4Auth(credentials, "execute-api", message.region).add_auth(request)
    signed = {str(name): str(value) for name, value in request.headers.items()}
    if message.probe.kind == "tampered":
        front, last = signed["Authorization"][:-1], signed["Authorization"][-1]
        signed["Authorization"] = front + ("0" if last != "0" else "1")
    return signed


def _message(body: bytes) -> str:
    """Return the first line of what API Gateway says: those below it repeat what was signed."""
    try:
        found = json.loads(body)
    except ValueError:
        return ""
    said = (found.get("message") or found.get("Message")) if isinstance(found, dict) else None
    return masked(said.partition("\n")[0]) if isinstance(said, str) else ""
