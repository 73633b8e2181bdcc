"""Which regular expressions a schema may have: those that no text makes slow; pure.

Whoever calls the API writes the text. An expression that repeats what repeats already takes a time
that doubles with each letter (OWASP, "Regular expression Denial of Service").
"""

from __future__ import annotations

import re

LONGEST = 256
_SIGN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?:|\(\?|[()*+?|]|\{\d*,?\d*\}|.", re.DOTALL)
_REPEATING = re.compile(r"[*+]|\{\d*,\d*\}|\{\d{3,}\}")


def why_not(pattern: str) -> str:
    """Return why an expression is refused, in words that follow "the pattern"; empty if it is not.

    What is left means the same to Python and to ECMA 262, which JSON Schema names.
    """
    if len(pattern) > LONGEST:
        return f"has {len(pattern)} characters, over {LONGEST}"
    signs = [each[0] for each in _SIGN.finditer(pattern)]
    if "(?" in signs:
        return "looks around itself or has flags, which is not the same everywhere"
    if any(re.fullmatch(r"\\[1-9pPkAZzGbBQEhHRX]", each) for each in signs):
        return "refers back, or has an escape that is not the same everywhere"
    try:
        re.compile(pattern)
    except re.error:
        return "is no regular expression"
    return "repeats what repeats, so that a text can make it slow" if _is_nested(signs) else ""


def _is_nested(signs: list[str]) -> bool:
    """Tell whether a group that repeats holds a repetition or a choice."""
    holds = [False]
    ended = False
    for sign in signs:
        if sign in {"(", "(?:"}:
            holds.append(False)
            ended = False
        elif sign == ")" and len(holds) > 1:
            ended = holds.pop()
            holds[-1] = holds[-1] or ended
        else:
            is_repeating = _REPEATING.fullmatch(sign) is not None
            if is_repeating and ended:
                return True
            holds[-1] = holds[-1] or is_repeating or sign in {"|", "?"}
            ended = False
    return False
