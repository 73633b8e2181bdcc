"""Reads config/review.yaml, if it is there: the findings of a review that are accepted."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from gateprint.model import source
from gateprint.model.resolved import ResolvedBlueprint
from gateprint.model.waivers import WAIVERS_FILE, Waiver, waivers_of
from gateprint.workflow.files import read_text, shown


def read_waivers(config: Path, rules: Collection[str] | None = None) -> tuple[Waiver, ...]:
    """Return the waivers; none where there is no file. `rules` may be waived, all by default.

    Raises:
        InputRejected: with every problem of the file.
    """
    path = config / WAIVERS_FILE
    if not os.path.lexists(path):
        return ()
    document = source.read(shown(path), read_text(path, inside=config))
    return waivers_of(document, _all_rules() if rules is None else rules)


def _all_rules() -> tuple[str, ...]:
    # Imported here: most projects have no waivers, and then no rule is needed to read the inputs.
    from gateprint.review.rules import RULES  # noqa: PLC0415

    return tuple(each.id for each in RULES)


def known_stacks(
    blueprints: Iterable[ResolvedBlueprint], environment: str | None, waivers: Iterable[Waiver]
) -> set[str]:
    """Return all stacks that there are; those of environments that were not read may be."""
    found: set[str] = set()
    for each in blueprints:
        found |= {each.stack, each.environment.account_stack}
    if environment is not None:
        found |= {each.stack for each in waivers if not each.stack.endswith(f"-{environment}")}
    return found
