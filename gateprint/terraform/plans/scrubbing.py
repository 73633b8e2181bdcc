"""Takes secrets out of logs and messages, in each form in which programs write them; pure."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, quote_plus

from gateprint.terraform.plans.hiding import MASK

_LONG_LINE = 16
_SHORTEST_BASE64 = 8


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """Return the text with "(sensitive)" for each secret.

    Found are the secret itself, its JSON-escaped and URL-quoted forms, its base64 wherever it
    begins in what was encoded, and long lines of secrets that have several.
    """
    return scrubber(secrets)(text)


def scrubber(secrets: Iterable[str]) -> Callable[[str], str]:
    """Return `scrubbed` for these secrets; one for many texts, such as the lines of a log."""
    forms = {form for secret in secrets if secret for form in _forms(secret)}
    if not forms:
        return lambda text: text
    # The longest first: a secret may contain another one.
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    pattern = re.compile("|".join(re.escape(form) for form in longest_first))
    return lambda text: pattern.sub(MASK, text)


def _forms(secret: str) -> Iterator[str]:
    for text in {secret, *_long_lines(secret)}:
        yield text
        yield from _escaped(text)
        yield quote(text, safe="")
        yield quote(text)
        yield quote_plus(text)
        yield from _in_base64(text.encode())


def _long_lines(secret: str) -> list[str]:
    return [line for line in secret.splitlines() if len(line) >= _LONG_LINE]


def _escaped(text: str) -> Iterator[str]:
    """Yield JSON forms: Python's two, Go's, which escapes for HTML too, and JSON in JSON."""
    for is_ascii in (True, False):
        once = json.dumps(text, ensure_ascii=is_ascii)[1:-1]
        for_html = once.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
        for form in (once, for_html):
            yield form
            yield json.dumps(form, ensure_ascii=is_ascii)[1:-1]


def _in_base64(secret: bytes) -> Iterator[str]:
    """Yield the characters that are the same whatever stands before and after the secret."""
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + secret).decode().rstrip("=")
        is_open = (offset + len(secret)) % 3 != 0
        stable = encoded[(0, 2, 3)[offset] : len(encoded) - is_open]
        if len(stable) >= _SHORTEST_BASE64:
            yield stable
            yield stable.replace("+", "-").replace("/", "_")
