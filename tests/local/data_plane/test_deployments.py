"""Deployments in the embedded cloud: frozen when they are made, refused where not served; HTTP."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from gateprint.local.cloud import CloudSettings
from tests.local.conftest import Client

JSON = "application/json"
MOCK = {"requestTemplates": {JSON: '{"statusCode": 200}'}}


@dataclass
class Shop:
    """An API with `GET /pets`, which a MOCK answers, and its stage `dev`."""

    gateway: Any
    host: str
    port: int
    api_id: str
    method: dict[str, str]

    def say(self, text: str) -> None:
        """Let the method answer another text; not live before a deployment."""
        place = {**self.method, "statusCode": "200"}
        self.gateway.put_integration_response(**place, responseTemplates={JSON: text})

    def deploy(self) -> str:
        return str(self.gateway.create_deployment(restApiId=self.api_id)["id"])

    def patch(self, path: str, value: str) -> None:
        change = [{"op": "replace", "path": path, "value": value}]
        self.gateway.update_stage(restApiId=self.api_id, stageName="dev", patchOperations=change)

    def path(self, path: str = "/pets") -> str:
        return f"/_aws/execute-api/{self.api_id}/dev{path}"

    def get(self) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        connection.request("GET", self.path())
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def raw(self, request: bytes) -> bytes:
        """Send bytes, and return all that comes until the connection is closed."""
        with socket.create_connection((self.host, self.port), timeout=30) as wire:
            wire.sendall(request)
            wire.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: wire.recv(65536), b""))


@pytest.fixture
def shop(aws: Client, running: CloudSettings) -> Iterator[Shop]:
    gateway, address = aws("apigateway"), urlsplit(running.endpoint)
    made = gateway.create_rest_api(name="shop")
    resource = gateway.create_resource(
        restApiId=made["id"], parentId=made["rootResourceId"], pathPart="pets"
    )
    method = {"restApiId": made["id"], "resourceId": resource["id"], "httpMethod": "GET"}
    gateway.put_method(**method, authorizationType="NONE")
    gateway.put_integration(**method, type="MOCK", **MOCK)
    gateway.put_method_response(**method, statusCode="200")
    shop = Shop(gateway, address.hostname or "", address.port or 0, made["id"], method)
    shop.say("first")
    gateway.create_stage(restApiId=made["id"], stageName="dev", deploymentId=shop.deploy())
    yield shop
    gateway.delete_rest_api(restApiId=made["id"])


def test_a_change_is_not_live_before_its_deployment(shop: Shop) -> None:
    shop.say("second")
    assert shop.get() == (200, "first")
    deployment = shop.deploy()
    assert shop.get() == (200, "first")
    shop.patch("/deploymentId", deployment)
    assert shop.get() == (200, "second")


def test_a_method_that_is_gone_is_served_until_the_next_deployment(shop: Shop) -> None:
    shop.gateway.update_method(
        **shop.method,
        patchOperations=[{"op": "replace", "path": "/authorizationType", "value": "AWS_IAM"}],
    )
    assert shop.get()[0] == 200
    shop.patch("/deploymentId", shop.deploy())
    assert shop.get() == (403, '{"message":"Missing Authentication Token"}')


def test_a_stages_own_settings_are_live_at_once(shop: Shop) -> None:
    shop.say("$stageVariables.colour")
    shop.patch("/deploymentId", shop.deploy())
    shop.patch("/variables/colour", "red")
    assert shop.get() == (200, "red")
    shop.patch("/*/*/throttling/rateLimit", "0")
    shop.patch("/*/*/throttling/burstLimit", "0")
    assert shop.get() == (429, '{"message":"Too Many Requests"}')


def test_what_cannot_be_served_is_refused_and_nothing_is_made(shop: Shop) -> None:
    shop.say("#parse('x')")
    with pytest.raises(ClientError, match=r"GET /pets: .* does not do #parse") as refusal:
        shop.deploy()
    response: Any = refusal.value.response
    assert response["Error"]["Code"] == "BadRequestException"
    assert len(shop.gateway.get_deployments(restApiId=shop.api_id)["items"]) == 1
    assert shop.get() == (200, "first")


def test_a_stage_writes_its_own_log(shop: Shop, aws: Client, running: CloudSettings) -> None:
    aws("logs").create_log_group(logGroupName="/shop/dev")
    group = f"arn:aws:logs:{running.region}:{running.account}:log-group:/shop/dev"
    shop.patch("/accessLogSettings/destinationArn", group)
    shop.patch("/accessLogSettings/format", '{"route":"$context.resourcePath"}')
    shop.get()
    events = aws("logs").filter_log_events(logGroupName="/shop/dev")["events"]
    assert [event["message"] for event in events] == ['{"route":"/pets"}']
    aws("logs").delete_log_group(logGroupName="/shop/dev")


def test_the_access_log_has_a_record_of_each_request(shop: Shop, running: CloudSettings) -> None:
    shop.get()
    lines = (running.home / "access.log").read_text().splitlines()
    record = json.loads(lines[-1])
    assert (record["api"], record["route"], record["status"]) == (shop.api_id, "GET /pets", 200)


def test_a_connection_serves_many_requests(shop: Shop) -> None:
    one = f"GET {shop.path()} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    answer = shop.raw(one * 3)
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 3
    assert answer.count(b"Connection: keep-alive\r\n") == 3
    last = one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    assert b"Connection: close\r\n" in shop.raw(last)


def test_a_body_may_come_in_chunks_and_after_a_word(shop: Shop) -> None:
    head = f"GET {shop.path()} HTTP/1.1\r\nHost: localhost\r\n".encode()
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    assert shop.raw(chunked + head + b"\r\n").count(b" 200 OK") == 2
    waiting = head + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}"
    answer = shop.raw(waiting)
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


WRONG = [
    (b"Content-Length: 10485761\r\n", b"413 Request Entity Too Large"),
    (b"Content-Length: 2\r\nContent-Length: 2\r\n", b"400 Bad Request"),
    (b"Content-Length: +2\r\n", b"400 Bad Request"),
    (b"Content-Length: 9\r\n", b"400 Bad Request"),
    (b"Host: b\r\n", b"400 Bad Request"),
    (b"X-A: a\r\n b\r\n", b"400 Bad Request"),
    (b"Transfer-Encoding: identity\r\n", b"501 Not Implemented"),
    (b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", b"400 Bad Request"),
]


@pytest.mark.parametrize(("headers", "status"), WRONG)
def test_a_request_that_is_no_http_is_refused_and_the_connection_closed(
    shop: Shop, headers: bytes, status: bytes
) -> None:
    head = f"GET {shop.path()} HTTP/1.1\r\nHost: localhost\r\n".encode()
    answer = shop.raw(head + headers + b"\r\n{}")
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert answer.count(b"HTTP/1.1") == 1
    assert b"Connection: close" in answer


def test_a_request_for_the_head_has_no_body(shop: Shop) -> None:
    request = f"HEAD {shop.path()} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    answer = shop.raw(request)
    assert answer.startswith(b"HTTP/1.1 403 Forbidden")
    assert answer.endswith(b"\r\n\r\n")


def test_a_canary_gets_its_part_of_the_requests_and_its_own_variables(shop: Shop) -> None:
    shop.say("$stageVariables.name")
    second = shop.deploy()
    shop.patch("/variables/name", "stage")
    shop.patch("/canarySettings/deploymentId", second)
    shop.patch("/canarySettings/stageVariableOverrides/name", "canary")
    assert shop.get() == (200, "first"), "none of the requests"
    shop.patch("/canarySettings/percentTraffic", "100.0")
    assert shop.get() == (200, "canary")
    deployment = {"restApiId": shop.api_id, "deploymentId": second}
    with pytest.raises(ClientError, match="Active stages pointing to this deployment"):
        shop.gateway.delete_deployment(**deployment)
    gone = [{"op": "remove", "path": "/canarySettings"}]
    shop.gateway.update_stage(restApiId=shop.api_id, stageName="dev", patchOperations=gone)
    assert shop.get() == (200, "first")
    shop.gateway.delete_deployment(**deployment)


def test_a_stage_is_created_with_a_canary_of_a_deployment_that_exists(shop: Shop) -> None:
    second = shop.deploy()
    place = {"restApiId": shop.api_id, "stageName": "live", "deploymentId": second}
    canary = {"percentTraffic": 2.5, "deploymentId": second}
    shop.gateway.create_stage(**place, canarySettings=canary)
    found = shop.gateway.get_stage(restApiId=shop.api_id, stageName="live")["canarySettings"]
    assert found == {**canary, "useStageCache": False}
    change = [{"op": "replace", "path": "/canarySettings/deploymentId", "value": "nowhere"}]
    with pytest.raises(ClientError, match="Invalid Deployment identifier"):
        shop.gateway.update_stage(restApiId=shop.api_id, stageName="live", patchOperations=change)
    with pytest.raises(ClientError, match="takes a canary with its stage alone"):
        shop.gateway.create_deployment(
            restApiId=shop.api_id, stageName="x", canarySettings={"percentTraffic": 5.0}
        )


def test_a_deployment_tells_its_methods_as_they_were(shop: Shop) -> None:
    first = shop.gateway.get_stage(restApiId=shop.api_id, stageName="dev")["deploymentId"]
    change = [{"op": "replace", "path": "/authorizationType", "value": "AWS_IAM"}]
    shop.gateway.update_method(**shop.method, patchOperations=change)
    second = shop.deploy()
    kinds = {first: "NONE", second: "AWS_IAM"}
    for deployment, kind in kinds.items():
        place = {"restApiId": shop.api_id, "deploymentId": deployment}
        found = shop.gateway.get_deployment(**place, embed=["apisummary"])["apiSummary"]
        assert found == {"/pets": {"GET": {"authorizationType": kind, "apiKeyRequired": False}}}
        assert "apiSummary" not in shop.gateway.get_deployment(**place)
