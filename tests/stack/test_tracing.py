"""The tracing of functions in Terraform: the mode, and what their role may do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.stack.synthesized import synth
from tests.support.project import ROOT

pytestmark = pytest.mark.cdktf

BLUEPRINT = """\
blueprint: 1
name: NAME
stages: {dev: {environment: nonprod}}
apis: {NAME: {routes: {GET /a: {function: one}}}}
functions:
  one: {source: pets, handler: app.list_pets, proxy: falseONE}
  two: {source: pets, handler: app.get_petTWO}
"""
TRACED = {
    "Sid": "traces",
    "Effect": "Allow",
    "Action": ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
    "Resource": "*",
}


@pytest.fixture(scope="module")
def outdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tracing")
    cases = {"on": (", tracing: true", ""), "off": (", tracing: false", ""), "unsaid": ("", "")}
    for name, (one, two) in cases.items():
        text = BLUEPRINT.replace("NAME", name).replace("ONE", one).replace("TWO", two)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return synth(folder / "out", ROOT, GATEPRINT_BLUEPRINTS=str(folder))


def resources(outdir: Path, name: str) -> dict[str, Any]:
    path = outdir / "stacks" / f"{name}-nonprod" / "cdk.tf.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["resource"]
    return found


@pytest.mark.parametrize(
    ("name", "modes", "is_allowed"),
    [
        ("on", {"one": {"mode": "Active"}, "two": None}, True),
        ("off", {"one": {"mode": "PassThrough"}, "two": None}, False),
        ("unsaid", {"one": None, "two": None}, False),
    ],
)
def test_a_traced_function_is_active_and_its_role_may_send_segments(
    outdir: Path, name: str, modes: dict[str, Any], *, is_allowed: bool
) -> None:
    found = resources(outdir, name)
    functions = found["aws_lambda_function"]
    assert {each: functions[each].get("tracing_config") for each in functions} == modes
    policy = json.loads(found["aws_iam_role_policy"]["functions--role"]["policy"])
    assert (TRACED in policy["Statement"]) is is_allowed
