"""A retired blueprint grants nothing, and its stack has nothing left: all that is, is told."""

from __future__ import annotations

from typing import Any

import pytest

from gateprint.access.changes.comparison import changes
from gateprint.access.changes.sentences import sentences
from gateprint.access.matrix import access_of
from gateprint.access.proof.stack import prove
from gateprint.access.proof.synthesized import read_stack
from gateprint.access.quotas import check_quotas, check_shared_quotas
from gateprint.model.document import Document
from gateprint.model.resolved import ResolvedBlueprint
from tests.access.generated import terraform_of
from tests.model.made import SMALL, edited, environment_of, resolved_of

RETIRED = "retired: {reason: it moved, by: team-pets}\n"
FRAME = {"//": {"metadata": {}}, "provider": {"aws": [{}]}, "terraform": {"backend": {}}}


def pets(front: str = RETIRED) -> ResolvedBlueprint:
    return resolved_of(edited(SMALL, {"name: pets\n": f"name: pets\n{front}"}))


def left(terraform: dict[str, Any]) -> list[tuple[str, str]]:
    found = prove(pets(), read_stack({**FRAME, **terraform}, environment_of()))
    return [(each.kind, each.sentence) for each in found]


def test_nobody_is_granted_anything() -> None:
    found = access_of(pets())
    assert (found.rows, found.public, found.reached) == ((), (), ())
    assert found.retired == pets().retired


def test_nothing_counts_against_the_quotas() -> None:
    document, whole = Document("pets.yaml", {}), pets()
    assert list(check_quotas(document, whole)) == []
    assert list(check_shared_quotas([(document, whole)] * 2_000)) == []


@pytest.mark.parametrize("terraform", [{}, {"resource": {}}, {"resource": {"aws_iam_role": {}}}])
def test_an_empty_stack_is_right(terraform: dict[str, Any]) -> None:
    assert left(terraform) == []


@pytest.mark.parametrize(
    ("terraform", "addresses"),
    [
        (
            {"resource": {"aws_lambda_function": {"a": {}, "b": {}}}},
            ["aws_lambda_function.a", "aws_lambda_function.b"],
        ),
        ({"resource": {"aws_s3_bucket": [{"a": {}}]}}, ["aws_s3_bucket.…"]),
        ({"resource": [{"aws_s3_bucket": {"a": {}}}]}, ["resource"]),
        ({"data": {"aws_iam_role": {"a": {}}}}, ["data.aws_iam_role.a"]),
        ({"output": {"api_ids": {}}}, ["output.api_ids"]),
        ({"module": {"more": {}}}, ["module.more"]),
        # Terraform would forget it, and leave it where it is.
        ({"removed": [{"from": "aws_iam_role.a"}]}, ["removed"]),
    ],
)
def test_all_that_is_left_is_a_difference(terraform: dict[str, Any], addresses: list[str]) -> None:
    ending = "is still there, though the blueprint is retired"
    assert left(terraform) == [("retired", f"{each} {ending}") for each in addresses]


def test_the_stack_as_it_was_is_no_stack_of_a_retired_blueprint() -> None:
    terraform = terraform_of(pets(front=""))
    resources = terraform["resource"]
    addresses = {f"{kind}.{name}" for kind, named in resources.items() for name in named}
    assert {sentence.split()[0] for _, sentence in left(terraform)} == addresses


def test_what_is_lost_and_gained_is_told_with_its_cause() -> None:
    there = [each.text for each in sentences(changes([pets(front="")], [pets()]))]
    assert there == [
        "pets-reader loses GET /pets/{id} on dev of pets (nonprod): the blueprint is retired",
        "nobody may assume pets-reader (nonprod) any more: the blueprint is retired",
    ]
    back = [each.text for each in sentences(changes([pets()], [pets(front="")]))]
    assert back[0] == (
        "pets-reader gains GET /pets/{id} on dev of pets (nonprod): "
        "the blueprint is no longer retired"
    )


def test_deleting_the_file_afterwards_changes_nothing() -> None:
    assert not changes([pets()], [])
