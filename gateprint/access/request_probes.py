"""The requests that show whether a deployed API checks the form of requests; pure.

Each lacks one thing that its route asks for, and is sent by somebody who is let through, so that
only the check is left to refuse it. Whoever needs an API key or a token is not asked to: no probe
has a token, and one with a key would be counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from gateprint.access.probes import VALUE, Malformed, Probe
from gateprint.model.resolved import Api, Route
from gateprint.model.resolved.request import Parameter, Request

# Tried in this order, as bodies that a schema may refuse. The last one is no JSON: all refuse it.
_BODIES: tuple[object, ...] = ({}, None, [], VALUE, {VALUE: VALUE}, [VALUE], 0, -1.5, True)
_NO_JSON = "{"
_WORDS = {"querystring": "query", "header": "header"}


def malformed_probes(api: Api, probes: Iterable[Probe]) -> Iterator[Probe]:
    """Yield a request for each thing that a route of an API asks for.

    `probes` are those of the API on one stage. Nobody takes the place of a role where anybody is
    let through.
    """
    routes = {each.key: each for each in api.routes if each.request and each.request.validator}
    found: dict[tuple[str, str], Probe] = {}
    for probe in probes:
        place = (probe.place.route, str(probe.call))
        is_let_in = probe.expected == "let through" and probe.kind in {"signed", "unsigned"}
        if is_let_in and probe.place.route in routes:
            found.setdefault(place, probe)
    for probe in found.values():
        yield from _of_route(routes[probe.place.route], probe)


def _of_route(route: Route, probe: Probe) -> Iterator[Probe]:
    request = route.request or Request()
    required = [each for each in request.parameters if each.is_required]
    for each in required:
        rest = [other for other in required if other is not each]
        lacks = f"the {_WORDS[each.place]} {each.name}"
        yield _probe(probe, _having(rest, lacks), f"{lacks} is required")
    if request.body is not None and probe.call.method not in {"GET", "HEAD", "OPTIONS"}:
        lacks = f"the form of {request.body.file}"
        wrong = replace(_having(required, lacks), body=wrong_body(request.body.schema_json))
        yield _probe(probe, wrong, f"the body has {lacks}")


def _probe(probe: Probe, malformed: Malformed, why: str) -> Probe:
    return replace(
        probe,
        kind="malformed",
        expected="bad request",
        why=why,
        cors=None,
        needs_identity=False,
        malformed=malformed,
    )


def _having(parameters: Iterable[Parameter], lacks: str) -> Malformed:
    given = list(parameters)
    return Malformed(
        lacks,
        tuple((each.name, VALUE) for each in given if each.place == "querystring"),
        tuple((each.name, VALUE) for each in given if each.place == "header"),
    )


def wrong_body(schema_json: str) -> str:
    """Return a body that a schema of draft 4 refuses: JSON, where one of a few is refused."""
    # Few blueprints have a schema, and it takes time to load.
    from jsonschema import Draft4Validator  # noqa: PLC0415

    schema = Draft4Validator(json.loads(schema_json))
    refused = (json.dumps(each) for each in _BODIES if not _is_valid(schema, each))
    return next(refused, _NO_JSON)


def _is_valid(schema: object, body: object) -> bool:
    """A schema that goes on in itself may never come to an end; then another body is looked for."""
    try:
        return bool(schema.is_valid(body))  # type: ignore[attr-defined]
    except RecursionError:
        return True
