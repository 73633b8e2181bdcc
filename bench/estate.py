"""Writes many blueprints that differ in their names: of twenty routes and four roles, or small."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from tests.support.project import Project, make_project

ROLES = 4
_COLLECTIONS = ("items", "makers", "prices", "stocks", "tags")
_METHODS = ("GET {}", "POST {}", "GET {}/{{id}}", "DELETE {}/{{id}}")


def write_estate(folder: Path, count: int) -> None:
    """Write `count` blueprints into `folder`, which must not be there yet."""
    folder.mkdir(parents=True)
    for number in range(count):
        text = yaml.safe_dump(_blueprint(f"shop-{number}"), sort_keys=False, width=100)
        (folder / f"shop-{number}.yaml").write_text(text, encoding="utf-8")


def write_small_estate(folder: Path, count: int) -> None:
    """Write blueprints of four routes, one function and one role into a new folder."""
    folder.mkdir(parents=True)
    for number in range(count):
        text = yaml.safe_dump(_small(f"shop-{number}"), sort_keys=False, width=100)
        (folder / f"shop-{number}.yaml").write_text(text, encoding="utf-8")


@contextmanager
def running_estate(write: Callable[[Path, int], None], count: int) -> Iterator[Project]:
    """Yield a project of so many blueprints, whose embedded cloud runs while the block does."""
    with tempfile.TemporaryDirectory(prefix="gateprint-bench-") as place:
        project = make_project(Path(place) / "project")
        shutil.rmtree(project.root / "blueprints")
        # Its waivers are for the blueprints that went.
        (project.root / "config" / "review.yaml").unlink(missing_ok=True)
        write(project.root / "blueprints", count)
        project.gateprint("local", "start")
        try:
            yield project
        finally:
            project.gateprint("local", "stop")


def _small(name: str) -> dict[str, object]:
    first = _COLLECTIONS[0]
    routes = [each for each in _routes() if each.split(" ")[1].startswith(f"/{first}")]
    return {
        "blueprint": 1,
        "name": name,
        "description": f"What {name} sells.",
        "stages": {"dev": {"environment": "nonprod"}},
        "apis": {name: {"cors": _cors(), "routes": {key: _route(key) for key in routes}}},
        "functions": {first: {"source": "pets", "handler": "app.get_pet"}},
        "roles": {
            f"{name}-role": {
                "identity_provider": "auth0",
                "allow": [{"stages": "all", "routes": routes}],
            }
        },
    }


def _blueprint(name: str) -> dict[str, object]:
    return {
        "blueprint": 1,
        "name": name,
        "owner": "team-shop",
        "description": f"What {name} sells.",
        "stages": {
            "dev": {"environment": "nonprod"},
            "test": {"environment": "nonprod"},
            "prod": {"environment": "prod", "throttle": {"rate": 100, "burst": 50}},
        },
        "apis": {name: {"cors": _cors(), "routes": {key: _route(key) for key in _routes()}}},
        "functions": {each: {"source": "pets", "handler": "app.get_pet"} for each in _COLLECTIONS},
        "roles": {f"{name}-role-{each}": _role(each) for each in range(ROLES)},
    }


def _cors() -> dict[str, object]:
    return {"origins": ["https://shop.example.com"], "max_age": "10m"}


def _routes() -> Iterator[str]:
    return (method.format(f"/{each}") for each in _COLLECTIONS for method in _METHODS)


def _route(key: str) -> dict[str, str]:
    return {"function": key.split("/")[1]}


def _role(number: int) -> dict[str, object]:
    """Return a role that may read one collection more than the one before, and change one."""
    read = [each for each in _routes() if each.startswith("GET")][: 2 * number + 4]
    changed = f"/{_COLLECTIONS[number]}"
    change = [each for each in _routes() if each.split(" ")[1].startswith(changed)]
    grants = [
        {"stages": "all", "routes": sorted(set(read) | set(change))},
    ]
    return {"identity_provider": "auth0", "max_session": "2h", "allow": grants}
