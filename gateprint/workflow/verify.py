"""`verify`: asks what is deployed for every role, stage and route, and compares the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from botocore.credentials import Credentials

from gateprint.access.probes import Probe, plan
from gateprint.access.verdicts import Answer, Verdict, expectation
from gateprint.access.verdicts_apart import is_malformed, judge_apart, without_answer
from gateprint.errors import NotModelled, ToolFailed
from gateprint.model.resolved import (
    Environment,
    MockBackend,
)
from gateprint.workflow.deployed import Clients, Wanted, read_account
from gateprint.workflow.held import Held
from gateprint.workflow.inputs import Inputs
from gateprint.workflow.roles import find_role
from gateprint.workflow.verify_account import (
    Documents,
    Said,
    Served,
    simulate,
    url_at,
    url_of,
)
from gateprint.workflow.verify_apart import checked_by, is_apart, prepare
from gateprint.workflow.verify_credentials import Credentialed, NoCredentials
from gateprint.workflow.verify_http import Message
from gateprint.workflow.verify_manner import Calls, Manner, Stand, manner_of, served_method
from gateprint.workflow.verify_places import ASK_FROM, is_about_the_place, placed, pretended
from gateprint.workflow.verify_releases import with_releases
from gateprint.workflow.verify_report import Evidence, Report, Row, row_of
from gateprint.workflow.verify_served import remedies, still_served
from gateprint.workflow.verify_stands import ApiIds, api_ids, stands_of

Progress = Callable[[str], None]
Ids = Callable[[str], Mapping[str, str]]


class Sends(Protocol):
    """Sends messages."""

    def send(
        self, messages: Sequence[Message], progress: Progress
    ) -> Iterator[tuple[Message, Answer | str]]:
        """Yield each message with its answer, or with why there is none."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What reaches the account and its APIs; `ids_of` gives a stack's API ids from its outputs.

    `keys` are the values of API keys by their names in AWS, as they were given.
    """

    clients: Clients
    credentials: Credentialed
    sender: Sends
    ids_of: Ids
    progress: Progress
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)


def verify(inputs: Inputs, calls: Calls, tools: Tools, only: str | None = None) -> Report:
    """Return what an environment's deployed APIs do, beside what its blueprints state.

    `calls` says which handlers may run: none, the functions of the blueprints, or all backends.
    `only` is the name of the one API to ask about.

    Raises:
        ToolFailed: the account cannot be asked, or nothing of the environment is deployed.
    """
    (environment,) = inputs.environments
    named = api_ids(inputs, tools.clients, tools.ids_of, tools.progress)
    stands, missing = stands_of(inputs, tools.clients, named, calls, only)
    if not stands:
        stacks = " ".join(each.stack for each in inputs.blueprints if not each.is_retired)
        problem = f"nothing of {environment.name} is deployed"
        raise ToolFailed(problem, f"deploy it first: npx cdktf deploy {stacks}")
    probes = list(with_releases(_probes(inputs, named, stands), tools.clients, tools.progress))
    prepared = prepare(inputs, probes, calls, tools.clients, tools.keys)
    run = _Run(inputs, environment, calls, tools, dict(missing), prepared.keys)
    rows = run.rows(stands, prepared.probes)
    stale = list(still_served(stands, tools.clients))
    rows = _by_stage([*rows, *prepared.rows, *(row for _, row in stale)])
    return Report(environment.name, calls, tuple(rows), run.not_asked, remedies(stale))


def _by_stage(rows: Sequence[Row]) -> list[Row]:
    """Return rows with those of one stage beside each other, in the order of the stages."""
    places = list(dict.fromkeys((each.api, each.stage) for each in rows))
    number = {place: index for index, place in enumerate(places)}
    return sorted(rows, key=lambda each: number[each.api, each.stage])


def _probes(
    inputs: Inputs, named: ApiIds, stands: Iterable[Stand]
) -> Iterator[tuple[Stand, Probe]]:
    """Yield the probes of each API; roles of what is not deployed are not there to be strangers."""
    (environment,) = inputs.environments
    roles = {
        role.name
        for each in inputs.blueprints
        if any(named.of(each, api) for api in each.apis)
        for role in each.roles
    }
    for stand in stands:
        for probe in plan(stand.blueprint, roles):
            place = probe.place
            if place.api == stand.api.name and place.stage in stand.found.stages:
                yield from ((stand, each) for each in placed(stand.api, probe, environment))


@dataclass(frozen=True, slots=True)
class _Run:
    inputs: Inputs
    environment: Environment
    calls: Calls
    tools: Tools
    not_asked: dict[str, str]
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    def rows(self, stands: Sequence[Stand], probes: Sequence[tuple[Stand, Probe]]) -> list[Row]:
        messages = self._messages(probes)
        # Documents tell nothing of forged signatures.
        held_back = {
            index: each
            for index, each in enumerate(probes)
            if index not in messages and each[1].kind != "tampered"
        }
        apart = {index: each for index, each in held_back.items() if is_apart(each[1])}
        for index in apart:
            del held_back[index]
        found = self._sent(messages, probes) | self._looked_up(stands, held_back)
        found |= {index: [row] for index, each in apart.items() if (row := checked_by(*each))}
        return [row for index in sorted(found) for row in found[index]]

    def _messages(self, probes: Sequence[tuple[Stand, Probe]]) -> dict[int, Message]:
        """Return what is sent, by its place among the probes."""
        manners = [manner_of(probe, stand, self.calls) for stand, probe in probes]
        sent = [index for index, each in enumerate(manners) if each != "look up"]
        credentials = self._credentials(probes[index][1].role for index in sent)
        return {
            index: self._message(*probes[index], manners[index], credentials)
            for index in sent
            if not (role := probes[index][1].role) or role in credentials
        }

    def _credentials(self, roles: Iterable[str]) -> Mapping[str, Credentials]:
        found: dict[str, Credentials] = {}
        for name in sorted({each for each in roles if each}):
            try:
                found[name] = self.tools.credentials(find_role(self.inputs, name)[0])
            except NoCredentials as reason:
                if self.calls != "none":
                    self.not_asked[f"role {name}"] = str(reason)
        return found

    def _message(
        self, stand: Stand, probe: Probe, manner: Manner, credentials: Mapping[str, Credentials]
    ) -> Message:
        at = url_of(self.environment, stand.found.api_id, probe.place.stage)
        return Message(
            probe,
            url_at(self.environment, probe.domain) if probe.domain else at,
            self.environment.region,
            manner == "send typed",
            credentials.get(probe.role),
            pretended(probe, self.environment),
            self.keys.get(probe.key, ""),
        )

    def _sent(
        self, messages: Mapping[int, Message], probes: Sequence[tuple[Stand, Probe]]
    ) -> dict[int, list[Row]]:
        self.tools.progress(f"sending {len(messages):,} requests")
        indexes = {id(each): index for index, each in messages.items()}
        waiting = list(messages.values())
        found: dict[int, list[Row]] = {}
        for message, answer in self.tools.sender.send(waiting, self.tools.progress):
            index = indexes[id(message)]
            found[index] = list(self._rows(*probes[index], answer))
        return found

    def _rows(self, stand: Stand, probe: Probe, answer: Answer | str) -> Iterator[Row]:
        if isinstance(answer, str):
            verdict = without_answer(probe, answer)
            is_refused = verdict.outcome == "ok"
            yield row_of(probe, verdict, "before the backend" if is_refused else "none")
        elif is_about_the_place(probe, self.environment, answer):
            yield _undecided(probe, f"{answer} ({ASK_FROM} {probe.whereabouts.words})")
        else:
            at = f"{stand.found.api_id}/{probe.place.stage}"
            for verdict in judge_apart(probe, answer, at):
                yield row_of(probe, verdict, _evidence(stand, probe, answer))

    def _looked_up(
        self, stands: Sequence[Stand], held_back: Mapping[int, tuple[Stand, Probe]]
    ) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = {}
        for stand in stands:
            own = {i: probe for i, (of, probe) in held_back.items() if of is stand}
            if own:
                found |= self._decided(stand, own)
        return found

    def _decided(self, stand: Stand, probes: Mapping[int, Probe]) -> dict[int, list[Row]]:
        stage = stand.found.stages[0]
        wanted = Wanted(self.environment, stand.blueprint.stack, stand.api.name, stage)
        try:
            account = read_account(wanted, self.tools.clients, self.tools.progress)
        except ToolFailed as error:
            return {i: [_undecided(each, error.problem)] for i, each in probes.items()}
        documents = Documents(stand.blueprint, stand.api, account, Held.of(account))
        documents = self._simulated(documents, probes)
        return {i: [_stale(stand, each) or _row(documents, each)] for i, each in probes.items()}

    def _simulated(self, documents: Documents, probes: Mapping[int, Probe]) -> Documents:
        if self.environment.endpoint is not None or documents.account.policy:
            return documents
        questions = [(each.role, documents.arn_of(each)) for each in probes.values() if each.role]
        found = simulate(self.environment, self.tools.clients, questions)
        held = documents.held
        return Documents(documents.blueprint, documents.api, documents.account, held, found)


def _evidence(stand: Stand, probe: Probe, answer: Answer) -> Evidence:
    if probe.kind == "preflight":
        return "called"
    if probe.kind in {"closed", "certificate"}:
        return "before the backend"
    is_mock = isinstance(stand.api.route(probe.place.route).backend, MockBackend)
    is_early = is_mock or answer.is_refusal or is_malformed(probe, answer)
    return "before the backend" if is_early else "called"


def _undecided(probe: Probe, reason: str) -> Row:
    verdict = Verdict("access", expectation(probe.expected), reason, "undecided")
    return row_of(probe, verdict, "none")


def _stale(stand: Stand, probe: Probe) -> Row | None:
    """Return what the stage's deployment has otherwise, whatever the API's methods say by now."""
    served = served_method(stand, probe)
    if served is None and stand.served.get(probe.place.stage):
        found = "the stage's deployment has no such method"
    elif served is not None and not _is_checked(served, probe):
        asked = _LACKING.get(probe.expected, "checks nobody by IAM")
        found = f"let through: the stage's deployment {asked}"
    else:
        return None
    verdict = Verdict("access", expectation(probe.expected), found, "differs")
    return row_of(probe, verdict, "the stage's deployment")


_LACKING = {"no token": "asks for no token", "no key": "asks for no API key"}


def _is_checked(served: Served, probe: Probe) -> bool:
    if probe.expected in {"let through", "no key"}:
        return served.needs_key or probe.expected == "let through"
    return served.is_custom if probe.expected == "no token" else served.is_iam


def _row(documents: Documents, probe: Probe) -> Row:
    try:
        said, is_simulated = documents.say(probe)
    except NotModelled as error:
        return _undecided(probe, str(error))
    evidence: Evidence = "IAM's simulator" if is_simulated else "the account's documents"
    return row_of(probe, _compared(probe, said), evidence)


def _compared(probe: Probe, said: Said) -> Verdict:
    outcome: Literal["ok", "differs"] = "ok" if said == probe.expected else "differs"
    return Verdict("access", expectation(probe.expected), said, outcome)
