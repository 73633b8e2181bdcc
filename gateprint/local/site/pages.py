"""Renders the site's pages, and finds its files; pure but for reading what is installed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

_FOLDER = files("gateprint.local.site").joinpath("static")
_KINDS = {
    ".svg": "image/svg+xml",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}


def render(name: str, **values: Any) -> str:
    """Return a page; every value is escaped."""
    return _templates().get_template(f"{name}.jinja").render(**values)


def static_file(name: str) -> tuple[bytes, str] | None:
    """Return a file and its media type; None where there is none of this name."""
    known = {each.name: each for each in _FOLDER.iterdir()}
    kind = _KINDS.get(name[name.rfind(".") :])
    if name not in known or kind is None:
        return None
    return known[name].read_bytes(), kind


@cache
def _templates() -> Environment:
    loader = PackageLoader("gateprint.local.site")
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
