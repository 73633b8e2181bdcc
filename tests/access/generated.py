"""Generated blueprints, and the Terraform JSON of their stacks without CDKTF.

That this JSON says what CDKTF's says is tested in tests/stack/test_proof_of_synth.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import strategies as st

from gateprint.access import policy
from gateprint.access.overreach import denied_routes, overreaches
from gateprint.access.policy import RoleDocuments, to_json
from gateprint.access.routes.reach import reaches
from gateprint.model.resolved import (
    Api,
    Cors,
    Environment,
    Grant,
    MockBackend,
    ResolvedBlueprint,
    Role,
    Route,
    Stage,
)
from gateprint.model.restriction import Restriction
from gateprint.stack.publish import publish
from tests.model.made import environment_of

ACCEPTED = "accepted because the test says so"
ENDPOINT = "vpce-0123456789abcdef0"
STAGES = ("dev", "test", "prod")
BACKEND = MockBackend(200, "")
SEGMENTS = st.lists(st.sampled_from(["a", "b", "pets", "{}", "{}"]), max_size=3)
PATHS = st.builds(
    lambda front, last: numbered([*front, *last]),
    SEGMENTS,
    st.sampled_from([[], [], [], ["{+}"]]),
)
METHODS = st.sampled_from(["GET", "GET", "POST", "DELETE", "ANY"])
CLAIMS: st.SearchStrategy[Mapping[str, tuple[str, ...]]] = st.sampled_from(
    [
        {},
        {"edupersonaffiliation": ("staff", "auditor")},
        {"edupersonprimaryaffiliation": ("staff",), "mail": ("a@example.com",)},
        {"sub": ("somebody",), "sub_type": ("persistent",)},
    ]
)


RESTRICTIONS = st.one_of(
    st.none(),
    st.none(),
    st.builds(
        Restriction,
        st.sampled_from([(), ("203.0.113.0/24",), ("198.51.100.7/32", "2001:db8:1::/48")]),
        st.sampled_from([(), (), ("vpc-0123456789abcdef0",)]),
        st.sampled_from([None, "o-exampleorgid"]),
    ).map(lambda found: found or None),
)


def numbered(segments: list[str]) -> str:
    """Return a path in which each parameter has a name of its own."""
    named = (
        each.replace("{", f"{{p{place}") if "{" in each else each
        for place, each in enumerate(segments)
    )
    return "/" + "/".join(named)


@cache
def environment() -> Environment:
    return environment_of()


@st.composite
def apis(draw: st.DrawFn, name: str) -> Api:
    pairs = draw(st.lists(st.tuples(METHODS, PATHS), min_size=1, max_size=7, unique=True))
    public = draw(st.sets(st.sampled_from(pairs), max_size=1))
    routes = tuple(
        Route(
            method,
            path,
            BACKEND,
            auth="none" if (method, path) in public else "iam",
            public="for the test" if (method, path) in public else None,
        )
        for method, path in pairs
    )
    is_private = draw(st.booleans()) and draw(st.booleans())
    only = draw(RESTRICTIONS)
    if only and ((only.vpcs and not is_private) or (only.organization and public)):
        only = None
    return Api(
        name,
        routes,
        endpoint="PRIVATE" if is_private else "REGIONAL",
        vpc_endpoints=(ENDPOINT,) if is_private else (),
        cors=draw(st.sampled_from([None, Cors(("*",), 600, is_preflight_function=False)])),
        only_from=only,
    )


@st.composite
def grants(draw: st.DrawFn, api: Api, stages: tuple[str, ...]) -> Grant:
    signed = [route.key for route in api.routes if route.auth == "iam"]
    routes = draw(st.lists(st.sampled_from(signed), min_size=1, unique=True))
    chosen = draw(st.lists(st.sampled_from(stages), min_size=1, unique=True))
    overreach = draw(st.sampled_from([None, "deny", ACCEPTED]))
    return Grant(api.name, tuple(chosen), tuple(routes), overreach)


@st.composite
def roles(draw: st.DrawFn, name: str, of: list[Api], stages: tuple[str, ...]) -> Role:
    able = [api for api in of if any(route.auth == "iam" for route in api.routes)]
    chosen = draw(st.lists(st.sampled_from(able), max_size=3)) if able else []
    is_own = draw(st.booleans()) or draw(st.booleans())
    return Role(
        name,
        tuple(draw(grants(api, stages)) for api in chosen),
        identity_provider=environment().identity_providers[0] if is_own else None,
        is_assumed_by_gateway=is_own and draw(st.booleans()),
        when=draw(CLAIMS) if is_own else {},
    )


@st.composite
def blueprints(draw: st.DrawFn) -> ResolvedBlueprint:
    stages = STAGES[: draw(st.integers(1, 3))]
    of = [draw(apis(name)) for name in ("pets", "cats")[: draw(st.sampled_from([1, 1, 1, 2]))]]
    names = ("reader", "writer", "auditor")[: draw(st.integers(1, 3))]
    whole = ResolvedBlueprint(
        "pets",
        environment(),
        tuple(map(Stage, stages)),
        tuple(of),
        roles=tuple(draw(roles(name, of, stages)) for name in names),
    )
    return decided(whole)


def decided(blueprint: ResolvedBlueprint) -> ResolvedBlueprint:
    """Return the blueprint with its overreach accepted where it would be rejected."""
    return replace(blueprint, roles=tuple(_decided(blueprint, role) for role in blueprint.roles))


def _decided(blueprint: ResolvedBlueprint, role: Role) -> Role:
    undecided = {each.grant for each in overreaches(blueprint, role)}
    chosen = tuple(
        replace(grant, overreach=grant.overreach or ACCEPTED) if index in undecided else grant
        for index, grant in enumerate(role.grants)
    )
    role = replace(role, grants=chosen)
    for api, stage, denied in denied_routes(blueprint, role):
        for grant in role.grants:
            is_here = grant.api == api and stage in grant.stages
            if is_here and any(reaches(denied.key, key) for key in grant.routes):
                accepted = tuple(replace(each, overreach=ACCEPTED) for each in role.grants)
                return replace(role, grants=accepted)
    return role


Compile = Callable[[ResolvedBlueprint, Role, Mapping[str, str]], RoleDocuments]


def terraform_of(blueprint: ResolvedBlueprint, compiler: Any = policy) -> dict[str, Any]:
    """Return what of a stack bears on access, as cdk.tf.json has it; `compiler` makes policies."""
    resources: dict[str, dict[str, Any]] = {}
    ids = {api.name: f"${{aws_api_gateway_rest_api.{api.name}.id}}" for api in blueprint.apis}
    for api in blueprint.apis:
        _add_api(resources, blueprint, api, ids[api.name], compiler)
    for role in blueprint.roles:
        _add_role(resources, blueprint, role, ids, compiler)
    return {"resource": resources}


def _add_api(
    resources: dict[str, Any], blueprint: ResolvedBlueprint, api: Api, api_id: str, compiler: Any
) -> None:
    def add(kind: str, address: str, /, **arguments: Any) -> None:
        resources.setdefault(f"aws_api_gateway_{kind}", {})[address] = arguments

    add("rest_api", api.name, name=f"{blueprint.stack}-{api.name}")
    published = publish(blueprint, api, api_id)
    ids: dict[tuple[str, ...], str] = {
        (): f"${{aws_api_gateway_rest_api.{api.name}.root_resource_id}}"
    }
    for path in published.paths:
        name = f"{api.name}/{'/'.join(path)}"
        known = name.translate(str.maketrans("/{}+", "-__p"))
        add("resource", known, rest_api_id=api_id, parent_id=ids[path[:-1]], path_part=path[-1])
        ids[path] = f"${{aws_api_gateway_resource.{known}.id}}"
    for number, method in enumerate(published.methods):
        add(
            "method",
            f"{api.name}_{number}",
            rest_api_id=api_id,
            resource_id=ids[method.segments],
            http_method=method.verb,
            authorization=method.authorization,
        )
    for stage in blueprint.stages:
        add("stage", f"{api.name}_{stage.name}", rest_api_id=api_id, stage_name=stage.name)
    names = tuple(each.name for each in blueprint.stages)
    document = compiler.resource_policy(blueprint.environment, names, api, api_id)
    if document is not None:
        add("rest_api_policy", api.name, rest_api_id=api_id, policy=to_json(document))


def _add_role(
    resources: dict[str, Any],
    blueprint: ResolvedBlueprint,
    role: Role,
    ids: Mapping[str, str],
    compiler: Any,
) -> None:
    def add(kind: str, address: str, /, **arguments: Any) -> None:
        resources.setdefault(f"aws_iam_{kind}", {})[address] = arguments

    if role.identity_provider is not None:
        trust = to_json(compiler.trust_policy(role, blueprint.environment))
        add("role", role.name, name=role.name, assume_role_policy=trust)
    documents = compiler.role_documents(blueprint, role, ids)
    if documents.inline is not None:
        inline = to_json(documents.inline)
        known = compiler.inline_policy_name(blueprint, role)
        add("role_policy", role.name, name=known, role=role.name, policy=inline)
    for number, document in enumerate(documents.managed, start=1):
        address = f"{role.name}--{number}"
        known = compiler.managed_policy_name(blueprint, role, number)
        add("policy", address, name=known, policy=to_json(document))
        arn = f"${{aws_iam_policy.{address}.arn}}"
        add("role_policy_attachment", address, role=role.name, policy_arn=arn)
