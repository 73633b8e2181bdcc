"""The JSON Schema of config/review.yaml, for editors; pure."""

from __future__ import annotations

from collections.abc import Mapping

from gateprint.model.manual.editor import Schema
from gateprint.model.manual.json_schema import for_editors, schema_of
from gateprint.model.waivers import Review, WaiverEntry


def waivers_schema(rules: Mapping[str, str]) -> Schema:
    """Return the JSON Schema (2020-12); `rules` may be waived: their ids, and what each is about.

    An editor proposes the rules.
    """
    plain = schema_of(Review)
    rule = plain["$defs"][WaiverEntry.__name__]["properties"]["rule"]
    rule["enum"], rule["enumDescriptions"] = list(rules), list(rules.values())
    return for_editors(plain)
