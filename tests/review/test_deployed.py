"""What is deployed reads as the blueprint that was deployed: nobody gains or loses anything."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings

from gateprint.access.changes.comparison import changes
from gateprint.access.changes.sentences import sentences
from gateprint.access.proof.applied import Applied
from gateprint.access.proof.synthesized import read_stack
from gateprint.model.resolved import ResolvedBlueprint, Route
from gateprint.review.deployed import Deployed, deployed_blueprint
from tests.access.generated import blueprints, terraform_of


def deployed(blueprint: ResolvedBlueprint) -> Deployed:
    """Compile a blueprint, and read it back as if that had been applied."""
    access = read_stack(terraform_of(blueprint), blueprint.environment)
    private = {f"{blueprint.stack}-{each.name}" for each in blueprint.apis if each.vpc_endpoints}
    sessions = {each.name: each.max_session_seconds for each in blueprint.roles}
    applied = Applied(access, {}, sessions, frozenset(private))
    return deployed_blueprint(blueprint.name, blueprint.environment, applied, sessions)


def told(before: Deployed, after: ResolvedBlueprint) -> list[str]:
    return [each.text for each in sentences(changes([before.blueprint], [after]))]


@given(blueprints())
@settings(
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_what_was_just_applied_changes_nothing(blueprint: ResolvedBlueprint) -> None:
    # The ways to a private API are endpoints' ids, which a state does not tell in the same form.
    assume(not any(each.vpc_endpoints for each in blueprint.apis))
    # A role that has no policy, as it is granted nothing, is not read back.
    assume(all(each.grants for each in blueprint.roles))
    found = deployed(blueprint)
    assert found.undecided == ()
    assert [each for each in told(found, blueprint) if "overreach" not in each] == []


@given(blueprints())
@settings(
    deadline=None,
    derandomize=True,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_a_route_that_is_opened_is_told(blueprint: ResolvedBlueprint) -> None:
    assume(not any(each.vpc_endpoints for each in blueprint.apis))
    found = deployed(blueprint)
    api = blueprint.apis[0]
    signed = [each for each in api.routes if each.auth == "iam"]
    assume(signed)
    opened: Route = replace(signed[0], auth="none", public="for everybody")
    routes = tuple(opened if each is signed[0] else each for each in api.routes)
    after = replace(blueprint, apis=(replace(api, routes=routes), *blueprint.apis[1:]))
    assert any(signed[0].key in each for each in told(found, after))
