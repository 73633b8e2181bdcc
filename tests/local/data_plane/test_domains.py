"""Requests under a domain name of one's own: base paths, and APIs without a default endpoint."""

from __future__ import annotations

import pytest

from gateprint.local.gateway.address import Address, named
from tests.local.data_plane.made import API, STAGE, Cloud, method, request, snapshot, text

HERE = (API, STAGE)
PATHS = {"": ("root", "dev"), "pets": HERE}
NOWHERE = ("", "")


@pytest.mark.parametrize(
    ("host", "path", "found"),
    [
        ("api.example.com", "/pets/7", ("api.example.com", "/pets/7")),
        ("API.Example.com", "/", ("api.example.com", "/")),
        ("127.0.0.1", "/_aws/domains/api.example.com/pets/7", ("api.example.com", "/pets/7")),
        ("localhost", "/_aws/domains/api.example.com", ("api.example.com", "/")),
        ("127.0.0.1", "/pets/7", None),
        ("127.0.0.1", "/restapis", None),
    ],
)
def test_a_name_is_that_of_the_host_or_of_the_path(
    host: str, path: str, found: tuple[str, str] | None
) -> None:
    assert named(host, path) == found


@pytest.mark.parametrize(
    ("path", "api", "left"),
    [
        ("/pets", HERE, "/"),
        ("/pets/7", HERE, "/7"),
        ("/pets//7", HERE, "//7"),
        ("/petsandmore", PATHS[""], "/petsandmore"),
        ("/PETS", PATHS[""], "/PETS"),
        ("/", PATHS[""], "/"),
    ],
)
def test_a_base_path_is_a_whole_segment(path: str, api: tuple[str, str], left: str) -> None:
    cloud = Cloud(snapshot({"GET /": method()}), domains={"a.example.com": PATHS})
    assert cloud.plane.locate("a.example.com", path) == Address(*api, left, "a.example.com")


def test_where_no_base_path_fits_nothing_answers() -> None:
    cloud = Cloud(snapshot({"GET /": method()}), domains={"a.example.com": {"pets": HERE}})
    found = cloud.plane.locate("a.example.com", "/cats")
    assert found == Address(*NOWHERE, "/cats", "a.example.com")
    assert text(cloud.plane.answer(request(), found)) == (403, '{"message":"Forbidden"}')
    assert cloud.plane.locate("b.example.com", "/pets") is None, "nobody's name"


def test_without_a_default_endpoint_only_the_domain_leads_in() -> None:
    routes = snapshot({"GET /pets": method()})
    cloud = Cloud(routes, domains={"a.example.com": {"": HERE}}, closed=frozenset({API}))
    refused = cloud.plane.answer(request(), Address(*HERE, "/pets"))
    assert text(refused) == (403, '{"message":"Forbidden"}')
    address = cloud.plane.locate("a.example.com", "/pets")
    assert address is not None
    assert cloud.plane.answer(request(), address).status == 200
