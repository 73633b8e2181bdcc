"""The deletion budget: what a run may destroy or replace unless it is raised by name; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

KINDS: Mapping[str, str] = {
    "aws_api_gateway_rest_api": "api",
    "aws_api_gateway_stage": "stage",
    "aws_iam_role": "role",
    "aws_iam_saml_provider": "saml-provider",
}
"""Types whose end somebody notices: addresses, ids or sign-ins are gone for good."""

_EVERYTHING = "all"
_TOTAL = "APIs, stages, roles and SAML providers"


@dataclass(frozen=True, slots=True)
class Budget:
    """How many resources a run may destroy or replace.

    `total` is for the guarded kinds that are not named in `kinds`, together; `everything` is for
    resources of all types, None if they do not count.
    """

    total: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    everything: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Excess:
    """What one stack adds to a run that destroys more than its budget allows."""

    stack: str
    sentence: str


def parse_budget(texts: Iterable[str]) -> Budget:
    """Return the budget of `--max-destroy`, which may be given several times.

    `N` is for all guarded kinds together, `api=N`, `stage=N`, `role=N` and `saml-provider=N` are
    for one kind, which then no longer counts towards `N`; `all=N` is for resources of every type.

    Raises:
        ValueError: a text is none of these, or the same one is given twice.
    """
    limits: dict[str, int] = {}
    for text in texts:
        name, limit = _limit(text)
        if name in limits:
            raise ValueError(f'--max-destroy {text}: "{name or "N"}" is given twice')
        limits[name] = limit
    total, everything = limits.pop("", 0), limits.pop(_EVERYTHING, None)
    return Budget(total, limits, everything)


def guarded(changes: Iterable[ResourceChange]) -> dict[str, tuple[str, ...]]:
    """Return the addresses that are deleted or replaced, by guarded kind."""
    found: dict[str, list[str]] = {}
    for change in changes:
        if change.type in KINDS and change.action in {"delete", "replace"}:
            found.setdefault(KINDS[change.type], []).append(change.address)
    return {kind: tuple(addresses) for kind, addresses in sorted(found.items())}


def exceeding(plans: Mapping[str, TerraformPlan], budget: Budget) -> tuple[Excess, ...]:
    """Return a sentence for each stack that adds to what is above the budget; none if all is well.

    `plans` are those of the whole run, by stack: the budget is the run's.
    """
    by_stack = {stack: guarded(plan.destroyed()) for stack, plan in sorted(plans.items())}
    found: list[Excess] = []
    for kind, limit in budget.kinds.items():
        found += _above(
            {stack: each.get(kind, ()) for stack, each in by_stack.items()}, kind, limit
        )
    others = {stack: _unnamed(each, budget) for stack, each in by_stack.items()}
    found += _above(others, "", budget.total)
    if budget.everything is not None:
        every = {stack: [each.address for each in plans[stack].destroyed()] for stack in by_stack}
        found += _above(every, _EVERYTHING, budget.everything)
    return tuple(sorted(found))


def _limit(text: str) -> tuple[str, int]:
    name, is_named, number = text.rpartition("=")
    name = name.strip()
    known = [*KINDS.values(), _EVERYTHING]
    if is_named and name not in known:
        raise ValueError(f'--max-destroy {text}: "{name}" is none of {", ".join(known)}')
    if not (number.strip().isascii() and number.strip().isdecimal()):
        raise ValueError(f"--max-destroy {text}: a whole number such as 1 or stage=1 is needed")
    return name, int(number)


def _unnamed(found: Mapping[str, Sequence[str]], budget: Budget) -> list[str]:
    kinds = (addresses for kind, addresses in found.items() if kind not in budget.kinds)
    return [address for addresses in kinds for address in addresses]


def _above(found: Mapping[str, Sequence[str]], name: str, limit: int) -> list[Excess]:
    number = sum(len(addresses) for addresses in found.values())
    if number <= limit:
        return []
    of_what = {"": _TOTAL, _EVERYTHING: "resources of all types"}.get(name, f"kind {name}")
    option = f"--max-destroy {name}={limit}" if name else f"--max-destroy {limit}"
    return [
        Excess(
            stack,
            f"{stack} destroys or replaces {', '.join(addresses)}; the whole run counts "
            f"{number} ({of_what}), and {option} allows {limit}",
        )
        for stack, addresses in found.items()
        if addresses
    ]
