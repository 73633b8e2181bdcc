"""Recognises values that are secrets by their form, and masks them; pure.

Only forms that nothing else has: a wrong alarm would keep a sound blueprint from being deployed.
"""

from __future__ import annotations

import re
from functools import lru_cache

_FORMS = (
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",  # AWS access key id
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*",
    r"\bgh[pousr]_[A-Za-z0-9]{36,}",  # GitHub
    r"\bgithub_pat_[A-Za-z0-9_]{36,}",
    r"\bglpat-[A-Za-z0-9_-]{20,}",  # GitLab
    r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",  # Slack
    r"\b[rs]k_live_[A-Za-z0-9]{20,}",  # Stripe
    r"\bAIza[A-Za-z0-9_-]{35}\b",  # Google
    r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*",  # JSON Web Token
)
_LONGEST = 10_000
_SECRET = re.compile("|".join(_FORMS))
_NAME = re.compile(
    r"passw(or)?d|passphrase|secret|token|credential|(api|private|access)_?key", re.IGNORECASE
)
# Names of where a secret is kept, rather than of a secret.
_PLACE = re.compile(r"_?(arn|name|id|url|uri|path|parameter|ttl|header|type)$", re.IGNORECASE)


def is_secret(text: str) -> bool:
    """Tell whether a text holds something that can only be a secret.

    Only its beginning is searched: no field takes a longer text.
    """
    return _SECRET.search(text, 0, _LONGEST) is not None


def is_secret_name(name: str) -> bool:
    """Tell whether a variable or tag of this name would hold a secret."""
    return _NAME.search(name) is not None and _PLACE.search(name) is None


@lru_cache(maxsize=256)
def masked(text: str) -> str:
    """Return a text with every secret in it replaced by asterisks, as long as it was."""
    return _SECRET.sub(lambda found: "*" * len(found[0]), text)
