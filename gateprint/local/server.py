"""The embedded cloud's own process: moto with additions and a data plane, on loopback."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from gateprint.local import additions, health
from gateprint.local.additions import vpc_endpoints
from gateprint.local.endpoint import Endpoint, is_loopback, parse
from gateprint.local.gateway.handler import handler_for
from gateprint.local.gateway.wiring import data_plane, function_runner
from gateprint.local.process import TOKEN_VARIABLE
from gateprint.local.site.server import start_site

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

REFUSAL = "NotImplementedException"

log = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> None:
    """Serve until SIGTERM: `python -m gateprint.local.server http://127.0.0.1:4599`."""
    parser = argparse.ArgumentParser(prog="gateprint.local.server")
    parser.add_argument("endpoint", type=parse)
    parser.add_argument("--home", type=Path, help="keep keys and logs there")
    given = parser.parse_args(arguments)
    endpoint: Endpoint = given.endpoint
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    if given.home is not None:
        start_site(endpoint, given.home, os.environ["AWS_DEFAULT_REGION"])
    serve(endpoint, os.environ.get(TOKEN_VARIABLE, ""), given.home)


def serve(endpoint: Endpoint, token: str, home: Path | None) -> None:
    """Serve on the endpoint, one thread per connection.

    `home` is the folder of the access log. Returns never, SIGTERM raises SystemExit.
    """
    moto = application(token)
    runner = function_runner(endpoint.url, home)
    handler = handler_for(data_plane(runner, home))
    try:
        make_server(
            endpoint.host, endpoint.port, moto, threaded=True, request_handler=handler
        ).serve_forever()
    finally:
        runner.close()


def application(token: str) -> Wsgi:
    """Moto's application with the additions, a health path, and an answer to what moto lacks."""
    additions.install()
    moto = _with_refusals(DomainDispatcherApplication(_service))
    return _guarded(_with_health(moto, token))


def _service(name: str) -> Any:
    """Return moto's application of one service, when it is first asked for."""
    if name == vpc_endpoints.SERVICE:
        vpc_endpoints.install()
    return create_backend_app(name)


def _guarded(application: Wsgi) -> Wsgi:
    """Keep web pages out that the user's browser has open: they reach loopback addresses too.

    A page sends its own origin, and under a name of its own (DNS rebinding) a foreign Host. Pages
    may call deployed APIs alone, which never come here: `gateway.handler` answers them.
    Moto's administration, which forgets everything at one request, is closed altogether.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "").rpartition(":")[0].strip("[]")
        is_foreign = "HTTP_ORIGIN" in environ or not is_loopback(host)
        if is_foreign or environ["PATH_INFO"].startswith("/moto-api"):
            refusal = json.dumps({"message": "the embedded cloud answers AWS clients only"})
            return _reply(start_response, "403 Forbidden", refusal)
        return application(environ, start_response)

    return answer


def _with_health(application: Wsgi, token: str) -> Wsgi:
    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != health.PATH:
            return application(environ, start_response)
        return _reply(start_response, "200 OK", json.dumps({"token": token}))

    return answer


def _with_refusals(application: Wsgi) -> Wsgi:
    """Turn moto's crashes into 501: AWS's clients retry a 500 for minutes, and in vain here."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        try:
            return application(environ, start_response)
        except Exception as failure:
            log.exception("%s %s", environ["REQUEST_METHOD"], environ["PATH_INFO"])
            return _refuse(environ, start_response, failure)

    return answer


def _refuse(environ: dict[str, Any], start_response: Any, failure: Exception) -> Iterable[bytes]:
    message = f"the embedded cloud cannot do this: {failure!r}"
    status = "501 Not Implemented"
    if "form" in environ.get("CONTENT_TYPE", ""):  # the query protocol, of IAM and STS
        error = f"<Code>{REFUSAL}</Code><Message>{escape(message)}</Message>"
        text = f"<ErrorResponse><Error>{error}</Error></ErrorResponse>"
        return _reply(start_response, status, text, "text/xml")
    return _reply(start_response, status, json.dumps({"__type": REFUSAL, "message": message}))


def _reply(
    start_response: Any, status: str, text: str, kind: str = "application/json"
) -> Iterable[bytes]:
    start_response(status, [("Content-Type", kind)])
    return [text.encode()]


if __name__ == "__main__":
    main()
