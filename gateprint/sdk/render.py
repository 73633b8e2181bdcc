"""A client as the files of a package, in one language; pure: the templates are arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from jinja2 import DictLoader, Environment, StrictUndefined

from gateprint.sdk.client import Client
from gateprint.sdk.text import comment, docstring, literal

Language = Literal["javascript", "typescript", "python"]
LANGUAGES: tuple[Language, ...] = ("javascript", "typescript", "python")
# Every file says it, but the empty ones: it tells what may be written over.
MARK = "gateprint sdk"

Templates = Mapping[str, str]


def render(client: Client, language: Language, templates: Templates) -> Mapping[str, str]:
    """Return the texts of a client's package by path, which is relative and has forward slashes.

    `templates` are gateprint/sdk/templates, by file name. The same client gives the same texts.
    """
    files = _files(client)[language]
    made = environment(templates)
    return {
        path: made.get_template(name).render(client=client, language=language) if name else ""
        for path, name in files.items()
    }


def _files(client: Client) -> Mapping[Language, Mapping[str, str]]:
    return {
        "javascript": {
            "client.js": "client.js.jinja",
            "package.json": "package.json.jinja",
            "README.md": "readme.md.jinja",
        },
        "typescript": {
            "client.ts": "client.ts.jinja",
            "package.json": "package.json.jinja",
            "tsconfig.json": "tsconfig.json.jinja",
            "README.md": "readme.md.jinja",
        },
        "python": {
            f"{client.module}/__init__.py": "client.py.jinja",
            f"{client.module}/py.typed": "",
            "pyproject.toml": "pyproject.toml.jinja",
            "README.md": "readme.md.jinja",
        },
    }


def environment(templates: Templates) -> Environment:
    """Return what renders templates; each text goes through a filter of its place."""
    made = Environment(
        loader=DictLoader(dict(templates)),
        autoescape=False,  # noqa: S701 - no HTML; each text goes through a filter of its place
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"literal": literal, "comment": comment, "docstring": docstring}
    return made
