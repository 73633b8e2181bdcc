"""The metadata of an embedded cloud's own sign-in page, from the key in its home."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from gateprint.local.endpoint import parse
from gateprint.local.site.metadata import sign_in_metadata
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.places import Places


def home_of(places: Places, environment: str) -> Path:
    """Return the folder of an environment's embedded cloud: its record, log and sign-in key."""
    return places.project / ".gateprint" / environment


def load_with_sign_in(places: Places, *, now: dt.datetime | None = None) -> Inputs:
    """Read all inputs, with the metadata of sign-in pages; a key is made where there is none yet.

    Raises:
        InputRejected: with every problem of every file.
        ToolFailed: a key cannot be used.
    """
    # An input that is wrong makes no key. The chosen environment's is mostly there: then it is
    # used at once, and nothing is read twice.
    chosen = frozenset({places.environment} if places.environment else ())
    found = load(places, now=now, sign_in=SignInKeys(places, chosen, has_to_be_there=True))
    used = {
        each.name
        for each in found.environments
        if any(not provider.metadata_xml for provider in each.identity_providers)
    }
    keys = SignInKeys(places, frozenset(used))
    return load(places, now=now, sign_in=keys) if used else found


@dataclass(frozen=True, slots=True)
class SignInKeys:
    """Gives `load` the metadata of the sign-in pages of some environments.

    A key is made where there is none, unless it `has_to_be_there`.
    """

    places: Places
    environments: frozenset[str]
    has_to_be_there: bool = False

    def __call__(self, environment: str, endpoint: str, issuer: str) -> str:
        """Return the metadata; nothing for another environment, or one without its key."""
        if environment not in self.environments:
            return ""
        from gateprint.local.site.key import NAME, signing_key  # noqa: PLC0415  # takes 50 ms

        home = home_of(self.places, environment)
        if self.has_to_be_there and not (home / NAME).exists():
            return ""
        key = signing_key(home, dt.datetime.now(dt.UTC))
        return sign_in_metadata(issuer, key.certificate_base64, parse(endpoint).site.url)
