"""Diagnostics as a SARIF 2.1.0 log, with what GitHub's code scanning shows of one; pure.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from gateprint import __version__
from gateprint.cli.text import LINE_ENDS, visible
from gateprint.errors import Diagnostic, Location
from gateprint.model.secrets import masked

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# Lines as the YAML reader counts them; SARIF's own default knows the first two only.
_LINE_BREAKS = ["\r\n", "\n", "\r", "\x85", "\u2028", "\u2029"]
# What a viewer would take for a link (3.11.6), when it is the text of a blueprint.
_LINK = re.compile(r"\[([^\[\]]*)\]\(")
_BASE = "%SRCROOT%"
# More of a line does not tell it from others.
_LONGEST_LINE = 2_000


def sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """Return the log of one run; its paths are relative where those of the diagnostics are."""
    rules = {code: index for index, code in enumerate(sorted({each.code for each in diagnostics}))}
    run = {
        "tool": {
            "driver": {
                "name": "gateprint",
                "version": __version__,
                "rules": [_rule(code) for code in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "newlineSequences": _LINE_BREAKS,
        "originalUriBaseIds": {_BASE: {"description": {"text": "Where gateprint was started."}}},
        "results": [
            _result(each, rules[each.code], fingerprint)
            for each, fingerprint in zip(diagnostics, _fingerprints(diagnostics), strict=True)
        ],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    # What JSON would print as it is, but a terminal obeys.
    return visible(json.dumps(log, indent=2, ensure_ascii=False), keep="\n")


def _rule(code: str) -> dict[str, Any]:
    """Return what GitHub demands of a rule: its id, two descriptions and a help text."""
    words = code.replace("-", " ").capitalize()
    help_text = f"docs/errors.md of gateprint explains {code}, with an example and how to mend it."
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in code.split("-")),
        "shortDescription": {"text": words},
        "fullDescription": {"text": f"{words}, in a blueprint or an environment."},
        "help": {"text": help_text},
    }


def _result(one: Diagnostic, rule: int, fingerprint: str) -> dict[str, Any]:
    place = {"artifactLocation": _artifact(one.location.path), "region": _region(one.location)}
    return {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": one.severity,
        "message": {"text": _message(one)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"gateprint/v1": fingerprint},
    }


def _message(one: Diagnostic) -> str:
    remedy = one.remedy if one.remedy.endswith(("?", ".")) else f"{one.remedy}."
    # Braces stay single: no `{id}` is a placeholder (3.11.5), and GitHub shows a pair as a pair.
    text = visible(f"{one.problem}. Fix: {remedy}", keep=LINE_ENDS)
    return _LINK.sub(r"\\[\1\\](", text)


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


def _fingerprints(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield what stays the same while lines move: a hash of code and line, and a count per file.

    GitHub's upload adds a hash of its own, `primaryLocationLineHash`, and warns of any other there.
    """
    seen: Counter[tuple[str, str]] = Counter()
    for each in diagnostics:
        text = f"{each.code}\n{masked(each.location.source_line[:_LONGEST_LINE]).strip()}"
        seen[each.location.path, text] += 1
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        yield f"{digest}:{seen[each.location.path, text]}"
