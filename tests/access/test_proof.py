"""The proof: it finds nothing in what is right, and every planted error."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from gateprint.access.policy import role_documents, to_json
from gateprint.access.proof.stack import prove
from gateprint.access.proof.synthesized import read_stack
from gateprint.errors import Difference
from gateprint.model.resolved import Api, Cors, Grant, ResolvedBlueprint, Role, Route, Stage
from gateprint.model.restriction import Restriction
from gateprint.model.routes import split_route
from tests.access.generated import (
    ACCEPTED,
    BACKEND,
    ENDPOINT,
    blueprints,
    environment,
    terraform_of,
)
from tests.access.mutations import MUTATIONS, Mutation, compiler_with

# `make prove` asks for more.
EXAMPLES = int(os.environ.get("PROVE_EXAMPLES", "2000"))


def differences(blueprint: ResolvedBlueprint, terraform: Any = None) -> tuple[Difference, ...]:
    found = terraform_of(blueprint) if terraform is None else terraform
    return prove(blueprint, read_stack(found, blueprint.environment))


@given(blueprints())
@settings(
    deadline=None,
    derandomize=True,
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_what_is_compiled_means_what_the_blueprint_states(blueprint: ResolvedBlueprint) -> None:
    assert differences(blueprint) == ()


@functools.cache
def examples() -> tuple[ResolvedBlueprint, ...]:
    """Return blueprints in which everything occurs that the compiler decides about."""
    role = Role("reader", (), identity_provider=environment().identity_providers[0])
    saml = {"edupersonaffiliation": ("staff", "auditor"), "sub": ("somebody", "somebody else")}
    routes = [
        "GET /",
        "GET /a",
        "GET /a/{x}",
        "POST /a/{x}",
        "GET /a/{x}/b",
        "GET /a/{x}/b/{y}",
    ]
    wide = [
        f"GET /collection-{each:03}{end}"
        for each in range(90)
        for end in ("", "/{x}", "/{x}/b/{y}")
    ]
    huge = [
        f"{method} /{'long-' * 30}{each:03}" for each in range(110) for method in ("GET", "PUT")
    ]
    return (
        made(
            [api("pets", routes), api("cats", ["ANY /c", "GET /d"])],
            [replace(role, grants=(granted(routes[:2], ["dev"]), granted(["ANY /c"], of="cats")))],
        ),
        made(
            [api("pets", routes), api("cats", ["GET /a/{x}", "PUT /b"])],
            [
                replace(
                    role,
                    grants=(
                        granted(["GET /a/{x}"], overreach="deny"),
                        granted(["PUT /b"], of="cats"),
                    ),
                ),
                replace(role, name="writer", grants=(granted(["POST /a/{x}"]),), when=saml),
                replace(
                    role,
                    name="other",
                    identity_provider=None,
                    grants=(granted(["GET /a/{x}/b"], overreach="deny"),),
                ),
                replace(role, name="nobody", is_assumed_by_gateway=True),
            ],
        ),
        made(
            [api("pets", ["ANY /", "GET /a", "GET /b"])],
            [replace(role, grants=(granted(["ANY /", "GET /b"]),))],
        ),
        made(
            [
                api(
                    "pets",
                    ["GET /a/{x}", "GET /a/{x}/b", "PUT /c"],
                    public="GET /a/{x}",
                    endpoint=ENDPOINT,
                )
            ],
            [replace(role, grants=(granted(["PUT /c"]),))],
        ),
        made(
            [api("pets", ["GET /a", "PUT /c"], public="GET /a", endpoint=ENDPOINT)],
            [replace(role, grants=(granted(["PUT /c"], ["test"]),))],
        ),
        made(
            [api("pets", ["GET /a/{x}", "GET /a/{x}/b"])],
            [replace(role, grants=(granted(["GET /a/{x}"], overreach="deny"),))],
        ),
        *(
            made(
                [replace(api("pets", ["GET /a/{x}", "PUT /c"], *more), only_from=only, cors=cors)],
                [replace(role, grants=(granted(["PUT /c"]),))],
            )
            for only, cors, more in restricted()
        ),
        made([api("pets", wide)], [replace(role, grants=(granted(wide),))]),
        made([api("pets", huge)], [replace(role, grants=(granted([*huge[::4], *huge[1::2]]),))]),
    )


def restricted() -> list[tuple[Restriction, Cors | None, tuple[str, ...]]]:
    """Everything that may be asked of where a caller is, alone and together."""
    networks = ("203.0.113.0/24", "198.51.100.7/32", "2001:db8:1::/48")
    cors = Cors(("*",), 600, is_preflight_function=False)
    return [
        (Restriction(networks), None, ("GET /a/{x}",)),
        (Restriction(networks, organization="o-exampleorgid"), cors, ()),
        (Restriction(organization="o-exampleorgid"), None, ()),
        (Restriction(("10.1.0.0/16",)), cors, ("", ENDPOINT)),
        (Restriction(vpcs=("vpc-0123456789abcdef0",)), None, ("GET /a/{x}",)),
    ]


def api(name: str, keys: list[str], public: str = "", endpoint: str = "") -> Api:
    routes = [Route(*split_route(key), BACKEND) for key in keys]
    return Api(
        name,
        tuple(
            replace(each, auth="none", public="yes") if each.key == public else each
            for each in routes
        ),
        endpoint="PRIVATE" if endpoint else "REGIONAL",
        vpc_endpoints=(endpoint,) if endpoint else (),
    )


def granted(
    routes: list[str], stages: Sequence[str] = ("dev", "test"), of: str = "pets", **more: str
) -> Grant:
    return Grant(of, tuple(stages), tuple(routes), **more)


def made(apis: list[Api], roles: list[Role]) -> ResolvedBlueprint:
    stages = (Stage("dev"), Stage("test"))
    return ResolvedBlueprint("pets", environment(), stages, tuple(apis), roles=tuple(roles))


def test_the_examples_are_right() -> None:
    assert [difference for each in examples() for difference in differences(each)] == []


@pytest.mark.parametrize("mutation", [pytest.param(each, id=each.name) for each in MUTATIONS])
def test_a_planted_error_is_found(mutation: Mutation) -> None:
    with compiler_with(mutation) as compiler:
        assert any(differences(each, terraform_of(each, compiler)) for each in examples())


@pytest.mark.parametrize("left_out", [0, 1, 40])
def test_500_routes_on_3_stages_fit_into_the_quotas(
    left_out: int,
) -> None:
    """Whatever is left out of the grants, nothing beside them is allowed."""
    keys = [
        f"{method} /{name}/{each:02}{end}"
        for name in ("orders", "customers", "products", "shipments", "invoices")
        for each in range(25)
        for method, end in [("GET", ""), ("POST", ""), ("GET", "/{id}"), ("PUT", "/{id}/state")]
    ]
    chosen = [key for place, key in enumerate(keys) if not left_out or place % 500 >= left_out * 3]
    stages = ("dev", "test", "prod")
    role = Role("reader", (), identity_provider=environment().identity_providers[0])
    role = replace(role, grants=(granted(chosen, stages, overreach=ACCEPTED),))
    blueprint = replace(made([api("pets", keys)], [role]), stages=tuple(map(Stage, stages)))
    documents = role_documents(blueprint, role, {"pets": "a1b2c3d4e5"})
    sizes = [len(to_json(each)) for each in documents.all]
    assert len(keys) == 500
    assert differences(blueprint) == ()
    assert sizes[0] <= 10_240
    assert max(sizes[1:], default=0) <= 6_144
    assert len(sizes) <= 11
