"""The archives of functions: same sources, same bytes."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import zipfile

from gateprint.stack.archive import pack
from gateprint.workflow.lambdas import source_files

FILES = {"app.py": b"def handler(event, context): ...\n", "shared/http.py": b"# shared\n"}


def test_the_order_of_files_does_not_matter():
    assert pack("x", FILES) == pack("x", dict(reversed(FILES.items())))


def test_the_bytes_are_the_same_on_every_machine():
    """Other bytes would update every function; so a change here is a change for all users."""
    digest = hashlib.sha256(pack("x", FILES).content).hexdigest()
    assert digest == "191408b9cac07d269a78738287582393f00702323f1117cecd81536e9ea43a70"


def test_an_archive_holds_its_files_and_nothing_else():
    archive = zipfile.ZipFile(io.BytesIO(pack("x", FILES).content))
    assert {name: archive.read(name) for name in archive.namelist()} == FILES
    assert all(entry.date_time == (1980, 1, 1, 0, 0, 0) for entry in archive.infolist())
    assert all(entry.external_attr >> 16 == 0o100644 for entry in archive.infolist())


def test_the_digest_is_what_lambda_reports():
    archive = pack("x", FILES)
    expected = base64.b64encode(hashlib.sha256(archive.content).digest()).decode()
    assert archive.digest_base64 == expected


def test_times_rights_caches_and_links_of_sources_do_not_matter(tmp_path):
    for name, content in FILES.items():
        path = tmp_path / ("one/" + name if not name.startswith("shared") else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    before = source_files(tmp_path, "one")
    os.utime(tmp_path / "one" / "app.py", (1, 1))
    (tmp_path / "one" / "app.py").chmod(0o755)
    (tmp_path / "one" / "__pycache__").mkdir()
    (tmp_path / "one" / "__pycache__" / "app.pyc").write_bytes(b"x")
    (tmp_path / "one" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "one" / "outside.py").symlink_to(__file__)
    assert source_files(tmp_path, "one") == before == FILES


def test_a_changed_source_is_another_archive():
    assert pack("x", FILES).content != pack("x", FILES | {"app.py": b"other"}).content
