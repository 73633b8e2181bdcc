"""HTML pages that load nothing: one file, its style known by its digest; pure but for templates."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from gateprint.cli.text import visible


def rendered(
    name: str, values: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]] | None = None
) -> str:
    """Return the page of the template and the style of that name.

    Everything in it is escaped; the Content-Security-Policy allows nothing but the style.
    """
    style = _text("page.css") + _text(f"{name}.css")
    environment = _environment()
    environment.globals.update(functions or {})
    page = environment.from_string(_text(f"{name}.html.jinja"))
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; base-uri 'none'; form-action 'none'"
    )
    # The style is the program's own.
    return page.render({**values, "style": Markup(style), "policy": policy})  # noqa: S704


def _environment() -> Environment:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["breakable"] = breakable
    environment.filters["visible"] = visible
    return environment


def breakable(route: str) -> Markup:
    """Return a route that a browser may break before each segment of its path."""
    return Markup("<wbr>/").join(route.split("/"))


def _digest(style: str) -> str:
    """Return what the page's Content-Security-Policy knows its style by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _text(name: str) -> str:
    return (resources.files("gateprint.cli") / "templates" / name).read_text(encoding="utf-8")
