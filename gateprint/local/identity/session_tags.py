"""The session tags and the source identity that an assertion asks for; pure.

IAM user guide, "Pass session tags in AWS STS" and "Configure SAML assertions for the authentication
response".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gateprint.access.saml.response import Assertion
from gateprint.local.identity import rejection
from gateprint.local.identity.rejection import Rejected, token
from gateprint.model.saml import ATTRIBUTES

_TAG = f"{ATTRIBUTES}PrincipalTag:"
_TRANSITIVE = f"{ATTRIBUTES}TransitiveTagKeys"
_SOURCE_IDENTITY = f"{ATTRIBUTES}SourceIdentity"
_MOST_TAGS, _LONGEST_KEY, _LONGEST_VALUE = 50, 128, 256
_TEXT = re.compile(r"[^\W_]|[\s_.:/=+\-@]")
# Without a colon, so that none begins with "aws:".
_SOURCE = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
# AWS packs the tags and does not say how; this is no more than a measure.
_PACKED_CHARACTERS = 4_096
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Extras:
    """Tags by key, the keys of those that stay when roles are chained, and the source identity."""

    tags: Mapping[str, str] = field(default_factory=dict, repr=False)
    transitive: tuple[str, ...] = ()
    source_identity: str | None = field(default=None, repr=False)

    @property
    def packed_percent(self) -> int:
        """How much of the allotted space they take."""
        count = sum(len(key) + len(value) for key, value in self.tags.items())
        return -(-count * _PERCENT // _PACKED_CHARACTERS)


def read_extras(assertion: Assertion) -> Extras:
    """Return what an assertion asks for.

    Raises:
        Rejected: STS refuses it.
    """
    tags = {
        name.removeprefix(_TAG): values
        for name, values in assertion.attributes.items()
        if name.startswith(_TAG)
    }
    transitive = assertion.attributes.get(_TRANSITIVE, ())
    _require_tags(tags, transitive)
    extras = Extras(
        {key: value for key, (value,) in tags.items()}, transitive, _source_identity(assertion)
    )
    if extras.packed_percent > _PERCENT:
        message = f"Packed policy consumes {extras.packed_percent}% of allotted space"
        raise Rejected("PackedPolicyTooLarge", f"{message}, please use smaller policy.")
    return extras


def _require_tags(tags: Mapping[str, tuple[str, ...]], transitive: tuple[str, ...]) -> None:
    if len(tags) > _MOST_TAGS:
        raise rejection.constraint("tags", f"have length less than or equal to {_MOST_TAGS}")
    if len({key.lower() for key in tags}) != len(tags):
        raise token(rejection.INVALID, "a tag key is there twice; case does not tell them apart")
    for key, values in tags.items():
        if len(values) != 1:
            raise token(rejection.INVALID, "a session tag has to have one value")
        _require_text(key, "key", range(1, _LONGEST_KEY + 1))
        _require_text(values[0], "value", range(_LONGEST_VALUE + 1))
        if key.lower().startswith("aws:"):
            raise token(rejection.INVALID, "tag keys that begin with aws: are AWS's own")
    if not set(transitive) <= tags.keys():
        raise token(rejection.INVALID, "a transitive tag key is that of no tag")


def _require_text(text: str, part: str, lengths: range) -> None:
    if len(text) not in lengths or not all(_TEXT.match(each) for each in text):
        raise token(rejection.INVALID, f"the {part} of a session tag is not as AWS wants it")


def _source_identity(assertion: Assertion) -> str | None:
    values = assertion.attributes.get(_SOURCE_IDENTITY, ())
    if not values:
        return None
    if len(values) > 1 or not _SOURCE.fullmatch(values[0]):
        raise token(rejection.SOURCE)
    return values[0]
