"""A1 to A3, A6 and scalars that YAML would change: Terraform reads them back as written.

Every field and hundreds of texts: tests/stack/test_hostile_text_in_every_field.py.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.attack import BLUEPRINT, ENVIRONMENT
from tests.stack.synthesized import synth
from tests.stack.terraform_json import Stack, parse, texts_of
from tests.stack.test_text_in_terraform import read_back
from tests.support.edits import edited
from tests.support.project import ROOT

pytestmark = [pytest.mark.terraform, pytest.mark.cdktf]

HERE = Path(__file__).parent
FILE = '${file("/etc/passwd")}'
LOOP = "%{ if true }x%{ endif }"
UPPER = '${upper("k")}'
OPEN = "${ here"
EDITS = {
    BLUEPRINT: (
        *("description: Where we try things.", f"description: '{FILE}'"),
        *("description: List and update pets.", f"description: '{OPEN}'"),
        *("description: Reads pets.", f"description: '{LOOP}'"),
        *("{TABLE: pets}", "{COUNTRY: NO, VERSION: 1.10, NUMBER: 0123, DAY: 2024-01-01}"),
        *('body: "{}"', f"body: '{UPPER}'"),
        *("  prod: {environment: nonprod}", "  2024-01-01: {environment: nonprod}"),
    ),
    ENVIRONMENT: (
        *('"123456789012"', '"012345678901"'),
        *("{cost-center: shop}", f"{{cost-center: '{LOOP}', '{UPPER}': '{FILE}'}}"),
    ),
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The stack of a hostile project, as Terraform reads it."""
    root = tmp_path_factory.mktemp("hostile")
    shutil.copytree(HERE / "project", root, dirs_exist_ok=True)
    shutil.copytree(ROOT / "config" / "identity", root / "config" / "identity")
    shutil.copytree(ROOT / "lambdas", root / "lambdas")
    (root / ".gateprint").symlink_to(ROOT / ".gateprint")
    for name, edit in EDITS.items():
        text = (root / name).read_text(encoding="utf-8")
        (root / name).write_text(edited(text, edit).text, encoding="utf-8")
    folder = synth(root / "out", root) / "stacks" / "pets-nonprod"
    document = json.loads((folder / "cdk.tf.json").read_text(encoding="utf-8"))
    texts = sorted(set(texts_of(document)))
    outputs: dict[str, object] = {f"t{index}": each for index, each in enumerate(texts)}
    found = read_back(tmp_path_factory.mktemp("back"), outputs)
    decoded = {each: str(found[f"t{index}"]) for index, each in enumerate(texts)}
    return Stack(folder, parse(document, decoded.__getitem__))


def one(stack: Stack, kind: str, **wanted: str) -> Any:
    found = stack.one(kind, **wanted)
    assert found is not None
    return found


def test_a1_a_function_of_terraform_is_not_called(stack: Stack) -> None:
    assert one(stack, "aws_api_gateway_stage", stage_name="dev")["description"] == FILE


def test_a2_a_directive_of_terraform_is_not_followed(stack: Stack) -> None:
    assert one(stack, "aws_iam_role", name="pets-reader")["description"] == LOOP
    assert stack.tags["cost-center"] == LOOP


def test_a3_a_template_in_a_key_is_text(stack: Stack) -> None:
    assert stack.tags[UPPER] == FILE


def test_a6_an_open_template_is_text(stack: Stack) -> None:
    assert one(stack, "aws_api_gateway_rest_api")["description"] == OPEN


def test_a15_a17_a19_scalars_keep_what_is_written(stack: Stack) -> None:
    function = one(stack, "aws_lambda_function", function_name="pets-nonprod-get_pet")
    found = function["environment"]["variables"]
    assert {name: found[name] for name in ("COUNTRY", "VERSION", "NUMBER", "DAY")} == {
        "COUNTRY": "NO",
        "VERSION": "1.10",
        "NUMBER": "0123",
        "DAY": "2024-01-01",
    }
    assert stack.provider["allowed_account_ids"] == ["012345678901"]
    assert one(stack, "aws_api_gateway_stage", stage_name="2024-01-01")
