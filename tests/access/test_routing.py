"""Which route answers a request."""

from __future__ import annotations

import pytest

from gateprint.access.routes.routing import route_of
from tests.access.shapes import shape

ROUTES = [
    "GET /",
    "GET /pets",
    "POST /pets",
    "GET /pets/{id}",
    "GET /pets/mine",
    "ANY /pets/{id}/owner",
    "GET /pets/{id}/owner",
    "GET /pets/{id}/{rest+}",
    "ANY /files/{path+}",
]


@pytest.mark.parametrize(
    ("request_line", "route"),
    [
        ("GET /", "GET /"),
        ("POST /", None),
        ("GET /pets", "GET /pets"),
        ("GET /pets/", "GET /pets"),
        ("GET /pets/7", "GET /pets/{id}"),
        ("GET /pets/7/", "GET /pets/{id}"),
        ("GET /pets/mine", "GET /pets/mine"),
        ("DELETE /pets/7", None),
        ("GET /pets/7/owner", "GET /pets/{id}/owner"),
        ("PUT /pets/7/owner", "ANY /pets/{id}/owner"),
        ("GET /pets/7/toys", "GET /pets/{id}/{rest+}"),
        ("GET /pets/7/owner/dog", "GET /pets/{id}/{rest+}"),
        ("GET /pets//owner", None),
        ("GET /Pets", None),
        ("PATCH /files/a/b/c", "ANY /files/{path+}"),
        ("GET /files", None),
        ("GET /files/", None),
        ("GET /files//", None),
        ("GET /nowhere", None),
    ],
)
def test_the_most_specific_route_answers(request_line: str, route: str | None) -> None:
    _, blueprint = shape(ROUTES, [])
    method, path = request_line.split(" ")
    found = route_of(blueprint.apis[0], method, path)
    assert (found.key if found else None) == route
