"""The probes of `verify` about something else than who may call a route: which can be asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gateprint.access.front_probes import front_probes
from gateprint.access.key_probes import key_probes
from gateprint.access.probes import Probe
from gateprint.access.request_probes import malformed_probes
from gateprint.access.verdicts import Verdict, expectation
from gateprint.workflow.deployed import Clients
from gateprint.workflow.inputs import Inputs
from gateprint.workflow.verify_fronts import fronts_of, guarded_domains
from gateprint.workflow.verify_keys import values_of
from gateprint.workflow.verify_manner import Calls, Stand, manner_of, served_method
from gateprint.workflow.verify_report import Row, row_of

Asked = tuple[Stand, Probe]
_UNTRIED = "; no key was tried"


def is_apart(probe: Probe) -> bool:
    """Tell whether the documents about roles and routes say nothing of a probe."""
    others = {"malformed", "keyed", "closed", "certificate"}
    return bool(probe.domain) or probe.kind in others


@dataclass(frozen=True, slots=True)
class Prepared:
    """All probes, the rows that the account decided already, and the values of keys by name."""

    probes: tuple[Asked, ...]
    rows: tuple[Row, ...]
    keys: Mapping[str, str] = field(repr=False)


def prepare(
    inputs: Inputs,
    asked: Sequence[Asked],
    calls: Calls,
    clients: Clients,
    given: Mapping[str, str],
) -> Prepared:
    """Return the probes of roles and routes, `asked`, with all others that can be asked.

    Raises:
        ToolFailed: AWS does not answer.
    """
    (environment,) = inputs.environments
    others = list(probes_apart(asked, guarded_domains(inputs.blueprints)))
    closed = {id(stand) for stand, probe in others if probe.kind == "closed"}
    stands = {id(stand): stand for stand, _ in asked}
    fronts = fronts_of(stands.values(), closed, clients)
    names = (probe.key for _, probe in others if probe.key)
    keys = values_of(names, environment, clients, given, calls)
    ready = Ready(calls, fronts.right, keys)
    return Prepared(tuple(ready.choose([*asked, *others])), fronts.rows, keys)


def probes_apart(asked: Sequence[Asked], guarded: Collection[str]) -> Iterator[Asked]:
    """Yield the probes that go with those of each stage.

    What the release of a pinned stage checks is not known, so that it is not asked about.
    """
    groups: dict[tuple[int, str], list[Asked]] = {}
    for each in asked:
        groups.setdefault((id(each[0]), each[1].place.stage), []).append(each)
    for (_, stage), group in groups.items():
        stand, probes = group[0][0], [each[1] for each in group]
        found = [*front_probes(stand.blueprint, stand.api, stage, probes, guarded)]
        found += key_probes(stand.blueprint, stand.api, stage, probes)
        if not _is_pinned(stand, stage):
            found += malformed_probes(stand.api, probes)
        yield from ((stand, each) for each in found)


def _is_pinned(stand: Stand, stage: str) -> bool:
    return any(each.name == stage and each.release for each in stand.blueprint.stages)


@dataclass(frozen=True, slots=True)
class Ready:
    """What decides which probes are sent: leave to call, right addresses, and keys by name."""

    calls: Calls
    addresses: Collection[str]
    keys: Mapping[str, str]

    def choose(self, asked: Iterable[Asked]) -> list[Asked]:
        """Return what can be asked; where no key was tried, the rows about keys say so."""
        kept = [each for each in asked if self._is_asked(*each)]
        tried = {_stage_of(stand, probe) for stand, probe in kept if probe.key}
        return [(stand, _told(stand, probe, tried)) for stand, probe in kept]

    def _is_asked(self, stand: Stand, probe: Probe) -> bool:
        if probe.domain and self.calls != "all" and probe.domain not in self.addresses:
            return False  # It may lead to somebody else's backend.
        if probe.key:
            return probe.key in self.keys and manner_of(probe, stand, self.calls) != "look up"
        return True


def _told(stand: Stand, probe: Probe, tried: Collection[tuple[int, str]]) -> Probe:
    if probe.expected != "no key" or probe.key or _stage_of(stand, probe) in tried:
        return probe
    return replace(probe, why=probe.why + _UNTRIED)


def _stage_of(stand: Stand, probe: Probe) -> tuple[int, str]:
    return id(stand), probe.place.stage


def checked_by(stand: Stand, probe: Probe) -> Row | None:
    """Return whether the stage's deployment makes the check that a malformed request is about."""
    served = served_method(stand, probe)
    malformed = probe.malformed
    if served is None or malformed is None:
        return None
    is_checked = served.checks_body if malformed.is_of_body else malformed.lacks in served.required
    verdict = Verdict(
        "access",
        expectation(probe.expected),
        "checked" if is_checked else f"{malformed.lacks} is not checked",
        "ok" if is_checked else "differs",
    )
    return row_of(probe, verdict, "the stage's deployment")
