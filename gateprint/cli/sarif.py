"""Diagnostics as a SARIF 2.1.0 log, with what GitHub's code scanning shows of one; pure."""

from __future__ import annotations

from collections.abc import Sequence

from gateprint.cli.sarif_parts import (
    Part,
    fingerprints,
    message,
    physical_location,
    rule_name,
    sarif_log,
)
from gateprint.errors import Diagnostic
from gateprint.model.secrets import masked

# More of a line does not tell it from others.
_LONGEST_LINE = 2_000


def sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """Return the log of one run; its paths are relative where those of the diagnostics are."""
    rules = {code: index for index, code in enumerate(sorted({each.code for each in diagnostics}))}
    # GitHub's upload adds a hash of its own, `primaryLocationLineHash`, and warns of another there.
    known = fingerprints((_told(each), each.location.path) for each in diagnostics)
    results = [
        _result(each, rules[each.code], fingerprint)
        for each, fingerprint in zip(diagnostics, known, strict=True)
    ]
    return sarif_log([_rule(code) for code in rules], results)


def _rule(code: str) -> Part:
    """Return what GitHub demands of a rule: its id, two descriptions and a help text."""
    words = code.replace("-", " ").capitalize()
    help_text = f"docs/errors.md of gateprint explains {code}, with an example and how to mend it."
    return {
        "id": code,
        "name": rule_name(code),
        "shortDescription": {"text": words},
        "fullDescription": {"text": f"{words}, in a blueprint or an environment."},
        "help": {"text": help_text},
    }


def _result(one: Diagnostic, rule: int, fingerprint: str) -> Part:
    return {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": one.severity,
        "message": message(one.problem, one.remedy),
        "locations": [{"physicalLocation": physical_location(one.location)}],
        "partialFingerprints": {"gateprint/v1": fingerprint},
    }


def _told(one: Diagnostic) -> str:
    """Return what tells a problem from others in its file: its code, and its line."""
    return f"{one.code}\n{masked(one.location.source_line[:_LONGEST_LINE]).strip()}"
