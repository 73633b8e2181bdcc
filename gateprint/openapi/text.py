"""Writes a blueprint as a YAML file, its remarks as comments above it; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

# What no comment can hold: ends of lines in the eyes of some reader, and invisible characters.
_SAFE = "\t\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd"
_UNSAFE = re.compile(f"[^{_SAFE}]")


def blueprint_text(
    blueprint: Mapping[str, Any], remarks: Sequence[str], schema: str, origin: str
) -> str:
    """Return the file. `origin` says what it was made from; `schema` leads to the JSON Schema."""
    head = [
        f"yaml-language-server: $schema={schema}",
        f"Imported from {origin}. Read it before you deploy it:",
        *(f"- {each}" for each in remarks or ["nothing is left to decide"]),
    ]
    comments = "".join(f"# {_one_line(each)}\n" for each in head)
    return f"{comments}{yaml_text(blueprint)}"


def yaml_text(data: Mapping[str, Any]) -> str:
    """Return data as YAML without anchors, in its own order."""
    return yaml.dump(data, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, _data: Any) -> bool:
        """Write equal parts out: other readers may take no aliases."""
        return True


def _one_line(text: str) -> str:
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)
