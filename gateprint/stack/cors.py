"""CORS: preflights, and the headers that let a browser read an answer or a refusal; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateprint.model.resolved import METHODS, NOOP_FUNCTION, Cors, ResolvedBlueprint
from gateprint.stack.published import GatewayResponse, Integration, Method, Response

# A signed request from a browser carries these; `Authorization` is never covered by `*`.
ALLOW_HEADERS = (
    "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Amz-Content-Sha256"
)
# Without the headers on these, a browser shows a 403 as a failure of CORS.
GATEWAY_RESPONSES = (
    "ACCESS_DENIED",
    "DEFAULT_4XX",
    "DEFAULT_5XX",
    "EXPIRED_TOKEN",
    "INVALID_SIGNATURE",
    "MISSING_AUTHENTICATION_TOKEN",
    "THROTTLED",
)
_JSON = "application/json"
ORIGIN = "Access-Control-Allow-Origin"


def allow_methods(verbs: Iterable[str]) -> str:
    """Return the verbs in their usual order, ANY spelled out, with OPTIONS at the end."""
    given = set(verbs)
    named = [each for each in METHODS if each != "ANY" and (each in given or "ANY" in given)]
    return ",".join([*named, "OPTIONS"])


def allow_headers(declared: Iterable[str]) -> str:
    """Return the headers that a page may send: those of a signature, and what routes declare."""
    known = {each.lower() for each in ALLOW_HEADERS.split(",")}
    return ",".join([ALLOW_HEADERS, *(each for each in declared if each.lower() not in known)])


def preflight_headers(
    cors: Cors, verbs: Iterable[str], declared: Iterable[str] = ()
) -> dict[str, str]:
    """Return the headers of a preflight's 200, as static mapping expressions."""
    return {
        "Access-Control-Allow-Headers": f"'{allow_headers((*cors.headers, *declared))}'",
        "Access-Control-Allow-Methods": f"'{allow_methods(verbs)}'",
        "Access-Control-Max-Age": f"'{cors.max_age_seconds}'",
        **origin_headers(cors),
    }


def origin_headers(cors: Cors | None) -> dict[str, str]:
    """Return the headers that say which origin may read an answer.

    Of several exact origins the first is the static value; `origin_template` replaces it.
    """
    if cors is None:
        return {}
    vary = {} if cors.origins == ("*",) else {"Vary": "'Origin'"}
    return {ORIGIN: f"'{cors.origins[0]}'", **vary}


def origin_template(cors: Cors | None) -> str:
    """Return the template's beginning that answers the request's origin if it is one of several.

    Exact equality only: an origin is never reflected because it looks like another.
    """
    if cors is None or len(cors.origins) == 1:
        return ""
    condition = " || ".join(f'$origin == "{each}"' for each in cors.origins)
    return (
        '#set($origin = $input.params("Origin"))'
        f"#if({condition})"
        f"#set($context.responseOverride.header.{ORIGIN} = $origin)"
        # `#end` would be another word where letters follow.
        "#{end}"
    )


def preflight(
    blueprint: ResolvedBlueprint,
    cors: Cors,
    segments: tuple[str, ...],
    verbs: Iterable[str],
    declared: Iterable[str] = (),
) -> Method:
    """Return the OPTIONS method of one path: never authorized, as browsers sign no preflight."""
    choice = origin_template(cors)
    return Method(
        verb="OPTIONS",
        segments=segments,
        authorization="NONE",
        integration=_preflight_integration(blueprint, cors),
        responses=(
            Response(
                "200", preflight_headers(cors, verbs, declared), {_JSON: choice} if choice else {}
            ),
        ),
    )


def _preflight_integration(blueprint: ResolvedBlueprint, cors: Cors) -> Integration:
    templates: Mapping[str, str] = {_JSON: '{"statusCode": 200}'}
    if not cors.is_preflight_function:
        return Integration("MOCK", request_templates=templates, passthrough="WHEN_NO_MATCH")
    return Integration(
        "AWS",
        function=NOOP_FUNCTION,
        function_arn=blueprint.function_arn(NOOP_FUNCTION),
        http_method="POST",
        request_templates={_JSON: "{}"},
        passthrough="WHEN_NO_TEMPLATES",
    )


def gateway_responses(
    cors: Cors | None, verbs: Iterable[str], declared: Iterable[str] = (), more: Iterable[str] = ()
) -> tuple[GatewayResponse, ...]:
    """Return API Gateway's own answers with the same headers.

    Their headers cannot be computed. With several origins they carry `*`: an error tells nothing
    but its reason, and no request of ours carries cookies. `more` are further types of answers.
    """
    if cors is None:
        return ()
    headers = preflight_headers(cors, verbs, declared)
    if len(cors.origins) > 1:
        headers[ORIGIN] = "'*'"
    return tuple(GatewayResponse(kind, headers) for kind in sorted([*GATEWAY_RESPONSES, *more]))
