"""What callers notice of a change: what of today fails, and what is stricter tomorrow; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateprint.access.changes.restrictions import words_of
from gateprint.access.changes.wording import grouped, joined, parts_of
from gateprint.model.document import KeyPath
from gateprint.model.resolved import Api, ResolvedBlueprint, Stage
from gateprint.model.restriction import Restriction
from gateprint.review.notice import about, listed
from gateprint.review.noticed_domains import noticed_of_domains
from gateprint.review.noticed_keys import noticed_of_keys
from gateprint.review.noticed_published import noticed_of_published
from gateprint.review.noticed_releases import noticed_of_releases
from gateprint.review.noticed_roles import noticed_of_roles
from gateprint.review.planned import going, made, text
from gateprint.review.review import Noticed
from gateprint.review.subject import StackSubject, Subject
from gateprint.terraform.plans.plan import ResourceChange

_PARAMETER = re.compile(r"\{[^}+]*(\+?)\}")
_HEADERS = "method.response.header.Access-Control-Allow-Headers"


def noticed(subject: Subject, before: Sequence[ResolvedBlueprint]) -> tuple[Noticed, ...]:
    """Return what callers notice, what breaks calls first; `before` is what is there until now.

    A stack without a blueprint before is new. What Terraform does anew is only in its plan.
    """
    known = {each.stack: each for each in before}
    found: list[Noticed] = []
    for stack in subject.stacks:
        old = known.get(stack.stack)
        if old is not None and stack.blueprint is not None:
            found += _Pair(stack, old, stack.blueprint).noticed()
        found += _in_plan(stack)
        found += noticed_of_releases(stack)
        found += noticed_of_published(stack)
        found += noticed_of_domains(stack)
    found += noticed_of_roles(subject, before)
    found += noticed_of_keys(subject)
    return tuple(sorted(dict.fromkeys(found), key=_order))


def _order(each: Noticed) -> tuple[bool, str, str, str]:
    return not each.is_breaking, each.stack, each.kind, each.sentence


@dataclass(frozen=True, slots=True)
class _Pair:
    """A stack as it is, and as it will be."""

    stack: StackSubject
    old: ResolvedBlueprint
    new: ResolvedBlueprint

    def noticed(self) -> Iterator[Noticed]:
        apis = {each.name: each for each in self.new.apis}
        for api in self.old.apis:
            if api.name not in apis:
                yield self._gone(api)
                continue
            if any(each.has_latest for each in self.new.stages):
                # Stages with a release get this with their next one.
                yield from self._routes(api, apis[api.name])
                yield from self._auth(api, apis[api.name])
            yield from self._cors(api, apis[api.name])
            yield from self._network(api, apis[api.name])
            yield from self._restriction(api, apis[api.name])
        yield from self._stages()
        yield from self._throttles()

    def _gone(self, api: Api) -> Noticed:
        path: KeyPath | None = ("retired",) if self.new.is_retired else None
        return about(self.stack.place, "api-removed", f"the API {api.name} is gone", path)

    def _stages(self) -> Iterator[Noticed]:
        left = {each.name for each in self.new.stages}
        gone = [each.name for each in self.old.stages if each.name not in left]
        if gone and self.new.apis:
            apis = listed([each.name for each in self.old.apis])
            yield about(self.stack.place, "stage-removed", f"{_named('stage', gone, apis)} gone")

    def _routes(self, old: Api, new: Api) -> Iterator[Noticed]:
        left = {_shape(each.key) for each in new.routes}
        gone = [
            each.key
            for each in old.routes
            if not {_shape(each.key), _shape(f"ANY {each.path}")} & left
        ]
        if gone:
            s = "is" if len(gone) == 1 else "are"
            yield about(self.stack.place, "route-removed", f"{listed(gone)} of {old.name} {s} gone")

    def _auth(self, old: Api, new: Api) -> Iterator[Noticed]:
        known = {_shape(each.key): each.auth for each in old.routes}
        changed = [
            each for each in new.routes if known.get(_shape(each.key), each.auth) != each.auth
        ]
        for (was, now), alike in grouped(
            changed, lambda each: (known[_shape(each.key)], each.auth)
        ).items():
            keys = [each.key for each in alike]
            asked = _asked(was, now, "s" if len(keys) == 1 else "")
            path = ("apis", new.name, "routes", keys[0], "auth")
            sentence = f"{listed(keys)} of {new.name} {asked}"
            is_breaking = now != "none"
            yield about(self.stack.place, "auth-changed", sentence, path, is_breaking=is_breaking)

    def _cors(self, old: Api, new: Api) -> Iterator[Noticed]:
        if old.cors is None or (new.cors is not None and new.cors.origins == ("*",)):
            return
        left = new.cors.origins if new.cors is not None else ()
        lost = [each for each in old.cors.origins if each not in left]
        path = ("apis", new.name, "cors", "origins")
        if lost and new.cors is None:
            sentence = f"browsers may call {new.name} from no other origin any more"
            yield about(self.stack.place, "cors-narrowed", sentence, path[:2])
        elif lost == ["*"]:
            sentence = f"browsers may call {new.name} from {listed(left)} only"
            yield about(self.stack.place, "cors-narrowed", sentence, path)
        elif lost:
            sentence = f"browsers may no longer call {new.name} from {listed(lost)}"
            yield about(self.stack.place, "cors-narrowed", sentence, path)

    def _network(self, old: Api, new: Api) -> Iterator[Noticed]:
        lost = [each for each in old.doors if each not in new.doors]
        path = ("apis", new.name, "vpc_endpoints" if new.vpc_endpoints else "only_from")
        if new.doors and not old.doors:
            sentence = f"{new.name} can no longer be reached from the internet"
            yield about(self.stack.place, "network-narrowed", sentence, path)
        elif new.doors and lost:
            sentence = f"{new.name} can no longer be reached through {listed(lost)}"
            yield about(self.stack.place, "network-narrowed", sentence, path)

    def _restriction(self, old: Api, new: Api) -> Iterator[Noticed]:
        was, now = (each.only_from or Restriction() for each in (old, new))
        if now and not was.is_within(now):
            sentence = f"{new.name} can only be reached {''.join(parts_of(words_of(now)))}"
            path = ("apis", new.name, "only_from")
            yield about(self.stack.place, "network-narrowed", sentence, path)

    def _throttles(self) -> Iterator[Noticed]:
        known = {each.name: each for each in self.old.stages}
        told = [
            (words, each.name)
            for each in self.new.stages
            if each.name in known
            for words in _stricter(known[each.name], each)
        ]
        for words, alike in grouped(told, lambda one: one[0]).items():
            stages = [stage for _, stage in alike]
            path = ("stages", stages[0], "throttle")
            sentence = f"{words} on {joined(stages)}"
            yield about(self.stack.place, "stricter", sentence, path, is_breaking=False)


def _stricter(old: Stage, new: Stage) -> Iterator[str]:
    if new.throttle is None:
        return
    was = old.throttle
    if was is None:
        yield f"throttle of {new.throttle.rate:g} requests per second, until now none of its own"
        return
    if new.throttle.rate < was.rate:
        yield f"throttle {was.rate:g} → {new.throttle.rate:g} requests per second"
    if new.throttle.burst < was.burst:
        yield f"burst {was.burst} → {new.throttle.burst} requests"


# What a caller shows, by `auth`.
_PROOFS = {"iam": "signature", "jwt": "token", "cognito": "token"}


def _asked(was: str, now: str, s: str) -> str:
    if now == "none":
        return f"need{s} no {_PROOFS.get(was, was)} any more"
    if was == "none":
        return f"need{s} a {_PROOFS.get(now, now)} now"
    return f"need{s} a {_PROOFS.get(now, now)} now, and no {_PROOFS.get(was, was)} any more"


def _shape(key: str) -> str:
    """Return a route as callers see it: how its path parameters are called is not seen."""
    return _PARAMETER.sub(r"{\1}", key)


def _named(noun: str, names: Sequence[str], of: str = "") -> str:
    one = len(names) == 1
    of = f" of {of}" if of else ""
    return f"the {noun}{'' if one else 's'} {listed(names)}{of} {'is' if one else 'are'}"


def _in_plan(stack: StackSubject) -> Iterator[Noticed]:
    """Yield what only Terraform knows: what it takes away and makes anew."""
    if stack.plan is None:
        return
    for each in going(stack.plan, "aws_api_gateway_rest_api"):
        if each.action == "replace":
            name = text(each.before, "name").removeprefix(f"{stack.stack}-")
            sentence = f"the API {name} is made anew, and all its addresses change"
            yield about(stack.place, "api-replaced", sentence, ("apis", name))
    for each in going(stack.plan, "aws_api_gateway_stage"):
        if each.action == "replace":
            name = text(each.before, "stage_name")
            sentence = f"stage {name} is taken away and made anew: calls in between fail"
            yield about(
                stack.place, "stage-replaced", sentence, ("stages", name), is_breaking=False
            )
    for each in going(stack.plan, "aws_iam_saml_provider"):
        name = text(each.before, "name") or each.name
        until = " until it is there again" if each.action == "replace" else " any more"
        sentence = f"nobody signs in through {name}{until}"
        yield about(stack.place, "sign-in-narrowed", sentence, ("identity_providers", name))
    yield from _headers(stack, made(stack.plan, "aws_api_gateway_integration_response"))


def _headers(stack: StackSubject, changes: Iterable[ResourceChange]) -> Iterator[Noticed]:
    """Yield the request headers that browsers may no longer send from other origins."""
    lost: dict[str, None] = {}
    for each in changes:
        was, now = (_allowed(side) for side in (each.before, each.after))
        if now and "*" not in now:
            lost |= dict.fromkeys(header for header in was if header not in now)
    if lost:
        sentence = f"browsers may no longer send {listed(list(lost))} from other origins"
        yield about(stack.place, "cors-narrowed", sentence, ("apis",))


def _allowed(values: object) -> list[str]:
    parameters = values.get("response_parameters") if isinstance(values, Mapping) else None
    return [each for each in text(parameters, _HEADERS).strip("'").split(",") if each]
