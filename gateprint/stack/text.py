"""Writes text so that nothing below interprets it: not Terraform, not the mapping templates; pure.

Terraform evaluates `${…}` and `%{…}` in every string of its JSON, map keys among them; doubling
the first character says it literally (Terraform language, "Strings and templates").
"""

from __future__ import annotations

import re
from collections.abc import Mapping


def literal(text: str) -> str:
    """Return `text` so that Terraform's value is `text`, character by character."""
    return text.replace("${", "$${").replace("%{", "%%{")


def literals(texts: Mapping[str, str]) -> dict[str, str]:
    """Return a mapping with literal keys and values, sorted by key."""
    return {literal(key): literal(value) for key, value in sorted(texts.items())}


def optional(text: str | None) -> str | None:
    """Return a literal text, or None."""
    return None if text is None else literal(text)


def verbatim_template(text: str) -> str:
    """Return a mapping template (VTL) whose output is `text` itself.

    Before a reference, two backslashes are one, and one alone would quote the reference (Velocity
    user guide, "Escaping valid VTL references").
    """
    if "$" not in text and "#" not in text:
        return text
    doubled = re.sub(r"\\+(?=[$#])", lambda found: found[0] * 2, text)
    marked = doubled.replace("#", "\0").replace("$", "${dollar}").replace("\0", "${hash}")
    return f"#set($dollar = '$')#set($hash = '#'){marked}"
