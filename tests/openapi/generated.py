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
    "get_pet": {"source": "pets", "handler": "app.get_pet", "memory_mib": 256, "timeout": "5s"},
}
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
    },
)
ARN = "arn:aws:lambda:us-east-2:123456789012:function:prices"


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


@st.composite
def routes(draw: st.DrawFn) -> dict[str, Any]:
    keys = draw(st.lists(st.tuples(METHODS, PATHS), min_size=1, max_size=7, unique=True))
    found = {}
    for method, path in keys:
        access = draw(
            st.one_of(
                st.sampled_from([{}, {"auth": "iam"}]),
                st.fixed_dictionaries({"auth": st.just("none"), "public": HARMLESS}),
            )
        )
        said: dict[str, Any] = draw(st.fixed_dictionaries({}, optional={"description": HARMLESS}))
        if method != "ANY" and draw(st.booleans()):
            said["throttle"] = {"rate": 0.5, "burst": 3}
        found[f"{method} {path}"] = {**said, **draw(backends(path)), **access}
    return found


@st.composite
def roles(draw: st.DrawFn, declared: dict[str, Any], stages: list[str]) -> dict[str, Any]:
    signed = [key for key, route in declared.items() if route.get("auth") != "none"]
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
            ]
        )
    )
    whole: dict[str, Any] = {
        "blueprint": 1,
        "name": "pets",
        **draw(st.fixed_dictionaries({}, optional={"owner": HARMLESS, "description": HARMLESS})),
        "stages": stages,
        "apis": {"pets": {**doors, **api, "routes": declared}},
        "functions": FUNCTIONS,
        "roles": draw(roles(declared, list(stages))),
    }
    if "vpc_endpoints" not in doors and draw(st.booleans()):
        whole["apis"]["pets"]["default_endpoint"] = False
        whole["domains"] = draw(domains(list(stages)))
    return yaml_text(whole)
