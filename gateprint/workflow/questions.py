"""`can` and `who-can`: decisions on one request, from the blueprints or from an account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from gateprint.access.answers.answer import Caller, Cited, Ruling, Target, rule
from gateprint.access.answers.provenance import Asked, nearest, place_of
from gateprint.access.evaluate import Outcome
from gateprint.access.identities import identity_note
from gateprint.access.keys import plans_of
from gateprint.access.overreach import reached_routes
from gateprint.access.routes.routing import route_of
from gateprint.access.whereabouts import NOWHERE, Whereabouts
from gateprint.errors import Location, NotModelled, ToolFailed
from gateprint.model.resolved import BY_TOKEN, Role, Route
from gateprint.model.words import listed
from gateprint.workflow.choice import Question, check_declared, check_role, choose
from gateprint.workflow.compiled import Compiled, compiled_target, role_in
from gateprint.workflow.inputs import Inputs
from gateprint.workflow.roles import role_names

if TYPE_CHECKING:
    from gateprint.workflow.deployed import Account, Wanted

NO_ROUTE = "no route answers: API Gateway says 403, Missing Authentication Token"
Read = Callable[["Wanted"], "Account"]


def _without_signature(ruling: Ruling) -> str:
    """Say why it does not matter who signs."""
    if ruling.asks_for_token:
        return f"IAM is not asked: {token_of(ruling.route)}"
    return f"nobody is checked: {ruling.public}" if ruling.outcome == "allow" else ""


def token_of(route: Route | None) -> str:
    """Say what a route asks for that takes tokens."""
    if route is None:
        return ""
    if route.auth == "cognito":
        return _of_pool(route)
    scopes = listed(list(route.scopes), most=len(route.scopes)) if route.scopes else ""
    good_for = f" that has the scope{'s' if len(route.scopes) > 1 else ''} {scopes}"
    return f"a token of {route.authorizer or 'its issuer'}{good_for if scopes else ''} is needed"


def _of_pool(route: Route) -> str:
    """Say which tokens of Cognito API Gateway takes: any one of the scopes is enough."""
    whose = route.authorizer or "its user pool"
    if not route.scopes:
        return f"an ID token of {whose} is needed"
    return f"an access token of {whose} with the scope {' or '.join(route.scopes)} is needed"


@dataclass(frozen=True, slots=True)
class Where:
    """What is asked about; None where no API of the stage answers the request.

    `public` says why nobody is checked, `token` what kind of token is asked for instead of a role.
    `keys_of` are the plans whose API keys open the route; None where none is needed.
    """

    stage: str
    request: str
    environment: str | None = None
    blueprint: str | None = None
    api: str | None = None
    route: str | None = None
    public: str | None = None
    token: str | None = None
    keys_of: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The decision about one role; `why` is one sentence about it, empty where it has none.

    `is_declared` is false for a role that no blueprint declares, and that the account holds.
    """

    role: str
    where: Where
    decision: Outcome
    statement: Cited | None = None
    place: Location | None = None
    why: str = ""
    is_declared: bool = True


@dataclass(frozen=True, slots=True)
class Answers:
    """The decisions about many roles, sorted by name.

    `others` counts the roles of other blueprints, to which nothing of the API is granted;
    `undecided` says why there is no decision; `notes` tell what the account has otherwise.
    """

    where: Where
    everyone: str | None = None
    answers: tuple[Answer, ...] = ()
    others: int = 0
    undecided: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def can(
    inputs: Inputs, question: Question, role: str, read: Read | None = None
) -> tuple[Answer, tuple[str, ...]]:
    """Return whether a role may make a request, and what the account has otherwise.

    `read` asks the account; without it the blueprints answer.

    Raises:
        WrongQuestion: there is no such role, stage or API, or there are several.
        NotModelled: an account's documents say something that is not understood.
        ToolFailed: the account could not be read, or has not what the blueprints declare.
    """
    if read is None:
        check_declared(inputs, role)
    asked = choose(inputs, question, role, is_sure=read is not None)
    if asked is None:
        where = Where(question.stage, str(question.call))
        return Answer(role, where, "implicit-deny", why=NO_ROUTE), ()
    view = _view(inputs, asked, question, read)
    view.check_role(role)
    return view.answer(role), view.notes


def who_can(inputs: Inputs, question: Question, read: Read | None = None) -> Answers:
    """Return what each role may that has to do with the API.

    Raises:
        WrongQuestion: there is no such stage or API, or there are several.
        NotModelled: the account's resource policy, or an authorizer, is not understood.
        ToolFailed: the account could not be read.
    """
    asked = choose(inputs, question, is_sure=read is not None)
    if asked is None:
        return Answers(Where(question.stage, str(question.call)))
    return _view(inputs, asked, question, read).answers()


def _view(inputs: Inputs, asked: Asked, question: Question, read: Read | None) -> _View:
    declared = frozenset(role_names(inputs))
    if read is None:
        own = frozenset(each.name for each in asked.blueprint.roles)
        target = _asked_from(compiled_target(asked), question)
        compiled = Compiled.of(inputs, asked)
        notes = (*_way_in(target, question), *_identity(asked))
        return _View(inputs, asked, target, declared, own, compiled, declared, notes)
    # Imported here: it takes AWS's client along.
    from gateprint.workflow.held import Held, differences, held_target, wanted_of  # noqa: PLC0415

    account = read(wanted_of(asked))
    target, held = _asked_from(held_target(asked, account), question), Held.of(account)
    names = frozenset(held.roles)
    notes = (*_way_in(target, question), *differences(asked, target))
    return _View(inputs, asked, target, names, names, held, declared, notes)


def _asked_from(target: Target, question: Question) -> Target:
    if question.whereabouts == NOWHERE:
        return target
    return replace(target, whereabouts=question.whereabouts.instead_of(target.whereabouts))


def _way_in(target: Target, question: Question) -> Iterator[str]:
    """Say what was taken for granted about where the request comes from."""
    given, whole = question.whereabouts, target.whereabouts or NOWHERE
    if whole.vpc_endpoint and not given.vpc_endpoint:
        yield f"asked as through VPC endpoint {whole.vpc_endpoint}: the API is private"
    taken = Whereabouts(
        None if given.source_ip else whole.source_ip,
        None if given.vpc else whole.vpc,
        organization=whole.organization,
    )
    if taken.words:
        yield f"asked as from {taken.words}: the API is restricted, --from asks otherwise"


def _identity(asked: Asked) -> Iterator[str]:
    """Say what the function asks for behind IAM; an account's documents do not tell."""
    note = identity_note(route_of(asked.api, asked.call.method, asked.call.path))
    if note is not None:
        yield note


class Callers(Protocol):
    """Makes what IAM consults about a role."""

    def caller(self, name: str) -> Caller:
        """Return the role with its documents."""


@dataclass(frozen=True, slots=True)
class _View:
    """What answers: a target, and the roles.

    `concerned` are the roles that may be allowed something: no blueprint's documents name an API of
    another one.
    """

    inputs: Inputs
    asked: Asked
    target: Target
    names: frozenset[str]
    concerned: frozenset[str]
    callers: Callers
    declared: frozenset[str]
    notes: tuple[str, ...] = ()

    def check_role(self, name: str) -> None:
        """Refuse a role that is nowhere, or declared and not in the account."""
        where = self.asked.blueprint.environment
        if name not in self.names and name in self.declared:
            problem = f"account {where.account} holds no role {name}, which a blueprint declares"
            stack = self.asked.blueprint.stack
            raise ToolFailed(problem, f"deploy it first: npx cdktf deploy {stack}")
        check_role(name, self.names)

    def answer(self, name: str) -> Answer:
        caller = Caller(name, "") if self._is_public() else self.callers.caller(name)
        ruling = rule(self.target, caller, self.asked.call)
        role = role_in(self.asked.blueprint, name)
        document = self.inputs.documents[self.asked.blueprint.name]
        return Answer(
            name,
            self._where(ruling.route),
            ruling.outcome,
            ruling.cited,
            place_of(document, self.asked, role, ruling),
            self._why(role, caller, ruling),
            name in self.declared,
        )

    def answers(self) -> Answers:
        where = self._where(self._route())
        found, undecided = self._answered(self.names if self._is_public() else self.concerned)
        own = {each.name for each in self.asked.blueprint.roles}
        shown = tuple(each for each in found if each.decision == "allow" or each.role in own)
        others = len(self.names) - len(shown) - len(undecided)
        return Answers(where, self._everyone(where), shown, others, undecided, self.notes)

    def _answered(self, names: Iterable[str]) -> tuple[list[Answer], dict[str, str]]:
        found: list[Answer] = []
        undecided: dict[str, str] = {}
        for name in sorted(names):
            try:
                found.append(self.answer(name))
            except NotModelled as error:
                undecided[name] = str(error)
        return found, undecided

    def _route(self) -> Route | None:
        return route_of(self.target.api, self.asked.call.method, self.asked.call.path)

    def _is_public(self) -> bool:
        """Nobody's documents are needed then, and neither where a token is asked for."""
        route = self._route()
        return route is not None and route.auth in {*BY_TOKEN, "none"}

    def _everyone(self, where: Where) -> str | None:
        if where.public is None:
            return None
        try:
            ruling = rule(self.target, Caller("", ""), self.asked.call)
        except NotModelled:
            return None  # It is said of each role.
        return where.public if ruling.outcome == "allow" else None

    def _where(self, route: Route | None) -> Where:
        return Where(
            self.asked.stage,
            str(self.asked.call),
            self.asked.blueprint.environment.name,
            self.asked.blueprint.name,
            self.asked.api.name,
            route.key if route else None,
            (route.public or "") if route and route.auth == "none" else None,
            token_of(route) if route and route.is_by_token else None,
            self._plans() if route and route.needs_key else None,
        )

    def _plans(self) -> tuple[str, ...]:
        return plans_of(self.asked.blueprint, self.asked.api, self.asked.stage)

    def _why(self, role: Role | None, caller: Caller, ruling: Ruling) -> str:
        if ruling.route is None:
            through = "; IAM alone would let it through" if ruling.iam == "allow" else ""
            return NO_ROUTE + through
        if ruling.public is not None or ruling.asks_for_token:
            return _without_signature(ruling)
        if ruling.outcome == "allow":
            return self._reason_of_overreach(role, ruling.route)
        if ruling.outcome == "explicit-deny":
            return "a Deny wins over every Allow"
        if caller.boundary is not None and self._is_allowed_unbounded(caller):
            return f"its permissions boundary {caller.boundary.policy.name} does not allow it"
        return nearest(self.asked, role, ruling)

    def _is_allowed_unbounded(self, caller: Caller) -> bool:
        unbounded = replace(caller, boundary=None)
        return rule(self.target, unbounded, self.asked.call).outcome == "allow"

    def _reason_of_overreach(self, role: Role | None, route: Route) -> str:
        place = (role.name if role else "", self.asked.api.name, self.asked.stage, route.key)
        for each in reached_routes(self.asked.blueprint) if role else ():
            if (each.role, each.api, each.stage, each.route) == place and not each.is_denied:
                return f"{route.key} is not granted, but IAM's * reaches it: {each.reason}"
        return ""
