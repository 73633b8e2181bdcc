"""Asking what listens on the endpoint: nothing, the embedded cloud, or something else."""

from __future__ import annotations

import http.client
import json
import socket

from gateprint.local.endpoint import Endpoint

PATH = "/_gateprint/health"
SECONDS_TO_ANSWER = 3


def is_healthy(endpoint: Endpoint, token: str) -> bool:
    """Whether the cloud that knows this token answers there; asks without any proxy."""
    connection = http.client.HTTPConnection(endpoint.host, endpoint.port, timeout=SECONDS_TO_ANSWER)
    try:
        connection.request("GET", PATH)
        answer = json.loads(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return isinstance(answer, dict) and answer.get("token") == token


def is_busy(endpoint: Endpoint) -> bool:
    """Whether something listens on the port already."""
    try:
        with socket.create_connection((endpoint.host, endpoint.port), SECONDS_TO_ANSWER):
            return True
    except OSError:
        return False
