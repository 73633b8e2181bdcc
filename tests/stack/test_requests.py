"""blueprints/examples/validation.yaml in Terraform."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stack.synthesized import synth
from tests.support.golden import assert_golden
from tests.support.project import ROOT

GOLDEN = ROOT / "tests" / "golden" / "kennel-nonprod.tf.json"
EXAMPLES = ROOT / "blueprints" / "examples"


@pytest.mark.cdktf
def test_golden_stack_of_the_example(tmp_path: Path) -> None:
    outdir = synth(tmp_path, ROOT, GATEPRINT_BLUEPRINTS=str(EXAMPLES))
    text = (outdir / "stacks" / "kennel-nonprod" / "cdk.tf.json").read_text(encoding="utf-8")
    assert_golden(GOLDEN, text + "\n")
