"""A run arrives on another machine as it was pushed, or not at all."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import pytest

from gateprint.errors import ToolFailed
from gateprint.terraform.bundles.archive import pack, sha256
from gateprint.terraform.bundles.content import (
    RUN,
    Archive,
    Bundle,
    File,
    bundle_json,
    is_safe_path,
    read_bundle,
)
from gateprint.terraform.bundles.stores import FolderStore, Store
from gateprint.terraform.bundles.transfer import digest_of_shard, pull, push, require_shard
from gateprint.terraform.runs.folder import RunFolder, make_run, write_private
from gateprint.terraform.runs.record import ShardOf, run_json
from tests.terraform.runs.made import made_run, planned, shard

FILES = {
    "configuration/cdk.tf.json": b"{}",
    "configuration/.terraform.lock.hcl": b"# lock",
    "configuration/assets/pets.zip": bytes(range(256)) * 40,
    "plan.tfplan": b"a saved plan",
    "plan.json": b"{}",
}


@dataclass
class Memory:
    """A store that forgets at the end, and whose content a test can change."""

    name: str = "memory"
    kept: dict[str, bytes] = field(default_factory=dict)

    def put(self, key: str, data: bytes) -> None:
        self.kept[key] = data

    def get(self, key: str, most_bytes: int) -> bytes | None:
        found = self.kept.get(key)
        return None if found is None else found[: most_bytes + 1]


def a_run(path: Path, of: ShardOf | None = None) -> RunFolder:
    folder = make_run(path)
    stacks = [planned("pets-prod"), planned("orders-prod", "unchanged")]
    for name, data in FILES.items():
        write_private(folder.stack("pets-prod").path / name, data)
    write_private(folder.journal, '{"event": "plan-started"}\n')
    write_private(folder.run_json, run_json(made_run(stacks, of)))
    return folder


def content(folder: RunFolder) -> dict[str, bytes]:
    return {
        path.relative_to(folder.path).as_posix(): path.read_bytes()
        for path in folder.path.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return a_run(tmp_path / "here")


@pytest.mark.parametrize("kind", ["memory", "folder"])
def test_what_is_pulled_is_what_was_pushed(run: RunFolder, tmp_path: Path, kind: str) -> None:
    store: Store = Memory() if kind == "memory" else FolderStore(tmp_path / "store")
    pushed = push(run, store)
    found = pull(pushed.digest, tmp_path / "there", store, pushed.content)
    assert pushed.digest == run.digest()
    assert content(found) == content(run)


def test_pushing_again_changes_nothing(run: RunFolder) -> None:
    store = Memory()
    first = push(run, store)
    kept = dict(store.kept)
    assert (push(run, store), store.kept) == (first, kept)


def test_what_arrives_is_for_its_owner_alone(run: RunFolder, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    found = pull(push(run, store).digest, tmp_path / "there", store)
    files = [each for each in found.path.rglob("*") if each.is_file()]
    files += [each for each in store.path.rglob("*") if each.is_file()]
    assert {each.stat().st_mode & 0o777 for each in files} == {0o600}
    assert found.path.stat().st_mode & 0o777 == 0o700


def test_what_terraform_makes_anew_stays_where_it_is(run: RunFolder, tmp_path: Path) -> None:
    made = run.stack("pets-prod").configuration / ".terraform"
    made.mkdir()
    (made / "provider").symlink_to(tmp_path)
    store = Memory()
    found = pull(push(run, store).digest, tmp_path / "there", store)
    assert not (found.stack("pets-prod").configuration / ".terraform").exists()


def test_a_link_does_not_travel(run: RunFolder, tmp_path: Path) -> None:
    (run.stack("pets-prod").configuration / "secrets").symlink_to("/etc/passwd")
    with pytest.raises(ToolFailed, match="is a link"):
        push(run, Memory())


def test_what_happened_since_and_the_review_come_with_the_next_push(
    run: RunFolder, tmp_path: Path
) -> None:
    store = Memory()
    push(run, store)
    with run.journal.open("a", encoding="utf-8") as file:
        file.write('{"event": "reviewed"}\n')
    write_private(run.review, "{}")
    found = pull(push(run, store).digest, tmp_path / "there", store)
    assert content(found) == content(run)


def test_a_bundle_that_knows_more_is_not_replaced(run: RunFolder, tmp_path: Path) -> None:
    store = Memory()
    elsewhere = pull(push(run, store).digest, tmp_path / "there", store)
    with elsewhere.journal.open("a", encoding="utf-8") as file:
        file.write('{"event": "apply-started"}\n')
    push(elsewhere, store)
    with pytest.raises(ToolFailed, match="not here") as caught:
        push(run, store)
    assert run.digest() in caught.value.remedy


def test_a_review_is_not_lost(run: RunFolder) -> None:
    store = Memory()
    write_private(run.review, "{}")
    push(run, store)
    run.review.unlink()
    with pytest.raises(ToolFailed, match="a review"):
        push(run, store)


def test_a_run_is_found_by_its_shard(tmp_path: Path) -> None:
    store = Memory()
    run = a_run(tmp_path / "here", shard(1))
    push(run, store)
    assert digest_of_shard(shard(1), store) == run.digest()
    assert digest_of_shard(shard(2), store) is None
    require_shard(run, shard(1))
    with pytest.raises(ToolFailed, match="not the run of shard 2"):
        require_shard(run, shard(2))


def test_a_folder_without_a_plan_is_not_pushed(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="no finished plan"):
        push(RunFolder(tmp_path), Memory())


def test_a_folder_that_is_there_is_not_written_over(run: RunFolder, tmp_path: Path) -> None:
    store = Memory()
    pushed = push(run, store)
    with pytest.raises(ToolFailed, match="is there already"):
        pull(pushed.digest, run.path, store)


@pytest.mark.parametrize(
    ("digest", "problem"),
    [("0" * 64, "has no bundle"), ("../" * 20, "not the digest"), ("abc", "not the digest")],
)
def test_a_digest_that_finds_nothing_is_refused(digest: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match=problem):
        pull(digest, tmp_path / "there", FolderStore(tmp_path / "store"))


# --- what a stranger may have written into the store


def archive_key(store: Memory, name: str) -> str:
    return next(key for key in store.kept if f"/{name}-" in key)


def bundle_key(store: Memory) -> str:
    return next(key for key in store.kept if key.endswith("bundle.json"))


def forged(store: Memory, change: Callable[[Bundle], Bundle]) -> None:
    key = bundle_key(store)
    store.put(key, bundle_json(change(read_bundle(store.kept[key]))).encode())


def with_archive(store: Memory, name: str, files: dict[str, bytes]) -> None:
    """Replace an archive by one of these files, all of whose digests are right."""
    archive, data = pack(name, files)
    digest = bundle_key(store).partition("/")[0]
    store.put(f"{digest}/{archive.key}", data)

    def change(bundle: Bundle) -> Bundle:
        others = [each for each in bundle.archives if each.name != name]
        return replace(bundle, archives=(*others, archive))

    forged(store, change)


def zipped(archive: Archive, entries: dict[str, bytes]) -> tuple[Archive, bytes]:
    """An archive that says what `archive` says, and holds these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for name, data in entries.items():
            opened.writestr(name, data)
    data = buffer.getvalue()
    return replace(archive, size_bytes=len(data), sha256=sha256(data)), data


def slip(store: Memory, entries: dict[str, bytes]) -> None:
    bundle = read_bundle(store.kept[bundle_key(store)])
    old = next(each for each in bundle.archives if each.name == "pets-prod")
    archive, data = zipped(old, entries)
    store.put(f"{bundle.run}/{archive.key}", data)
    archives = tuple(archive if each == old else each for each in bundle.archives)
    forged(store, lambda one: replace(one, archives=archives))


def listed_outside(store: Memory) -> None:
    """Let the listing and the archive agree on a file beside the folder."""
    data = b"x"
    outside = File("../../escaped", len(data), sha256(data))

    def change(bundle: Bundle) -> Bundle:
        old = next(each for each in bundle.archives if each.name == "pets-prod")
        archive, packed = zipped(replace(old, files=(outside,)), {outside.path: data})
        store.put(f"{bundle.run}/{archive.key}", packed)
        return replace(bundle, archives=(bundle.top, archive))

    forged(store, change)


def flip(store: Memory, key: str) -> None:
    data = bytearray(store.kept[key])
    data[len(data) // 2] ^= 1
    store.put(key, bytes(data))


def other_run(store: Memory) -> None:
    text = run_json(made_run([planned("pets-prod")], name="another")).encode()
    with_archive(store, RUN, {"run.json": text})


RUN_JSON = run_json(made_run([planned("pets-prod"), planned("orders-prod", "unchanged")])).encode()
ATTACKS: dict[str, tuple[Callable[[Memory], object], str]] = {
    "a bit of a plan is another": (
        lambda store: flip(store, archive_key(store, "pets-prod")),
        "pets-prod is not what was pushed",
    ),
    "an archive is gone": (
        lambda store: store.kept.pop(archive_key(store, "pets-prod")),
        "is missing",
    ),
    "an archive is longer": (
        lambda store: store.put(
            archive_key(store, "pets-prod"), store.kept[archive_key(store, "pets-prod")] + b"x"
        ),
        "pets-prod is not what was pushed",
    ),
    "the run is another": (other_run, "run.json has another digest"),
    "there is no run": (lambda store: with_archive(store, RUN, {}), "another digest"),
    "a file is written beside the folder": (
        lambda store: slip(store, {**FILES, "../../escaped": b"x"}),
        "other files than it says",
    ),
    "the listing, too, has a file beside the folder": (
        listed_outside,
        "no file of a run has the path",
    ),
    "a file of the archive is another": (
        lambda store: slip(store, {**FILES, "plan.tfplan": b"another plan"}),
        "plan.tfplan is not what was pushed",
    ),
    "a file of the archive unpacks to much more": (
        lambda store: slip(store, {**FILES, "plan.tfplan": b"0" * 1_000_000}),
        "plan.tfplan is not what was pushed",
    ),
    "a stack is gone": (
        lambda store: forged(
            store,
            lambda one: replace(
                one, archives=tuple(each for each in one.archives if each.name == RUN)
            ),
        ),
        "stacks are not those of the run",
    ),
    "there is a stack too many": (
        lambda store: with_archive(store, "shop-prod", {"plan.tfplan": b"x"}),
        "stacks are not those of the run",
    ),
    "a stack hides among the files of the run": (
        lambda store: with_archive(
            store, RUN, {"run.json": RUN_JSON, "stacks/pets-prod/plan.tfplan": b"x"}
        ),
        "files beside those of a run",
    ),
    "it says that it is another run": (
        lambda store: forged(store, lambda one: replace(one, run="0" * 64)),
        "of another run",
    ),
    "it is no JSON": (lambda store: store.put(bundle_key(store), b"\xff"), "not what was pushed"),
}


@pytest.mark.parametrize("case", ATTACKS)
def test_what_is_not_as_it_was_pushed_is_refused_and_leaves_nothing(
    case: str, run: RunFolder, tmp_path: Path
) -> None:
    attack, problem = ATTACKS[case]
    store = Memory()
    digest = push(run, store).digest
    attack(store)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ToolFailed, match=problem):
        pull(digest, tmp_path / "there", store)
    assert sorted(tmp_path.rglob("*")) == before


def test_another_push_than_the_one_that_was_asked_for_is_refused(
    run: RunFolder, tmp_path: Path
) -> None:
    store = Memory()
    pushed = push(run, store)
    write_private(run.review, '{"verdict": "approved"}')
    push(run, store)
    with pytest.raises(ToolFailed, match="content is another"):
        pull(pushed.digest, tmp_path / "there", store, pushed.content)


def test_a_bundle_that_was_spoilt_is_mended_by_the_next_push(
    run: RunFolder, tmp_path: Path
) -> None:
    store = Memory()
    digest = push(run, store).digest
    store.put(bundle_key(store), b"{}")
    push(run, store)
    assert content(pull(digest, tmp_path / "there", store)) == content(run)


@pytest.mark.parametrize(
    "path",
    [
        "/a",
        "a//b",
        "../a",
        "a/../b",
        ".",
        "a/./b",
        "",
        "a\\b",
        "c:a",
        "a\0",
        "a\n",
        "x" * 201,
        "a/",
    ],
)
def test_a_path_that_leads_elsewhere_is_not_safe(path: str) -> None:
    assert not is_safe_path(path)


@pytest.mark.parametrize("path", ["a", ".terraform.lock.hcl", "a/b-c_d.1/é.py", "a b"])
def test_a_plain_path_is_safe(path: str) -> None:
    assert is_safe_path(path)


def listing(
    archive: Mapping[str, object] = MappingProxyType({}),
    file: Mapping[str, object] = MappingProxyType({}),
    **values: object,
) -> str:
    digest = "0" * 64
    a_file = {"path": "run.json", "size_bytes": 1, "sha256": digest, **file}
    an_archive = {"name": "run", "size_bytes": 1, "sha256": digest, "files": [a_file], **archive}
    return json.dumps({"format": 1, "run": digest, "archives": [an_archive], **values})


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "[" * 100_000,
        listing(format=2),
        listing(run="../.."),
        listing(archives=[]),
        listing(archive={"name": "../x"}),
        listing(archive={"name": "pets-prod"}),
        listing(archive={"size_bytes": 1 << 60}),
        listing(file={"path": "../run.json"}),
        listing(file={"size_bytes": -1}),
        listing(file={"size_bytes": True}),
        listing(file={"sha256": None}),
    ],
)
def test_a_listing_out_of_bounds_is_refused(text: str) -> None:
    assert read_bundle(listing()).run == "0" * 64
    with pytest.raises(ValueError, match=r".+"):
        read_bundle(text)


def test_a_store_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ToolFailed, match="cannot be written"):
        FolderStore(tmp_path / "file").put("key", b"")


def test_a_store_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    (tmp_path / "runs" / "key").mkdir(parents=True)
    with pytest.raises(ToolFailed, match="cannot be read"):
        store.get("key", 1)
