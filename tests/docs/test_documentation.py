"""The documentation agrees with the program: links, blueprints, and the output that is shown."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from gateprint.cli.main import run
from gateprint.cli.verbs import VERBS
from gateprint.model import blueprint, environment, written
from gateprint.model.schema import Model
from tests.docs.pages import ROOT, Block, anchors, blocks, headings, links, pages
from tests.docs.workspace import diagnose, make_workspace

PAGES = pages()
BLOCKS = [block for page in PAGES for block in blocks(page)]
OUTPUTS = [block for block in BLOCKS if block.marker.startswith("output: ")]
BLUEPRINTS = [block for block in BLOCKS if block.marker.startswith("blueprint: ")]
ENVIRONMENTS = [block for block in BLOCKS if block.marker.startswith("environment: ")]
REJECTED = [block for block in BLOCKS if block.marker.startswith("rejected blueprint: ")]
MARKERS = (
    *("output: ", "blueprint: ", "environment: ", "rejected blueprint: ", "wrong "),
    *("tutorial: ", "edit of ", "output in part: "),
)
HOMES = (written.__name__, blueprint.__name__, environment.__name__)
FORMATS = [model for model in Model.__subclasses__() if model.__module__.startswith(HOMES)]


def name_of(page: Path) -> str:
    """Return the page's path, as a test's id."""
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_to_a_page_and_a_heading(page: Path):
    broken = [target for target in links(page) if not leads_somewhere(page, target)]
    assert broken == []


def leads_somewhere(page: Path, target: str) -> bool:
    """Tell whether a link's file exists, and has its heading; other hosts are not asked."""
    if re.match(r"https?://", target):
        return True
    path, _, anchor = target.partition("#")
    aim = (page.parent / path).resolve() if path else page
    return aim.exists() and (not anchor or anchor in anchors(aim))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_marker_before_a_block_is_one_that_is_tested(page: Path):
    marked = [block for block in blocks(page) if block.marker]
    odd = [f"{each}: {each.marker}" for each in marked if not each.marker.startswith(MARKERS)]
    assert odd == []


@pytest.mark.parametrize("block", BLUEPRINTS, ids=str)
def test_every_blueprint_that_is_shown_is_accepted(block: Block, tmp_path: Path):
    folder = make_workspace(tmp_path / "project")
    write_blueprint(folder, block)
    assert diagnose(folder) == ()


@pytest.mark.parametrize("block", ENVIRONMENTS, ids=str)
def test_every_environment_that_is_shown_is_accepted(block: Block, tmp_path: Path):
    folder = make_workspace(tmp_path / "project")
    write_blueprint(folder, BLUEPRINTS[0])
    name = block.marker.removeprefix("environment: ")
    (folder / "config" / f"{name}.yaml").write_text(block.text, encoding="utf-8")
    assert diagnose(folder) == ()


@pytest.mark.parametrize("block", REJECTED, ids=str)
def test_every_blueprint_that_is_shown_as_rejected_is(block: Block, tmp_path: Path):
    folder = make_workspace(tmp_path / "project")
    write_blueprint(folder, block)
    assert diagnose(folder) != ()


@pytest.mark.parametrize("block", OUTPUTS, ids=str)
def test_the_output_that_is_shown_is_the_real_one_golden(
    block: Block,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    folder = make_workspace(tmp_path / "project")
    write_blueprint(folder, blueprint_above(block))
    for name in [each for each in os.environ if each.startswith("GATEPRINT_")]:
        if name != "GATEPRINT_GOLDEN":
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(folder)

    program, *arguments = shlex.split(block.marker.removeprefix("output: "))
    run(arguments)

    assert program == "gateprint"
    real = trimmed(capsys.readouterr().out)
    if os.environ.get("GATEPRINT_GOLDEN"):
        rewrite(block, real)
        return
    assert block.text == real, f"{block} differs; look at it, then run: make golden"


def trimmed(output: str) -> str:
    """Return what was printed without blank lines around it or blanks at the ends of lines."""
    return "\n".join(line.rstrip() for line in output.strip("\n").splitlines()) + "\n"


def rewrite(block: Block, real: str) -> None:
    """Put the real output into the page."""
    marked = f"<!-- {block.marker} -->\n```{block.language}\n"
    text = block.page.read_text(encoding="utf-8")
    assert text.count(f"{marked}{block.text}```") == 1
    text = text.replace(f"{marked}{block.text}```", f"{marked}{real}```")
    block.page.write_text(text, encoding="utf-8")


def blueprint_above(block: Block) -> Block:
    """Return the last blueprint on the page before the block."""
    above = [
        each
        for each in blocks(block.page)
        if "blueprint: " in each.marker and each.line < block.line
    ]
    return above[-1]


def write_blueprint(folder: Path, block: Block) -> None:
    """Put the shown blueprint into a workspace, under the name of its marker."""
    name = block.marker.partition("blueprint: ")[2]
    (folder / "blueprints" / f"{name}.yaml").write_text(block.text, encoding="utf-8")


def test_the_first_blueprint_of_the_readme_fits_a_screen():
    first = next(block for block in BLUEPRINTS if block.page == ROOT / "README.md")
    assert len(first.text.splitlines()) <= 15


@pytest.mark.parametrize("verb", [each.name or "" for each in VERBS])
def test_the_readme_names_every_verb(verb: str):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"`gateprint {verb}\b", text)


def test_the_readme_names_the_line_that_runs_the_tests():
    assert "\nmake test\n" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.cdktf
def test_every_address_that_is_shown_is_one_of_the_blueprint_beside_it(tmp_path: Path):
    page = ROOT / "docs" / "how-it-works.md"
    folder = make_workspace(tmp_path / "project")
    write_blueprint(folder, next(each for each in BLUEPRINTS if each.page == page))
    shown = set(re.findall(r"`(aws_\w+\.[\w-]+)`", page.read_text(encoding="utf-8")))

    assert shown
    assert shown - synthesized_addresses(folder) == set()


def synthesized_addresses(folder: Path) -> set[str]:
    """Synthesize a workspace for the embedded cloud; return the addresses of all its stacks."""
    words = [sys.executable, "-m", "gateprint", "synth", "--environment", "local"]
    environ = {name: value for name, value in os.environ.items() if name != "CDKTF_OUTDIR"}
    done = subprocess.run(words, cwd=folder, env=environ, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    stacks = [json.loads(path.read_bytes()) for path in folder.rglob("cdk.tf.json")]
    return {
        f"{kind}.{name}"
        for stack in stacks
        for kind, named in stack["resource"].items()
        for name in named
    }


def test_every_stop_of_the_journey_is_a_function_or_class_of_its_module():
    text = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8")
    stops = re.findall(r"`([\w/]+)\.py: (\w+)`", text)
    modules = {each: import_module(f"gateprint.{each.replace('/', '.')}") for each, _ in stops}
    assert modules
    assert [each for each in stops if not hasattr(modules[each[0]], each[1])] == []


@pytest.mark.parametrize("model", FORMATS, ids=lambda model: model.__name__)
def test_the_reference_has_every_field(model: type[Model]):
    assert set(model.model_fields) - fields_of_the_reference() == set()


def test_the_reference_has_no_field_that_does_not_exist():
    known = {name for model in FORMATS for name in model.model_fields}
    assert fields_of_the_reference() - known == set()


def fields_of_the_reference() -> set[str]:
    """Return the names that begin the rows of its tables, each without those above it."""
    text = (ROOT / "docs" / "blueprint.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `(?:\w+\.)*(\w+)` \|", text, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_names_a_folder_of_somebodys_machine(page: Path):
    found = re.findall(r"/(?:home|Users|root|work)/\S+", page.read_text(encoding="utf-8"))
    assert found == []


def test_every_decision_is_listed_and_has_its_four_parts():
    folder = ROOT / "docs" / "decisions"
    records = sorted(path for path in folder.glob("[0-9]*.md"))
    listed = set(links(folder / "README.md"))
    assert [path.name for path in records if path.name not in listed] == []
    for number, path in enumerate(records, 1):
        assert path.name.startswith(f"{number:04}-")
        text = path.read_text(encoding="utf-8")
        parts = re.findall(r"^## (\w+)$", text, re.MULTILINE)
        assert parts == ["Status", "Context", "Decision", "Consequences"], path.name


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs" / "auth").glob("[a-z]*.md")), ids=lambda page: page.name
)
def test_every_way_to_secure_an_api_is_in_the_index_and_says_when_to_choose_it(page: Path):
    assert page.name in links(page.parent / "README.md")
    assert any(each.startswith("When to choose") for each in headings(page))


def test_the_site_has_every_page_but_the_decisions():
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^ +- [^:]+: (\S+\.md)$", text, re.MULTILINE)
    decisions = re.compile(r"docs/decisions/\d")
    assert sorted(listed) == sorted(
        name_of(page) for page in PAGES if not decisions.match(name_of(page))
    )
