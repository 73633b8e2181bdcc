"""APIs to write clients of, hostile ones among them, and the clients' files."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateprint.model.resolved import (
    Api,
    Environment,
    Grant,
    MockBackend,
    ResolvedBlueprint,
    Role,
    Route,
    S3State,
    Stage,
)
from gateprint.sdk.client import Client, client_of
from gateprint.sdk.render import Language, render

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "gateprint" / "sdk" / "templates"
# Each ends a string, a comment or a docstring somewhere, and does something then.
HOSTILE = (
    '"); globalThis.broken = 1; ("',
    "*/ globalThis.broken = 1; /*",
    '"""\nimport builtins; builtins.broken = 1\n"""',
    "${globalThis.broken = 1} `${globalThis.broken = 1}`",
    "'; globalThis.broken = 1; '\\",
    'ends with a backslash \\ and a quote "',
    "a\r\nb\u2028globalThis.broken = 1\u2029c\x00\x1b[31m\u202e",
    "</script><script>globalThis.broken = 1</script>",
    "{{ 7 * 7 }} {% raw %} {# #}",
    "\\u002a/ globalThis.broken = 1; /\\u002a \\N{QUOTATION MARK}",
)
# Names that a language keeps for itself, or that become the same.
HOSTILE_ROUTES = (
    *("GET /", "GET /root", "DELETE /", "ANY /", "GET /-", "GET /_", "GET /2024/07"),
    *("GET /pets/{id}", "GET /pets/by-id", "GET /pets/by/id", "GET /petsById"),
    *("GET /class/{class}/{self}/{body}", "POST /def/{a-b}/{a.b}/{a_b}/{ab}/{AB}"),
    *("PUT /x/{__proto__}/{constructor}/{prototype}/{toString}/{then}", "ANY /x/{rest+}"),
    *("PATCH /y/{query}/{headers}/{method}/{timeout_seconds}", "HEAD /y/{-}/{.}/{_}/{2}"),
    *("ANY /z/{method}/{options}/{path}/{this}/{super}", "GET /z/{method}/{options}/{path}"),
    *("GET /a,b:c/{import}/{None}/{await}", "DELETE /delete/{delete}", "GET /then", "GET /send"),
)


@dataclass(frozen=True, slots=True)
class Given:
    """What a route says besides method and path."""

    auth: str = "iam"
    public: str | None = None
    description: str | None = None


def route(key: str, given: Given = Given()) -> Route:
    """Return a route that a mock answers."""
    method, _, path = key.partition(" ")
    backend = MockBackend(200, "")
    return Route(method, path, backend, given.auth, given.public, given.description)


def blueprint(routes: Iterable[Route], *roles: Role, description: str = "") -> ResolvedBlueprint:
    """Return a blueprint with one API, `shop`, on the stages dev and prod."""
    environment = Environment("live", "111122223333", "eu-west-1", S3State("b", "eu-west-1", "p"))
    api = Api("shop", tuple(routes), description)
    return ResolvedBlueprint(
        "shop", environment, (Stage("dev"), Stage("prod")), (api,), roles=roles
    )


def role(name: str, **stages: Iterable[str]) -> Role:
    """Return a role that may call routes, by stage."""
    grants = tuple(Grant("shop", (stage,), tuple(keys)) for stage, keys in stages.items())
    return Role(name, grants)


def client(whole: ResolvedBlueprint, stage: str = "prod", role: str | None = None) -> Client:
    """Return the client of its API."""
    return client_of(whole, whole.apis[0], stage, role)


def hostile_client() -> Client:
    """Return a client of every hostile name, with hostile text in every place that takes text."""
    given = [
        Given("none" if index % 2 else "iam", text if index % 2 else None, text)
        for index, text in enumerate(HOSTILE)
    ]
    routes = [route(key, given[number % len(given)]) for number, key in enumerate(HOSTILE_ROUTES)]
    return client(blueprint(routes, description=" ".join(HOSTILE)))


def templates() -> Mapping[str, str]:
    """Return the templates, by file name."""
    return {each.name: each.read_text("utf-8") for each in TEMPLATES.iterdir() if each.is_file()}


def texts(of: Client, language: Language) -> Mapping[str, str]:
    """Return the files of a client."""
    return render(of, language, templates())


def write(folder: Path, of: Client, language: Language) -> None:
    """Write the files of a client to a folder, with the packages that they need beside it."""
    for name, text in texts(of, language).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if language != "python" and not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(ROOT / "node_modules")


def imported(folder: Path, of: Client) -> Any:
    """Write a client in Python, and return its module."""
    write(folder, of, "python")
    path = folder / of.module / "__init__.py"
    spec = importlib.util.spec_from_file_location(f"{of.module}_{folder.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look for their module there
    spec.loader.exec_module(module)
    return module
