"""What is shown of an attribute is short, and shows neither a secret nor a page of XML."""

from __future__ import annotations

from typing import Any

from gateprint.review.attributes import METADATA, AttributeChange, attribute_changes
from gateprint.terraform.plans.plan import ResourceChange

# Has the form of an access key's id, and is none.
KEY_ID = "AKIA" + "Q" * 16


def changed(before: Any, after: Any) -> AttributeChange:
    kind = "aws_lambda_function"
    (found,) = attribute_changes(
        ResourceChange(f"{kind}.a", kind, "a", ("update",), {"text": before}, {"text": after})
    )
    return found


def test_a_secret_that_is_cut_in_the_middle_is_masked_all_the_same() -> None:
    found = changed("short", "x" * 105 + " " + KEY_ID)
    assert "AKIA" not in found.after
    assert found.after.endswith("…")


def test_metadata_is_told_by_its_name_and_two_of_them_are_not_the_same() -> None:
    one, two, three = (f"<md:EntityDescriptor>{each}</md:EntityDescriptor>" for each in "abc")
    assert (changed(one, two).before, changed(one, two).after) == (METADATA, METADATA)
    long = [each + " " * 1 + "z" * 200 for each in (one, two, three)]
    assert changed(long[0], long[1]).whole != changed(long[0], long[2]).whole
