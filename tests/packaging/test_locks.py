"""What users install is what was tested, and an image has what its build needs."""

from __future__ import annotations

import re

from tests.support.project import ROOT


def pins(name: str) -> dict[str, set[str]]:
    """Return the pinned versions of a lock file, by package; some have one for each system."""
    found: dict[str, set[str]] = {}
    text = (ROOT / name).read_text(encoding="utf-8")
    for package, version in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE):
        found.setdefault(package, set()).add(version)
    return found


def test_what_users_install_has_the_versions_that_were_tested() -> None:
    users, tested = pins("requirements-run.lock"), pins("requirements.lock")
    assert users
    assert {name: found for name, found in users.items() if not found <= tested[name]} == {}


def test_users_install_no_tools_of_the_tests() -> None:
    assert {"pytest", "mypy", "ruff", "playwright", "hypothesis"} & set(
        pins("requirements-run.lock")
    ) == set()


def test_every_locked_file_has_a_hash_and_no_index_of_this_machine() -> None:
    for name in ("requirements-run.lock", "requirements-docs.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert text.count("==") <= text.count("--hash=sha256:")
        assert "index-url" not in text


def test_the_image_gets_what_the_wheel_is_built_from_and_nothing_else() -> None:
    """No private file, no history and no test: what is not named stays out."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    allowed = {line.removeprefix("!") for line in rules if line.startswith("!")}
    parts = (ROOT / "gateprint/workflow/templates/project/parts.txt").read_text().split()
    needed = {part.partition("/")[0] for part in parts} | {"gateprint", "setup.py", "README.md"}
    assert rules[0] == "*"
    assert needed | {"LICENSE", "pyproject.toml"} <= allowed
    assert allowed & {".git", "tests", ".venv", "node_modules", ".gateprint"} == set()


def test_the_image_is_pinned_does_not_run_as_root_and_copies_what_is_there() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^ARG \w+=(.+)$", text, re.MULTILINE) == [
        "python:3.11.13-slim-bookworm",
        "node:22.17.0-bookworm-slim",
    ]
    last = text.rpartition("\nFROM ")[2]
    assert "\nUSER gateprint\n" in last
    copied = re.findall(r"^COPY (?!--from)(.+) \./$", text, re.MULTILINE)
    assert [each for line in copied for each in line.split() if not (ROOT / each).is_file()] == []
