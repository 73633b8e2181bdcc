"""The digest of a stack's files is the same before and after they are written."""

from __future__ import annotations

from pathlib import Path

from gateprint.terraform.configuration import (
    configuration_digest,
    copy_configuration,
    digest_of_files,
    write_files,
)

FILES = {
    "cdk.tf.json": b'{"resource": {}}',
    "assets/pets.zip": b"PK\x05\x06",
    # Sorted as folders are, "a" comes before "a.b", and what is in "a" as well.
    "a.b": b"1",
    "a/b": b"2",
    "a-b": b"",
}


def test_what_is_written_has_the_digest_that_it_had_before(tmp_path: Path) -> None:
    write_files(FILES, tmp_path / "stack")
    assert configuration_digest(tmp_path / "stack") == digest_of_files(FILES)


def test_a_copy_has_the_same_digest(tmp_path: Path) -> None:
    write_files(FILES, tmp_path / "stack")
    copy_configuration(tmp_path / "stack", tmp_path / "copy")
    assert configuration_digest(tmp_path / "copy") == digest_of_files(FILES)


def test_every_name_and_every_byte_counts() -> None:
    moved = {**FILES, "a/c": FILES["a/b"]}
    del moved["a/b"]
    others = [moved, {**FILES, "a-b": b"0"}, {**FILES, "a.b": b"", "a-b": b"1"}]
    assert len({digest_of_files(each) for each in (FILES, *others)}) == 4


def test_what_terraform_leaves_there_does_not_count(tmp_path: Path) -> None:
    write_files(FILES, tmp_path)
    write_files({".terraform/x": b"1", ".terraform.lock.hcl": b"2"}, tmp_path)
    assert configuration_digest(tmp_path) == digest_of_files(FILES)
