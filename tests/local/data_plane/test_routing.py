"""Which method answers a request, and where a request is for."""

from __future__ import annotations

import pytest

from gateprint.local.gateway.address import Address, address_of, host_of
from gateprint.local.gateway.routing import find
from tests.local.data_plane.made import method, snapshot

ROUTES = (
    "GET /",
    "GET /pets",
    "ANY /pets",
    "GET /pets/new",
    "GET /pets/{id}",
    "GET /pets/{id}/owner",
    "ANY /{path+}",
    "GET /files/{path+}",
    "DELETE /pets/new/now",
)
TREE = snapshot({route: method() for route in ROUTES}).root
FOUND = [
    ("GET", "/", "GET /", {}),
    ("GET", "/pets", "GET /pets", {}),
    ("GET", "/pets/", "GET /pets", {}),
    ("POST", "/pets", "ANY /pets", {}),
    ("GET", "/pets/new", "GET /pets/new", {}),
    ("GET", "/pets/7", "GET /pets/{id}", {"id": "7"}),
    ("GET", "/pets/7/", "GET /pets/{id}", {"id": "7"}),
    ("GET", "/pets/a%2Fb", "GET /pets/{id}", {"id": "a%2Fb"}),
    ("GET", "/pets/new/owner", "GET /pets/{id}/owner", {"id": "new"}),
    ("GET", "/pets/new/now", "ANY /{path+}", {"path": "pets/new/now"}),
    ("POST", "/pets/7", "ANY /{path+}", {"path": "pets/7"}),
    ("GET", "/files/a/b", "GET /files/{path+}", {"path": "a/b"}),
    ("GET", "/files", "ANY /{path+}", {"path": "files"}),
    ("get", "/pets", "ANY /pets", {}),
    ("POST", "/", None, {}),
    ("GET", "//pets", None, {}),
    ("GET", "/pets/a%00", None, {}),
    ("GET", "/pets/a%7F", None, {}),
    ("GET", "/pets//", None, {}),
    ("GET", "/a/%2e%2E/b", None, {}),
]


@pytest.mark.parametrize(("verb", "path", "route", "parameters"), FOUND)
def test_the_least_general_route_answers(
    verb: str, path: str, route: str | None, parameters: dict[str, str]
) -> None:
    found = find(TREE, verb, path)
    assert (found[0].route, found[1]) == (route, parameters) if found else route is None


ADDRESSES = [
    ("127.0.0.1", "/_aws/execute-api/abc/dev/pets/7", Address("abc", "dev", "/pets/7")),
    ("localhost", "/_aws/execute-api/abc/dev", Address("abc", "dev", "/")),
    ("::1", "/_aws/execute-api/abc/dev/", Address("abc", "dev", "/")),
    ("127.0.0.1", "/_aws/execute-api/abc/dev//x", Address("abc", "dev", "//x")),
    ("abc.execute-api.localhost", "/dev/pets", Address("abc", "dev", "/pets")),
    ("ABC.execute-api.localhost", "/dev", Address("abc", "dev", "/")),
    ("127.0.0.1", "/dev/pets", None),
    ("127.0.0.1", "/restapis", None),
    ("shop.example.com", "/_aws/execute-api/abc/dev/pets", None),
    ("a.b.execute-api.localhost", "/dev/pets", None),
    ("abc.execute-api.localhost.example.com", "/dev/pets", None),
]


@pytest.mark.parametrize(("host", "path", "address"), ADDRESSES)
def test_an_address_leads_to_a_stage(host: str, path: str, address: Address | None) -> None:
    assert address_of(host, path) == address


HOSTS = [("127.0.0.1:4599", "127.0.0.1"), ("[::1]:4599", "::1"), ("localhost", "localhost")]


@pytest.mark.parametrize(("given", "host"), HOSTS)
def test_a_host_has_no_port(given: str, host: str) -> None:
    assert host_of(given) == host
