"""Who may call what, as `gateprint can` answers, and what the sentences of a review make of it.

A review is true if its sentences turn what everybody could call before the step into what they can
call after it, and each of them says something that was not so before.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from gateprint.access.answers.question import read_call
from gateprint.model.resolved import ResolvedBlueprint, Role
from gateprint.workflow.choice import Question
from gateprint.workflow.inputs import Inputs
from gateprint.workflow.questions import can, who_can

EVERYONE = "everyone"
_CERTIFICATE = re.compile(r"<X509Certificate>([^<]+)</X509Certificate>")
_SIGNED = "every signed route"
_PLACE = r"(?P<what>.+?) on (?P<stages>.+?) of (?P<api>\S+) \([^()]+\)"
_GAINS = re.compile(rf"(?P<who>.+?) gains? {_PLACE}(, and so may call {_SIGNED} there)?(: .+)?")
_LOSES = re.compile(rf"(?P<who>.+?) loses? {_PLACE}(: .+)?")
_OPENED = re.compile(rf"everyone may call {_PLACE}( \(until now only (?P<who>.+?)\))?(: .+)?")
_CLOSED = re.compile(
    rf"not everyone may call {_PLACE} any more: "
    r"(only (?P<who>.+) may|no role may either|the .+ (is|are) gone)"
)


@dataclass(frozen=True, slots=True, order=True)
class May:
    """That somebody may call a route on a stage."""

    who: str
    api: str
    stage: str
    route: str


class Untrue(AssertionError):
    """The sentences do not say what is the case."""


def answers(inputs: Inputs) -> frozenset[May]:
    """Ask `gateprint can` about each stage, route and role; of an open route it is everyone."""
    return frozenset(each for one in inputs.blueprints for each in _answers(inputs, one))


def _answers(inputs: Inputs, blueprint: ResolvedBlueprint) -> Iterator[May]:
    for stage in blueprint.stages:
        for api, route in blueprint.routes():
            call = read_call(f"{route.method} {route.path.replace('{id}', '7')}")
            question = Question(stage.name, call, api.name)
            if who_can(inputs, question).everyone is not None:
                yield May(EVERYONE, api.name, stage.name, route.key)
                continue
            for role in blueprint.roles:
                if can(inputs, question, role.name)[0].decision == "allow":
                    yield May(role.name, api.name, stage.name, route.key)


def check(access: Sequence[Mapping[str, Any]], before: Inputs, after: Inputs) -> None:
    """Compare a review's sentences about access with what is the case.

    Raises:
        Untrue: they say too little, too much, or something else.
    """
    known = _Known(set(answers(before)), _signed(before), _signed(after))
    for each in access:
        if each["kind"] != "sign-in":
            known.hear(each["sentence"])
    _compare("who may call what", known.all, answers(after))
    told = [each["sentence"] for each in access if each["kind"] == "sign-in"]
    _check_sign_ins(told, set(_sign_ins(before, after)), _roles(before) | _roles(after))


@dataclass(frozen=True, slots=True)
class _Known:
    """What one knows, sentence by sentence; the routes that need a signature, by API."""

    all: set[May]
    signed_before: Mapping[str, Sequence[str]]
    signed_after: Mapping[str, Sequence[str]]

    def hear(self, sentence: str) -> None:
        """Change what is known."""
        if found := _GAINS.fullmatch(sentence):
            self._add(sentence, self._meant(found, _names(found["who"]), self.signed_after))
        elif found := _LOSES.fullmatch(sentence):
            self._remove(sentence, self._meant(found, _names(found["who"]), self.signed_before))
        elif found := _OPENED.fullmatch(sentence):
            self._remove(sentence, self._meant(found, _names(found["who"]), self.signed_before))
            self._add(sentence, self._meant(found, [EVERYONE], self.signed_after))
        elif found := _CLOSED.fullmatch(sentence):
            self._remove(sentence, self._meant(found, [EVERYONE], self.signed_before))
            self._add(sentence, self._meant(found, _names(found["who"]), self.signed_after))
        else:
            raise Untrue(f"not understood: {sentence}")

    def _add(self, sentence: str, meant: set[May]) -> None:
        if meant & self.all:
            raise Untrue(f"so it was before: {sentence}")
        self.all.update(meant)

    def _remove(self, sentence: str, meant: set[May]) -> None:
        if not meant <= self.all:
            raise Untrue(f"so it was not before: {sentence}")
        self.all.difference_update(meant)

    @staticmethod
    def _meant(
        found: re.Match[str], who: Sequence[str], signed: Mapping[str, Sequence[str]]
    ) -> set[May]:
        api, what = found["api"], found["what"]
        routes = signed[api] if what == _SIGNED else _names(what)
        stages = _names(found["stages"])
        return {May(one, api, stage, route) for one in who for stage in stages for route in routes}


def _names(text: str | None) -> list[str]:
    return re.split(r", | and ", text) if text else []


def _signed(inputs: Inputs) -> dict[str, list[str]]:
    return {
        api.name: [each.key for each in api.routes if each.auth == "iam"]
        for blueprint in inputs.blueprints
        for api in blueprint.apis
    }


def _compare(what: str, told: AbstractSet[object], true: AbstractSet[object]) -> None:
    if told != true:
        raise Untrue(f"{what}: untrue {told - true or '-'}, not said {true - told or '-'}")


# A role, and the words with which a sentence says what is other about its sign-in.
_SignIn = tuple[str, tuple[str, ...]]


def _check_sign_ins(
    told: Sequence[str], true: AbstractSet[_SignIn], roles: AbstractSet[str]
) -> None:
    """See that what is other is said, and that no sentence says something else."""
    heard = {each for sentence in told for each in true if _is_said(each, sentence)}
    _compare("how roles are assumed", heard, true)
    for sentence in told:
        meant = {role for role, words in true if _is_said((role, words), sentence)}
        _compare(f"who is assumed otherwise: {sentence}", _words(sentence) & roles, meant)


def _is_said(one: _SignIn, sentence: str) -> bool:
    role, words = one
    return role in _words(sentence) and all(each in sentence for each in words)


def _words(sentence: str) -> set[str]:
    return {each.strip(",:") for each in sentence.split()}


def _sign_ins(before: Inputs, after: Inputs) -> Iterator[_SignIn]:
    old, new = _assumed(before), _assumed(after)
    assert old.keys() <= new.keys(), "no step of the story removes a role"
    for name, role in new.items():
        if name not in old:
            conditions = (word for key, values in role.when.items() for word in (key, *values))
            yield name, ("may assume", *conditions, f"{role.max_session_seconds // 3600}h")
            continue
        known, now = _certificates(old[name]), _certificates(role)
        yield from ((name, (each, "may now let anyone assume")) for each in now - known)
        yield from ((name, (each, "no longer counts for")) for each in known - now)


def _assumed(inputs: Inputs) -> dict[str, Role]:
    return {role.name: role for each in inputs.blueprints for role in each.roles}


def _certificates(role: Role) -> set[str]:
    """Return how the provider's certificates begin, as reports show them."""
    metadata = role.identity_provider.metadata_xml if role.identity_provider else ""
    ders = (base64.b64decode(each) for each in _CERTIFICATE.findall(metadata))
    return {hashlib.sha256(each).hexdigest()[:16] for each in ders}


def _roles(inputs: Inputs) -> set[str]:
    return set(_assumed(inputs))
