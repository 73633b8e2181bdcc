"""`gateprint promote`: which release a stage gets, what stays in the file, and what is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from gateprint.access.answers.question import WrongQuestion
from gateprint.workflow.inputs import load
from gateprint.workflow.places import Places
from gateprint.workflow.promote import Asked, Promoted, promote
from tests.cli.conftest import Cli

TODAY = dt.date(2026, 11, 23)
SHOP = """\
blueprint: 1
name: shop      # of the pets
stages:
  dev: {environment: nonprod}
  test: {environment: nonprod, release: v2, kept_releases: [v1]}   # v2 is good
  prod:
    environment: nonprod   # the customers' own
    release: v1
  eu: {environment: prod}
apis:
  shop:
    routes:
      GET /pets: {mock: {status: 200}, auth: none, public: visitors may look}
"""
BEFORE = Path("blueprints/shop.yaml")


@pytest.fixture
def shop(project: Path) -> Path:
    (project / BEFORE).write_text(SHOP)
    return project


def run(to: str, source: str | None = None, release: str | None = None, percent: str | None = None):
    return promote(Places(), Asked("shop", to, source, release, percent), TODAY)


def stage(name: str) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load(BEFORE.read_text())["stages"][name]
    return found


@pytest.mark.usefixtures("shop")
def test_a_stage_gets_what_the_stage_before_it_serves_and_keeps_what_it_had() -> None:
    promoted = run("prod")
    assert stage("prod") == {"environment": "nonprod", "release": "v2", "kept_releases": ["v1"]}
    assert promoted.taken_in is None, "test has it in the same environment"
    expected = SHOP.replace("    release: v1\n", "    release: v2\n    kept_releases: [v1]\n")
    assert BEFORE.read_text() == expected


@pytest.mark.usefixtures("shop")
def test_the_way_back_is_the_reverse_and_both_releases_are_kept() -> None:
    run("prod")
    back = run("prod", release="v1")
    assert (back.promotion.is_new, back.taken_in) == (False, None)
    assert stage("prod") == {"environment": "nonprod", "release": "v1", "kept_releases": ["v2"]}


NEW: dict[str, tuple[tuple[str, str | None, str | None], str, str | None]] = {
    "a stage before that follows the blueprint": (("test", None, None), "2026-11-23-1", "nonprod"),
    "a name of its own": (("test", None, "v3"), "v3", "nonprod"),
    "the first stage": (("dev", None, None), "2026-11-23-1", "nonprod"),
    "another environment": (("eu", "test", None), "v2", "prod"),
    "a stage that is not the one before": (("eu", "dev", "v7"), "v7", "prod"),
}


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(("asked", "release", "taken_in"), NEW.values(), ids=list(NEW))
def test_a_release_that_the_environment_does_not_have_is_taken_there(
    asked: tuple[str, str | None, str | None], release: str, taken_in: str | None
) -> None:
    promoted = run(*asked)
    assert stage(asked[0])["release"] == release
    assert promoted.taken_in == taken_in


@pytest.mark.usefixtures("shop")
def test_a_name_is_used_once_a_day() -> None:
    run("dev")
    assert run("test").promotion.release == "2026-11-23-1", "dev serves it now"
    assert run("eu", release=None, source="prod").promotion.release == "v1"
    assert run("dev", release="v9").promotion.kept == ("2026-11-23-1",)


@pytest.mark.usefixtures("shop")
def test_five_releases_are_kept() -> None:
    for number in range(8):
        run("prod", release=f"r{number}")
    assert stage("prod")["kept_releases"] == ["r6", "r5", "r4", "r3", "r2"]


@pytest.mark.usefixtures("shop")
def test_a_canary_comes_beside_the_release_and_goes_with_the_promotion() -> None:
    run("prod", percent="2.5")
    own = {"environment": "nonprod", "release": "v1"}
    assert stage("prod") == {**own, "canary": {"percent": 2.5, "release": "v2"}}
    run("prod", percent="50")
    assert stage("prod") == {**own, "canary": {"percent": 50, "release": "v2"}}
    run("prod")
    assert stage("prod") == {"environment": "nonprod", "release": "v2", "kept_releases": ["v1"]}


@pytest.mark.usefixtures("shop")
def test_what_is_served_already_is_not_written_again() -> None:
    written = BEFORE.stat().st_mtime_ns
    promoted = run("prod", release="v1")
    assert (promoted.diff, BEFORE.stat().st_mtime_ns) == ("", written)
    assert BEFORE.read_text() == SHOP


REFUSED = {
    "the stage itself": (("prod", "prod"), "prod is the stage itself"),
    "a name that contradicts the stage": (("prod", "test", "v9"), "test serves v2, not v9"),
    "a canary without a release": (("dev", None, "v9", "5"), "dev follows the blueprint"),
    "a canary of the same": (("prod", None, "v1", "5"), "prod serves v1 to all callers"),
    "no such stage": (("prd",), 'shop has no stage "prd": did you mean prod?'),
    "no such source": (("prod", "tst"), 'shop has no stage "tst": did you mean test?'),
}


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(("asked", "problem"), REFUSED.values(), ids=list(REFUSED))
def test_what_contradicts_itself_is_refused(asked: tuple[str, ...], problem: str) -> None:
    with pytest.raises(WrongQuestion) as refused:
        run(*asked)
    assert problem in str(refused.value)
    assert BEFORE.read_text() == SHOP


def test_the_change_and_the_next_commands_are_printed(cli: Cli, shop: Path) -> None:
    ran = cli("promote", "shop", "--to", "prod")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == PRINTED
    assert load(Places()).blueprints
    assert cli("promote", "shop", "--to", "prod").out == "prod serves v2 already\n"


PRINTED = """\
prod: v1 → v2; kept to go back to: v1

--- blueprints/shop.yaml
+++ blueprints/shop.yaml
@@ -7,3 +7,4 @@
     environment: nonprod   # the customers' own
-    release: v1
+    release: v2
+    kept_releases: [v1]
   eu: {environment: prod}

Next:
  gateprint plan --environment nonprod --out run
  gateprint review run
  gateprint apply run
And back: gateprint promote shop --to prod --release v1
"""
WRONG = {
    "an unknown API": (("shp", "--to", "prod"), 'there is no API "shp": did you mean shop?'),
    "no stage": (("shop",), "Missing option '--to'"),
    "a name that no alias may have": (
        ("shop", "--to", "prod", "--release", "v.1"),
        '"v.1" is not a release\'s name',
    ),
    "the name of what is newest": (
        ("shop", "--to", "prod", "--release", "Latest"),
        '"Latest" is the alias of what the blueprint says',
    ),
    "more than all": (("shop", "--to", "prod", "--canary", "101"), "101"),
}


@pytest.mark.parametrize(("words", "problem"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_command_line_changes_nothing(
    cli: Cli, shop: Path, words: tuple[str, ...], problem: str
) -> None:
    ran = cli("promote", *words)
    assert ran.code == 2
    assert problem in " ".join(ran.err.split())
    assert (shop / BEFORE).read_text() == SHOP


def test_a_blueprint_that_is_wrong_is_mended_first(cli: Cli, shop: Path) -> None:
    wrong = SHOP.replace("release: v1", "release: v 1")
    (shop / BEFORE).write_text(wrong)
    ran = cli("promote", "shop", "--to", "prod")
    assert ran.code == 1
    assert "blueprints/shop.yaml:8:14" in ran.out + ran.err
    assert (shop / BEFORE).read_text() == wrong


def test_a_layout_that_is_not_edited_is_told_what_to_write(cli: Cli, shop: Path) -> None:
    odd = SHOP.replace("  dev: {environment: nonprod}", "  dev:\n    ? environment\n    : nonprod")
    (shop / BEFORE).write_text(odd)
    ran = cli("promote", "shop", "--to", "dev", "--release", "v9")
    assert ran.code == 1
    assert "fix: write release: v9" in ran.out + ran.err
    assert (shop / BEFORE).read_text() == odd


def test_a_link_stays_one(shop: Path) -> None:
    (shop / "blueprints" / "real").mkdir()
    real = shop / "blueprints" / "real" / "shop.txt"
    (shop / BEFORE).rename(real)
    (shop / BEFORE).symlink_to(real)
    assert isinstance(run("prod"), Promoted)
    assert (shop / BEFORE).is_symlink()
    assert "release: v2\n" in real.read_text()
