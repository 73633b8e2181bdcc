"""What routes ask of requests → what methods check, and which headers pages may send; pure."""

from __future__ import annotations

from collections.abc import Iterable

from gateprint.model.resolved import Api, Request, Route
from gateprint.stack.published import Checks, Model


def checks_of(request: Request | None) -> Checks | None:
    """Return what a method checks; None where its route says nothing."""
    if request is None:
        return None
    return Checks(
        validator=request.validator,
        model=request.body.model if request.body else "",
        parameters={
            f"method.request.{each.place}.{each.name}": each.is_required
            for each in sorted(request.parameters, key=lambda one: (one.place, one.name))
        },
    )


def models_of(api: Api) -> tuple[Model, ...]:
    """Return the models of an API, each once, by name."""
    bodies = [route.request.body for route in api.routes if route.request and route.request.body]
    found = {each.model: Model(each.model, each.schema_json) for each in bodies}
    return tuple(found[name] for name in sorted(found))


def declared_headers(routes: Iterable[Route]) -> tuple[str, ...]:
    """Return the headers that requests to routes may have, sorted, one spelling of each."""
    named = {
        each.name.lower(): each.name
        for route in routes
        for each in (route.request.parameters if route.request else ())
        if each.place == "header"
    }
    return tuple(named[each] for each in sorted(named))


def refusals_of(routes: Iterable[Route]) -> tuple[str, ...]:
    """Return the gateway responses with which what routes check is refused."""
    validators = {route.request.validator for route in routes if route.request}
    kinds = {
        "BAD_REQUEST_BODY": {"body", "body-and-parameters"},
        "BAD_REQUEST_PARAMETERS": {"parameters", "body-and-parameters"},
    }
    return tuple(kind for kind, checking in kinds.items() if validators & checking)
