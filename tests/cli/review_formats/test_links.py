"""A line of a blueprint as the browser finds it, from what a job of CI says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from gateprint.cli.review_formats.links import ci_links, no_link
from gateprint.errors import Location

COMMIT = "0123456789abcdef0123456789abcdef01234567"
HERE = Path("/builds/shop")
GITHUB = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "shop/apis",
    "GITHUB_SHA": COMMIT,
    "GITHUB_WORKSPACE": "/builds/shop",
}
GITLAB = {
    "CI_PROJECT_URL": "https://gitlab.example.com:8443/group/sub/apis",
    "CI_COMMIT_SHA": COMMIT,
    "CI_PROJECT_DIR": "/builds/shop",
}
ON_GITHUB = f"https://github.com/shop/apis/blob/{COMMIT}/"
ON_GITLAB = f"https://gitlab.example.com:8443/group/sub/apis/-/blob/{COMMIT}/"


@pytest.mark.parametrize(
    ("environ", "folder", "path", "address"),
    [
        (GITHUB, HERE, "blueprints/pets.yaml", f"{ON_GITHUB}blueprints/pets.yaml#L7"),
        (GITLAB, HERE, "blueprints/pets.yaml", f"{ON_GITLAB}blueprints/pets.yaml#L7"),
        (GITHUB, HERE / "apis", "pets.yaml", f"{ON_GITHUB}apis/pets.yaml#L7"),
        (GITHUB, HERE / "apis", "../pets.yaml", f"{ON_GITHUB}pets.yaml#L7"),
        (GITHUB, HERE, "/builds/shop/pets.yaml", f"{ON_GITHUB}pets.yaml#L7"),
        (GITHUB, HERE, "a b/ü)#?.yaml", f"{ON_GITHUB}a%20b/%C3%BC%29%23%3F.yaml#L7"),
        (GITHUB, HERE, "../pets.yaml", None),
        (GITHUB, HERE, "/etc/pets.yaml", None),
    ],
)
def test_a_line_has_an_address_within_the_repository(
    environ: Mapping[str, str], folder: Path, path: str, address: str | None
) -> None:
    assert ci_links(environ, folder)(Location(path, 7)) == address


@pytest.mark.parametrize(
    "odd",
    [
        {"GITHUB_SERVER_URL": "javascript://a"},
        {"GITHUB_SERVER_URL": "https://a.example/) [x](y"},
        {"GITHUB_REPOSITORY": "shop"},
        {"GITHUB_REPOSITORY": "shop/apis/../x"},
        {"GITHUB_SHA": "main"},
        {"GITHUB_SHA": ""},
        {"GITHUB_SHA": f"{COMMIT}\n"},
    ],
)
def test_variables_of_another_form_make_no_address(odd: Mapping[str, str]) -> None:
    assert ci_links({**GITHUB, **odd}, HERE)(Location("pets.yaml", 7)) is None


def test_elsewhere_there_is_no_address() -> None:
    assert ci_links({}, HERE)(Location("pets.yaml", 7)) is None
    assert no_link(Location("pets.yaml", 7)) is None
