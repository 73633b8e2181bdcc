"""`sdk --language openapi`: a description for those who generate or write their own client."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from gateprint.openapi.selecting import with_routes
from gateprint.openapi.text import yaml_text
from gateprint.openapi.words import OPERATIONS
from gateprint.sdk.client import Client
from gateprint.sdk.render import MARK, environment
from gateprint.workflow.export import export
from gateprint.workflow.inputs import Inputs
from gateprint.workflow.sdk import Wish, Written, find_client, write_package

_TEMPLATE = "readme_openapi.md.jinja"


def write_description(inputs: Inputs, wish: Wish, out: Path) -> Written:
    """Write openapi.yaml and a README to the folder `out`; what an earlier run wrote is replaced.

    Raises:
        WrongQuestion: there is no such API, stage or role, or nothing would be in it.
        InputRejected: a file of somebody else is in the way.
        ToolFailed: a file could not be written.
    """
    client = find_client(inputs, wish)
    whole = export(inputs, wish.api, wish.stage, "readers")
    document = with_routes(whole, {each.route for each in client.operations})
    head = f"# Written by {MARK}: do not edit, write it anew.\n"
    texts = {"openapi.yaml": head + yaml_text(document), "README.md": _readme(client, document)}
    paths = write_package(out, {path: text.encode() for path, text in texts.items()})
    return Written(paths, client)


def _readme(client: Client, document: Mapping[str, Any]) -> str:
    template = files("gateprint.sdk").joinpath("templates", _TEMPLATE).read_text(encoding="utf-8")
    methods = {stands: method for method, stands in OPERATIONS.items()}
    names = {
        f"{methods[verb]} {path}": each["operationId"]
        for path, item in document["paths"].items()
        for verb, each in item.items()
    }
    rendered = environment({_TEMPLATE: template}).get_template(_TEMPLATE)
    return rendered.render(client=client, names=names)
