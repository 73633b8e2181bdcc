"""The access log's file: private, one record per line, and bounded."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from gateprint.local.gateway.journal import FileJournal


def test_each_record_is_a_line_of_a_private_file(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    for path in ("/pets", "/é\n"):
        journal.write({"path": path})
    file = tmp_path / "access.log"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [json.loads(line)["path"] for line in file.read_text().splitlines()] == ["/pets", "/é\n"]


def test_a_full_file_makes_room_and_the_older_half_is_kept_once(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path, max_bytes=100)
    for number in range(20):
        journal.write({"number": f"{number:30}"})
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["access.log", "access.log.1"]
    assert all(file.stat().st_size <= 100 for file in files)
    last = json.loads(files[0].read_text().splitlines()[-1])
    assert last["number"].strip() == "19"


def test_a_new_cloud_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    for number in range(2):
        FileJournal(tmp_path).write({"number": number})
    assert len((tmp_path / "access.log").read_text().splitlines()) == 2
