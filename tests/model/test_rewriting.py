"""Fields of a stage are changed in the text, and every other byte stays."""

from __future__ import annotations

import pytest

from gateprint.model.rewriting import NotRewritable, rewritten
from gateprint.model.source import read

FIRST = {"release": "v2", "kept_releases": "[v1]"}
THEN = {"release": "v3", "kept_releases": "[v2, v1]", "canary": None}

BLOCK = """\
stages:   # in this order
  dev: {environment: nonprod}
  prod:
    environment: nonprod   # the account
    throttle:
      rate: 5
      burst: 7   # at once
    # the end of prod
apis: {}
"""
BLOCK_FIRST = BLOCK.replace(
    "# the account\n", "# the account\n    release: v2\n    kept_releases: [v1]\n"
)
FLOW = 'stages: {prod: {environment: "non}prod", throttle: {rate: 5}  } } # prod\n'
LIST = """\
stages:
  prod:
    release: v2  # tested
    environment: nonprod
    kept_releases:
      - v1   # the good one
    canary:
      percent: 10
      release: v3
    # about variables
    variables: {a: b}
"""
CASES = {
    "a field comes below the first one, and its comment stays": (BLOCK, FIRST, BLOCK_FIRST),
    "a field in braces comes at their end": (
        FLOW,
        FIRST,
        FLOW.replace("5}  }", "5}, release: v2, kept_releases: [v1]  }"),
    ),
    "a list moves beside its key, and a field with all below it goes": (
        LIST,
        THEN,
        """\
stages:
  prod:
    release: v3  # tested
    environment: nonprod
    kept_releases: [v2, v1]   # the good one
    # about variables
    variables: {a: b}
""",
    ),
    "a field in braces goes with its comma": (
        "stages: {prod: {environment: x, canary: {percent: 1}, release: v2}}",
        {"canary": None},
        "stages: {prod: {environment: x, release: v2}}",
    ),
    "the first field in braces goes": (
        "stages: {prod: {canary: {percent: 1}, release: v2}}",
        {"canary": None},
        "stages: {prod: {release: v2}}",
    ),
    "a line ends as the lines before": (
        "stages:\r\n  prod:\r\n    environment: x\r\n",
        {"release": "v2"},
        "stages:\r\n  prod:\r\n    environment: x\r\n    release: v2\r\n",
    ),
    "the last line needs no end": (
        "stages:\n  prod:\n    environment: x",
        {"release": "v2"},
        "stages:\n  prod:\n    environment: x\n    release: v2",
    ),
    "signs before it are counted as characters": (
        "\ufeffowner: \U0001f408é\nstages: {prod: {environment: x}}",
        {"release": "v2"},
        "\ufeffowner: \U0001f408é\nstages: {prod: {environment: x, release: v2}}",
    ),
    "what is not there need not go": (FLOW, {"canary": None}, FLOW),
}


@pytest.mark.parametrize(("text", "fields", "expected"), CASES.values(), ids=list(CASES))
def test_a_field_is_set_or_goes(text: str, fields: dict[str, str | None], expected: str) -> None:
    after = rewritten(text, ("stages", "prod"), fields)
    assert after == expected
    read("it.yaml", after)


def test_a_layout_that_is_not_known_is_left_alone() -> None:
    with pytest.raises(NotRewritable, match="no mapping with fields"):
        rewritten("stages: {prod: {}}", ("stages", "prod"), FIRST)
    odd = "stages:\n  prod: \n    ? environment\n    : x\n"
    with pytest.raises(NotRewritable, match='"\\?" stands before a field on line 3'):
        rewritten(odd, ("stages", "prod"), FIRST)
