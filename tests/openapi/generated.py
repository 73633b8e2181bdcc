"""Generated blueprints as their files have them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from gateprint.openapi.text import yaml_text

TEXT = st.text(
    st.characters(
        exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"], exclude_characters="\ufeff"
    ),
    min_size=1,
    max_size=12,
).filter(lambda text: bool(text.strip()))
HARMLESS = TEXT.filter(lambda text: "TfToken" not in text)
BODIES = st.one_of(HARMLESS, st.sampled_from(["$x", "a\\$b", "\\\\#if(1)", "${dollar}", "#", "$$"]))
SEGMENTS = st.lists(st.sampled_from(["a", "b-c", "d.e", "{}", "{}"]), max_size=3)
PATHS = st.builds(
    lambda front, last: _numbered([*front, *last]),
    SEGMENTS,
    st.sampled_from([[], [], ["{+}"]]),
)
METHODS = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "ANY"])
CORS = st.fixed_dictionaries(
    {"origins": st.sampled_from([["*"], ["https://a.example.com"], ["https://a.b", "http://c:8"]])},
    optional={
        "preflight": st.sampled_from(["mock", "function"]),
        "max_age": st.sampled_from(["0s", "1h"]),
    },
)
FUNCTIONS = {
    "list_pets": {"source": "pets", "handler": "app.list_pets", "proxy": False},
    "get_pet": {
        "source": "pets",
        "handler": "app.get_pet",
        "memory_mib": 256,
        "timeout": "5s",
        "tracing": True,
    },
}


def _with_canary(stage: dict[str, Any]) -> dict[str, Any]:
    """Return a stage with a canary where there is a release, and an access log to choose it by."""
    has_both = "release" in stage and "access_log" in stage
    return {**stage, "canary": {"percent": 0.5, "release": "v2"}} if has_both else stage


STAGES = st.fixed_dictionaries(
    {"environment": st.just("nonprod")},
    optional={
        "description": HARMLESS,
        "throttle": st.just({"rate": 0.5, "burst": 7}),
        "variables": st.just({"table": "1.10", "on": "yes"}),
        "tracing": st.booleans(),
        "metrics": st.sampled_from(["basic", "detailed"]),
        "access_log": st.sampled_from([{}, {"retention_days": 7}]),
        "cache": st.just({"size_gb": 0.5, "ttl": "1m"}),
        "release": st.just("2026-11-20-1"),
        "kept_releases": st.just(["v2", "v1"]),
    },
).map(_with_canary)
# Another folder, and YAML: the name of a model is not that of its file.
NOTES = "schemas/more/note-2.yaml"
POOL = "arn:aws:cognito-idp:us-east-2:123456789012:userpool/us-east-2_a1B2c3D4e"
AUTHORIZERS = {
    "auth0": {"issuer": "https://acme.auth0.com/", "audience": ["https://a.example.com"]},
    "pool": {"user_pools": ["owners", POOL]},
    "sigv4": {"user_pools": [POOL]},
}
POOLS = {"owners": {"scopes": {"pets/read": "Read."}, "clients": {"page": {"id_token": "10m"}}}}
SCOPES = st.lists(st.sampled_from(["pets/read", "openid", "x"]), max_size=3)
OF_JWT = st.just("auth0")
ARN = "arn:aws:lambda:us-east-2:123456789012:function:prices"
IDENTITIES: list[dict[str, Any]] = [
    {},
    {"claim": "email"},
    {"claim": "https://a.b/session", "issuer": "auth0", "header": "X-Pets-Token"},
]


def _ask(declared: dict[str, Any], function: str, token: dict[str, Any]) -> None:
    """Let all routes of a function ask for an identity token, if all of them are signed."""
    found = [each for each in declared.values() if each.get("function") == function]
    if not token or any(each.get("auth", "iam") != "iam" for each in found):
        return
    for each in found:
        each["identity_token"] = token


def _numbered(segments: list[str]) -> str:
    named = [
        each.replace("{", f"{{p{place}") if "{" in each else each
        for place, each in enumerate(segments)
    ]
    return "/" + "/".join(named)


@st.composite
def backends(draw: st.DrawFn, path: str) -> dict[str, Any]:
    names = [each.strip("{+}") for each in path.split("/") if each.startswith("{")]
    used = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    url = "/".join(["https://example.com:8080/v1", *(f"{{{each}}}" for each in used)])
    return draw(
        st.one_of(
            st.fixed_dictionaries({"function": st.sampled_from(sorted(FUNCTIONS))}),
            st.sampled_from([{"lambda_arn": ARN}, {"lambda_arn": f"{ARN}:live"}]),
            st.just({"http": url}),
            st.fixed_dictionaries(
                {
                    "mock": st.fixed_dictionaries(
                        {"status": st.sampled_from([200, 204, 404, 599])}, optional={"body": BODIES}
                    )
                }
            ),
        )
    )


PRESENCE = st.sampled_from(["required", "optional"])
NAMES = st.dictionaries(st.sampled_from(["a", "on", "1", "page-size"]), PRESENCE, min_size=1)
FORMS = st.fixed_dictionaries({"body": st.sampled_from(["schemas/pet.json", NOTES])})
PARAMETERS = st.fixed_dictionaries({}, optional={"query": NAMES, "headers": NAMES})


@st.composite
def requests(draw: st.DrawFn, method: str) -> dict[str, Any]:
    """Return what a route checks of requests, or nothing."""
    asked = draw(PARAMETERS)
    if method not in {"GET", "HEAD", "ANY"}:
        asked |= draw(st.one_of(st.just({}), FORMS))
    return {"request": asked} if asked else {}


@st.composite
def routes(draw: st.DrawFn) -> dict[str, Any]:
    keys = draw(st.lists(st.tuples(METHODS, PATHS), min_size=1, max_size=7, unique=True))
    found = {}
    for method, path in keys:
        access = draw(
            st.one_of(
                st.sampled_from([{}, {"auth": "iam"}]),
                st.fixed_dictionaries({"auth": st.just("none"), "public": HARMLESS}),
                st.fixed_dictionaries(
                    {"auth": st.just("jwt")}, optional={"scopes": SCOPES, "authorizer": OF_JWT}
                ),
                st.fixed_dictionaries(
                    {"auth": st.just("cognito"), "authorizer": st.sampled_from(["pool", "sigv4"])},
                    optional={"scopes": SCOPES},
                ),
            )
        )
        said: dict[str, Any] = draw(st.fixed_dictionaries({}, optional={"description": HARMLESS}))
        if method != "ANY" and draw(st.booleans()):
            said["throttle"] = {"rate": 0.5, "burst": 3}
        key = draw(st.sampled_from([{}, {}, {"api_key": True}, {"api_key": False}]))
        found[f"{method} {path}"] = {**said, **draw(backends(path)), **access, **key}
        found[f"{method} {path}"] |= draw(requests(method))
    return found


@st.composite
def plans(draw: st.DrawFn, declared: dict[str, Any], stages: list[str]) -> dict[str, Any]:
    """Plans that open every route with a key: what none opens is refused."""
    keyed = [key for key, route in declared.items() if route.get("api_key")]
    if not keyed:
        return {}
    optional = {
        "description": HARMLESS,
        "api": st.just("pets"),
        "throttle": st.just({"rate": 0.5, "burst": 7}),
        "quota": st.sampled_from([{"requests": 9, "per": "day"}, {"requests": 1, "per": "month"}]),
        "routes": st.just({keyed[0]: {"rate": 2, "burst": 1}}),
    }
    first = {"stages": st.just("all"), "keys": st.sampled_from([["acme"], ["acme", "globex"]])}
    other = {"stages": st.just([stages[0]]), "keys": st.just(["initech"])}
    found = {"all-of-it": draw(st.fixed_dictionaries(first, optional=optional))}
    if draw(st.booleans()):
        found["trial"] = draw(st.fixed_dictionaries(other, optional=optional))
    return found


@st.composite
def roles(draw: st.DrawFn, declared: dict[str, Any], stages: list[str]) -> dict[str, Any]:
    signed = [key for key, route in declared.items() if route.get("auth", "iam") == "iam"]
    if not signed:
        return {}
    chosen = st.lists(st.sampled_from(signed), min_size=1, unique=True)
    grant = st.fixed_dictionaries(
        {
            "stages": st.one_of(
                st.just("all"), st.lists(st.sampled_from(stages), min_size=1, unique=True)
            ),
            "routes": st.one_of(st.just("all"), chosen),
        },
        optional={"api": st.just("pets"), "overreach": st.just("deny")},
    )
    role = st.one_of(
        st.fixed_dictionaries(
            {
                "identity_provider": st.just("auth0"),
                "allow": st.lists(grant, min_size=1, max_size=2),
            },
            optional={
                "max_session": st.just("2h"),
                "when": st.just({"edupersonaffiliation": ["staff", "no"]}),
            },
        ),
        st.fixed_dictionaries(
            {"existing": st.just(True), "allow": st.lists(grant, min_size=1, max_size=1)}
        ),
    )
    return draw(st.dictionaries(st.sampled_from(["reader", "a@b.c", "Writer_1"]), role, max_size=2))


@st.composite
def domains(draw: st.DrawFn, stages: list[str]) -> dict[str, Any]:
    paths = draw(
        st.dictionaries(
            st.sampled_from(["/", "/pets", "/1.0"]),
            st.fixed_dictionaries({"stage": st.sampled_from(stages)}),
            min_size=1,
        )
    )
    own: dict[str, Any] = {
        "certificate": "arn:aws:acm:us-east-2:123456789012:certificate/1",
        "tls": 1.2,
    }
    mutual = {"mutual_tls": {"truststore": "s3://trust/clients.pem", "version": "1"}}
    said = draw(st.sampled_from([{"existing": True}, own, {**own, **mutual}]))
    return {"api.example.com": {**said, "base_paths": paths}}


@st.composite
def blueprints(draw: st.DrawFn) -> str:
    """Return the text of a blueprint with one API."""
    stages = draw(st.dictionaries(st.sampled_from(["dev", "on", "1"]), STAGES, min_size=1))
    declared = draw(routes())
    api = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "description": HARMLESS,
                "binary_types": st.just(["image/png", "*/*"]),
                "cors": CORS,
            },
        )
    )
    doors: dict[str, Any] = draw(
        st.sampled_from(
            [
                {},
                {"endpoint": "edge"},
                {"endpoint": "private", "vpc_endpoints": ["vpce-0123456789a"]},
                {
                    "endpoint": "private",
                    "only_from": {"source_ips": ["10.1.0.0/16"], "vpcs": ["vpc-0123456789a"]},
                },
                {"only_from": {"source_ips": ["203.0.113.0/24", "2001:db8::/32"]}},
            ]
        )
    )
    identities = draw(st.sampled_from(IDENTITIES))
    for name in FUNCTIONS:
        _ask(declared, name, identities)
    whole: dict[str, Any] = {
        "blueprint": 1,
        "name": "pets",
        **draw(st.fixed_dictionaries({}, optional={"owner": HARMLESS, "description": HARMLESS})),
        "stages": stages,
        "apis": {"pets": {**doors, **api, "routes": declared}},
        "functions": FUNCTIONS,
        "plans": draw(plans(declared, list(stages))),
        "roles": draw(roles(declared, list(stages))),
        "authorizers": AUTHORIZERS,
        "user_pools": POOLS,
    }
    if "vpc_endpoints" not in doors and draw(st.booleans()):
        whole["apis"]["pets"]["default_endpoint"] = False
        whole["domains"] = draw(domains(list(stages)))
    return yaml_text(whole)
