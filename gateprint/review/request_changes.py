"""What routes check of requests, before and after, from blueprints or from a plan; pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateprint.model.resolved import Request
from gateprint.review.planned import attribute, is_unknown, text
from gateprint.terraform.plans.plan import ResourceChange

_ANY_TYPE = "$default"
_PLACES = {"querystring": "the parameter", "header": "the header", "path": "the path's"}
_METHOD = "method.request."
_MOST = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What a method checks: bodies by a model, for every type of content or some, and parameters.

    `required` are parameters in words, `the header If-Match`.
    """

    model: str = ""
    is_of_any_type: bool = False
    required: frozenset[str] = frozenset()

    def lost_in(self, after: Asked) -> Iterator[str]:
        """Yield what is checked here and not afterwards, each as a clause."""
        if self.model and not after.model:
            yield "bodies are not checked any more"
        elif self.is_of_any_type and not after.is_of_any_type:
            yield "bodies of some types of content are not checked any more"
        for each in sorted(self.required - after.required):
            yield f"{each} is not required any more"


def asked_by(request: Request | None) -> Asked:
    """Return what a route of a blueprint checks."""
    if request is None:
        return Asked()
    required = (
        f"{_PLACES[each.place]} {each.name}" for each in request.parameters if each.is_required
    )
    model = request.body.model if request.body else ""
    return Asked(model, bool(model), frozenset(required))


def planned_asked(change: ResourceChange) -> tuple[Asked, Asked]:
    """Return what a method checks before and after, of which a validator that is made is a part."""
    is_made = is_unknown(change, "request_validator_id")
    return _asked(change.before), _asked(change.after, is_validated=is_made)


def _asked(values: Any, *, is_validated: bool = False) -> Asked:
    if not (is_validated or text(values, "request_validator_id")):
        return Asked()
    models = attribute(values, "request_models") or {}
    parameters = attribute(values, "request_parameters") or {}
    named = [str(each) for each in models.values()] if isinstance(models, Mapping) else []
    required = (each for each, needed in parameters.items() if str(needed).lower() == "true")
    return Asked(
        next(iter(named), ""), _ANY_TYPE in models, frozenset(_words(each) for each in required)
    )


def _words(parameter: str) -> str:
    place, _, name = parameter.removeprefix(_METHOD).partition(".")
    return f"{_PLACES.get(place, place)} {name}"


def body_changes(before: str, after: str) -> str:
    """Return what differs in two schemas, in words; empty where they mean the same."""
    was, now = _read(before), _read(after)
    if was == now:
        return ""
    found = list(_differences(was, now)) if isinstance(was, dict) and isinstance(now, dict) else []
    more = [f"and {len(found) - _MOST} more"] if len(found) > _MOST else []
    return ", ".join([*found[:_MOST], *more]) or "its form is another one"


def _read(schema: str) -> Any:
    try:
        return json.loads(schema)
    except (ValueError, RecursionError):
        return schema


def _differences(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    before, after = _names(was.get("required")), _names(now.get("required"))
    yield from (f"{each} became required" for each in sorted(after - before))
    yield from (f"{each} is not required any more" for each in sorted(before - after))
    old, new = _mapping(was.get("properties")), _mapping(now.get("properties"))
    yield from (f"{each} is new" for each in sorted(new.keys() - old.keys() - (after - before)))
    yield from (f"{each} is gone" for each in sorted(old.keys() - new.keys()))
    for each in sorted(old.keys() & new.keys()):
        if old[each] != new[each]:
            yield f"{each} has another form"
    is_open = [each.get("additionalProperties") is not False for each in (was, now)]
    if is_open[0] != is_open[1]:
        yield "further properties are taken" if is_open[1] else "no further properties are taken"


def _names(value: Any) -> set[str]:
    return {str(each) for each in value} if isinstance(value, list) else set()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
