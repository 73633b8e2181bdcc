"""How drift reads, in a terminal and in Markdown; pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from gateprint.cli.live import duration
from gateprint.cli.text import plain_markdown, visible
from gateprint.model.words import listed, shortened
from gateprint.terraform.plans.drift import AttributeDrift, ResourceDrift
from gateprint.terraform.plans.hiding import MASK
from gateprint.terraform.runs.drift_report import Drift, Drifted, drift_json

_NOTHING = "nothing"
# A job's summary on GitHub holds 1 MiB, and nobody reads more.
_MOST = 200


def rendered(found: Drift, form: str) -> str:
    """Return drift as `json`, `markdown` or text."""
    if form == "json":
        return drift_json(found).rstrip("\n")
    return "\n\n".join(_markdown(found) if form == "markdown" else _text(found))


def _text(found: Drift) -> Iterator[str]:
    for each in found.stacks:
        if each.outcome != "none":
            yield "\n".join(visible(line) for line in _stack_lines(each))
    yield "\n".join(_sums(found))


def _stack_lines(one: Drifted) -> Iterator[str]:
    if one.outcome == "failed":
        first, *rest = one.problem.splitlines() or [""]
        yield f"{one.stack} could not be asked: {first}"
        yield from (f"    | {line}" for line in rest)
        return
    yield one.stack
    yield from (f"  ! {each.sentence}" for each in one.access)
    for each in one.resources:
        yield f"  {each.address}{_gone(each)}"
        yield from (f"      {line}" for attribute in each.attributes for line in told(attribute))


def _gone(one: ResourceDrift) -> str:
    return " is gone" if one.change == "gone" else ""


def told(one: AttributeDrift) -> Iterator[str]:
    """Yield in a line what became of an attribute; of two lists, what came and what went."""
    if MASK in (one.before, one.after):
        yield f"{one.path}: sensitive; it may have been changed"
    elif _is_plain_list(one.before) and _is_plain_list(one.after):
        yield from (f"{one.path}: + {_value(each)}" for each in one.after if each not in one.before)
        yield from (f"{one.path}: - {_value(each)}" for each in one.before if each not in one.after)
        if sorted(map(str, one.before)) == sorted(map(str, one.after)):
            yield f"{one.path}: in another order"
    else:
        yield f"{one.path}: {_value(one.before)} → {_value(one.after)}"


def _is_plain_list(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(each, dict | list) for each in value)


def _value(value: Any) -> str:
    if value is None:
        return _NOTHING
    return shortened(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _sums(found: Drift) -> Iterator[str]:
    """Yield how many stacks were asked, what they said, and what was not asked."""
    if found.sample is not None:
        yield f"part {found.sample.part} of {found.sample.parts}: {_stacks(len(found.stacks))}"
    drifted = [each for each in found.stacks if each.outcome == "drift"]
    failed = sum(each.outcome == "failed" for each in found.stacks)
    asked = len(found.stacks) - failed
    if drifted:
        touching = sum(bool(each.access) for each in drifted)
        access = f", {touching:,} in access" if touching else ", none in access"
        yield f"{len(drifted):,} of {_stacks(asked)} drifted{access}"
    elif asked:
        yield f"{_stacks(asked)}: nothing was changed outside"
    else:
        yield "no stack was asked"
    yield from _left_out(found, failed)
    if found.stacks:
        yield f"{found.cost.calls:,} calls to API Gateway, {_at_least(found)}"


def _at_least(found: Drift) -> str:
    if not found.cost.seconds:
        return "within its burst"
    return f"at least {duration(found.cost.seconds)} at its 10 per second"


def _left_out(found: Drift, failed: int) -> Iterator[str]:
    if failed:
        yield f"{_stacks(failed)} could not be asked"
    if found.without_state:
        yield f"without a state, so never applied: {listed(found.without_state)}"
    if found.other_parts:
        yield f"{_stacks(found.other_parts)} on other days"
    if found.is_interrupted:
        yield "interrupted: the others were not asked"


def _stacks(count: int) -> str:
    return f"{count:,} stack{'' if count == 1 else 's'}"


_VERDICTS = {0: "none", 3: "found", 4: "a stack could not be asked"}


def _markdown(found: Drift) -> Iterator[str]:
    yield f"### gateprint drift: {_VERDICTS.get(found.code, 'interrupted')}"
    yield "  \n".join(plain_markdown(each) for each in _sums(found))
    shown = [each for each in found.stacks if each.outcome != "none"]
    for each in shown[:_MOST]:
        yield "\n".join(_items(each))
    if len(shown) > _MOST:
        yield f"and {len(shown) - _MOST:,} more stacks"


def _items(one: Drifted) -> Iterator[str]:
    yield f"#### {plain_markdown(one.stack)}"
    yield ""
    if one.outcome == "failed":
        yield f"- could not be asked: {plain_markdown(' '.join(one.problem.split()))}"
    yield from (f"- **{plain_markdown(each.sentence)}**" for each in one.access)
    for each in one.resources:
        yield f"- {plain_markdown(each.address)}{_gone(each)}"
        for attribute in each.attributes:
            yield from (f"  - {plain_markdown(line)}" for line in told(attribute))
