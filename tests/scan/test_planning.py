"""What checkov sees planned is what is synthesized, without what asks a state or AWS."""

from __future__ import annotations

import json
from pathlib import Path

from tests.scan.__main__ import GOLDEN
from tests.scan.planning import write_offline


def test_a_plan_is_of_the_same_resources_and_asks_nobody(tmp_path: Path) -> None:
    golden = GOLDEN / "pets-nonprod.tf.json"
    write_offline(golden, tmp_path)
    before = json.loads(golden.read_text("utf-8"))
    found = json.loads((tmp_path / "cdk.tf.json").read_text("utf-8"))
    assert found["resource"] == before["resource"]
    assert "backend" not in found["terraform"]
    (provider,) = found["provider"]["aws"]
    assert "allowed_account_ids" not in provider
    assert provider["skip_requesting_account_id"]
