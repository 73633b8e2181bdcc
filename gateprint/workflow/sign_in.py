"""The metadata of an embedded cloud's own sign-in page, from the key in its home."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from gateprint.local.endpoint import parse
from gateprint.local.site.metadata import sign_in_metadata
from gateprint.workflow.inputs import Inputs, Places, load


def home_of(places: Places, environment: str) -> Path:
    """Return the folder of an environment's embedded cloud: its record, log and sign-in key."""
    return places.project / ".gateprint" / environment


def load_with_sign_in(places: Places, *, now: dt.datetime | None = None) -> Inputs:
    """Read all inputs, with the metadata of sign-in pages; a key is made where there is none yet.

    Raises:
        InputRejected: with every problem of every file.
        ToolFailed: a key cannot be used.
    """
    found = load(places, now=now)
    used = {
        each.name
        for each in found.environments
        if any(not provider.metadata_xml for provider in each.identity_providers)
    }
    keys = SignInKeys(places, frozenset(used))
    return load(places, now=now, sign_in=keys) if used else found


@dataclass(frozen=True, slots=True)
class SignInKeys:
    """Gives `load` the metadata of the sign-in pages of some environments."""

    places: Places
    environments: frozenset[str]

    def __call__(self, environment: str, endpoint: str, issuer: str) -> str:
        """Return the metadata, or nothing for another environment."""
        if environment not in self.environments:
            return ""
        from gateprint.local.site.key import signing_key  # noqa: PLC0415  # takes 50 ms

        key = signing_key(home_of(self.places, environment), dt.datetime.now(dt.UTC))
        return sign_in_metadata(issuer, key.certificate_base64, parse(endpoint).site.url)
