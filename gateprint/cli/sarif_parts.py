"""What every SARIF 2.1.0 log of gateprint has: the run, its places, and texts as they are; pure.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from gateprint import __version__
from gateprint.cli.text import LINE_ENDS, visible
from gateprint.errors import Location

Part = dict[str, Any]
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# Lines as the YAML reader counts them; SARIF's own default knows the first two only.
_LINE_BREAKS = ["\r\n", "\n", "\r", "\x85", "\u2028", "\u2029"]
# What a viewer would take for a link (3.11.6), when it is the text of a blueprint.
_LINK = re.compile(r"\[([^\[\]]*)\]\(")
_BASE = "%SRCROOT%"


def sarif_log(rules: Sequence[Part], results: Sequence[Part], **more: Any) -> str:
    """Return the log of one run, with `more` properties of it."""
    run = {
        "tool": {"driver": {"name": "gateprint", "version": __version__, "rules": list(rules)}},
        **more,
        "columnKind": "unicodeCodePoints",
        "newlineSequences": _LINE_BREAKS,
        "originalUriBaseIds": {_BASE: {"description": {"text": "Where gateprint was started."}}},
        "results": list(results),
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    # What JSON would print as it is, but a terminal obeys.
    return visible(json.dumps(log, indent=2, ensure_ascii=False), keep="\n")


def rule_name(rule_id: str) -> str:
    """Return a rule's name, `WrongName` of `wrong-name`."""
    return "".join(word.capitalize() for word in rule_id.split("-"))


def message(problem: str, remedy: str) -> Mapping[str, str]:
    """Return what is wrong and its remedy as a message, in which no text of others is a link."""
    end = "" if remedy.endswith(("?", ".")) else "."
    # Braces stay single: no `{id}` is a placeholder (3.11.5), and GitHub shows a pair as a pair.
    text = visible(f"{problem}. Fix: {remedy}{end}", keep=LINE_ENDS)
    return {"text": _LINK.sub(r"\\[\1\\](", text)}


def physical_location(where: Location) -> Part:
    """Return a place in a file."""
    return {"artifactLocation": _artifact(where.path), "region": _region(where)}


def _artifact(path: str) -> dict[str, str]:
    """Return a relative reference, or a file URI where the user wrote an absolute path."""
    written = PurePath(path)
    if written.is_absolute():
        return {"uri": written.as_uri()}
    return {"uri": quote(written.as_posix()), "uriBaseId": _BASE}


def _region(where: Location) -> dict[str, int]:
    """Return the columns of the value; it ends with its line, and is empty beyond it."""
    end = min(where.column + where.length, len(where.source_line) + 1)
    return {
        "startLine": where.line,
        "startColumn": where.column,
        "endLine": where.line,
        "endColumn": max(where.column, end),
    }


def fingerprints(told: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield a fingerprint for each (text, scope): a hash of the text, and a count in its scope.

    It stays the same while lines move, if the text does not name them.
    """
    seen: Counter[tuple[str, str]] = Counter()
    for text, scope in told:
        seen[scope, text] += 1
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        yield f"{digest}:{seen[scope, text]}"
