"""Generated blueprints go through CDKTF; their access is proved from what it writes."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from gateprint.access.proof.found import StackAccess
from gateprint.access.proof.stack import prove
from gateprint.access.proof.synthesized import read_stack
from gateprint.model.resolved import LambdaBackend, ResolvedBlueprint, Route
from gateprint.stack.bootstrap import activate
from gateprint.stack.origin import origins_of
from tests.access.generated import blueprints, environment, terraform_of
from tests.access.test_proof import examples

COUNT = 30
pytestmark = pytest.mark.cdktf


def generated() -> list[ResolvedBlueprint]:
    found: list[ResolvedBlueprint] = []

    @given(blueprints())
    @settings(
        max_examples=COUNT,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    def collect(blueprint: ResolvedBlueprint) -> None:
        found.append(blueprint)

    collect()
    return found


@pytest.fixture(scope="module")
def synthesized(
    tmp_path_factory: pytest.TempPathFactory,
) -> list[tuple[ResolvedBlueprint, StackAccess]]:
    """Every blueprint with its stack as CDKTF writes it; all are one app.

    The last example needs managed policies; the one before takes CDKTF seconds, and adds nothing.
    """
    activate(dict(os.environ))
    from gateprint.stack.app import synthesize  # noqa: PLC0415

    *smaller, _, largest = examples()
    whole = [
        replace(each, name=f"b{number}")
        for number, each in enumerate([*smaller, largest, *generated()])
    ]
    whole.append(rich(whole[0]))
    outdir = tmp_path_factory.mktemp("proof")
    synthesize([environment()], whole, {}, outdir)
    return [(each, read(outdir, each)) for each in whole]


def rich(blueprint: ResolvedBlueprint) -> ResolvedBlueprint:
    """Return a blueprint with resources that the others have none of."""
    arn = "arn:aws:wafv2:us-east-2:123456789012:regional/webacl/shop/0a1b2c3d"
    stages = (replace(each, waf_acl_arn=arn, access_log_days=7) for each in blueprint.stages)
    function = "arn:aws:lambda:us-east-2:123456789012:function:elsewhere"
    first, *others = blueprint.apis
    route = Route("PATCH", "/elsewhere", LambdaBackend(function))
    apis = (replace(first, routes=(*first.routes, route)), *others)
    return replace(blueprint, name="rich", stages=tuple(stages), apis=apis)


def read(outdir: Path, blueprint: ResolvedBlueprint) -> StackAccess:
    path = outdir / "stacks" / blueprint.stack / "cdk.tf.json"
    return read_stack(json.loads(path.read_text()), environment())


def test_what_cdktf_writes_means_what_the_blueprint_states(
    synthesized: list[tuple[ResolvedBlueprint, StackAccess]],
) -> None:
    assert [each for blueprint, stack in synthesized for each in prove(blueprint, stack)] == []


def test_the_generated_terraform_says_what_cdktf_writes(
    synthesized: list[tuple[ResolvedBlueprint, StackAccess]],
) -> None:
    """Otherwise the property tests would prove something else than what is deployed."""
    for blueprint, stack in synthesized:
        assert read_stack(terraform_of(blueprint), environment()) == stack


def test_every_resource_comes_from_a_line_of_the_blueprint(
    synthesized: list[tuple[ResolvedBlueprint, StackAccess]],
) -> None:
    kinds: set[str] = set()
    for blueprint, stack in synthesized:
        made = {each for each in stack.contents if each.startswith("aws_")}
        assert made - origins_of(blueprint).keys() == set()
        kinds |= {each.partition(".")[0] for each in made}
    assert {"aws_iam_policy", "aws_lambda_permission", "aws_wafv2_web_acl_association"} <= kinds
