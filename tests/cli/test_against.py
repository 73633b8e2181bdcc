"""`access --against`: the inputs of a git revision, and what changed since, from a real git."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from gateprint.access.changes.comparison import Changes, changes
from gateprint.cli.changes import render
from gateprint.errors import InputRejected, ToolFailed
from gateprint.workflow.git import UnknownRevision
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.places import Places
from gateprint.workflow.revision import changes_since, inputs_at
from tests.support import saml
from tests.support.golden import assert_golden

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests/golden"
# A file's mode and content; a submodule's content is a commit.
File = tuple[str, bytes]
Tree = Mapping[str, File]
PLAIN, LINK, SUBMODULE = "100644", "120000", "160000"
# Of the commits; the expired certificate was good then.
THEN = dt.datetime(2024, 2, 3, tzinfo=dt.UTC)
ENVIRON = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}
ODD = f"\u202e<b>`*{' as-it-was' * 30}"
LARGE = bytes(1 << 20)
PETS, AUTH0 = "blueprints/pets.yaml", "config/identity/auth0.xml"


def project() -> Iterator[tuple[str, File]]:
    for folder in ("blueprints", "config", "lambdas"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), (PLAIN, path.read_bytes())


def edited(tree: Tree, name: str, edits: Mapping[str, str]) -> Tree:
    text = tree[name][1].decode()
    for old, new in edits.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return {**tree, name: (PLAIN, text.encode())}


def without(tree: Tree, *prefixes: str) -> Tree:
    return {name: file for name, file in tree.items() if not name.startswith(prefixes)}


def metadata(days: int) -> File:
    """Return metadata whose certificate is good for so many days after the commits."""
    name = "acme.auth0.com"
    made = saml.certificate(name, start=THEN - dt.timedelta(days=99), days=99 + days)
    return PLAIN, saml.metadata(f"urn:{name}", name, made).encode()


def trees() -> dict[str, Tree]:
    """Return the branches of the repository."""
    main = dict(project())
    pets = {
        "        auth: none\n        public: the catalogue is open to visitors"
        "     # the reason; required where no caller is checked\n": "",
        '[POST /pets, "GET /pets/{id}"]': "[POST /pets, GET /pets]",
        "    assumed_by_gateway: true ": "    assumed_by_gateway: false ",
        "[staff, auditor]": "[auditor, trainee]",
    }
    orders = {
        "- {stages: [dev, test], routes: all}": "- {stages: [dev], routes: [GET /orders]}",
        'overreach: "accepted because parcels tell an auditor nothing that the order does not"': (
            "overreach: deny"
        ),
        "          - DELETE /carts/{cart}/lines/{product}\n": "",
    }
    return {
        "main": main,
        "older": edited(edited(main, PETS, pets), "blueprints/orders.yaml", orders),
        "empty": {"README.md": (PLAIN, b"# Nothing yet\n")},
        "wrong": edited(main, PETS, {"owner: team-pets": "owner: [team-pets]"}),
        "expired": {**main, AUTH0: metadata(90)},
        "long-expired": {**main, AUTH0: metadata(-1)},
        "odd": edited(main, PETS, {"the catalogue is open to visitors": ODD}),
        "large": {**main, **{f"lambdas/large/{n}.bin": (PLAIN, LARGE) for n in range(129)}},
        "nonprod": without(
            edited(main, PETS, {"stages: [prod]": "stages: [dev]"}), "config/prod", "blueprints/o"
        ),
        "hidden": {
            **main,
            ".gitattributes": (PLAIN, b"blueprints/** export-ignore\n* text eol=crlf filter=no\n"),
        },
        "submodule": {**main, "lambdas/vendor": (SUBMODULE, b"1" * 40)},
        "outside": {**main, "blueprints/z.yaml": (LINK, b"../config/nonprod.yaml")},
        "inside": {
            **without(main, PETS),
            PETS: (LINK, b"parts/pets.txt"),
            "lambdas/pets/link.txt": (LINK, b"app.py"),
            "blueprints/parts/pets.txt": main[PETS],
        },
    }


def streamed(branches: Mapping[str, Tree]) -> Iterator[bytes]:
    """Yield what git fast-import makes the branches of."""
    yield b"blob\nmark :1\ndata %d\n%b\n" % (len(LARGE), LARGE)
    seconds = int(THEN.timestamp())
    for branch, tree in branches.items():
        yield f"commit refs/heads/{branch}\n".encode()
        yield f"committer gateprint <gateprint@localhost> {seconds} +0000\ndata 0\n".encode()
        for name, (mode, content) in tree.items():
            if mode == SUBMODULE:
                yield f"M {mode} {content.decode()} {name}\n".encode()
            elif content is LARGE:
                yield f"M {mode} :1 {name}\n".encode()
            else:
                yield f"M {mode} inline {name}\ndata {len(content)}\n".encode() + content + b"\n"


def git(folder: Path, *words: str, text: bytes = b"") -> str:
    done = subprocess.run(
        ["git", *words], cwd=folder, env=ENVIRON, input=text, capture_output=True, check=True
    )
    return done.stdout.decode()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of all branches, whose work tree is that of main."""
    folder = tmp_path_factory.mktemp("repository")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "fast-import", "--quiet", text=b"".join(streamed(trees())))
    for name, (_, content) in project():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def repository(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(made)
    return made


def at(revision: str, environment: str | None = None) -> Inputs:
    return inputs_at(Places(environment=environment), revision, ENVIRON)


def since(revision: str, environment: str | None = None) -> Changes:
    return changes_since(Places(environment=environment), revision, ENVIRON)


@pytest.mark.parametrize("revision", ["main", "main~0", "HEAD", "@", "refs/heads/main"])
def test_a_revision_is_whatever_git_takes_for_one(repository: Path, revision: str) -> None:
    assert at(revision).blueprints == load(Places()).blueprints


def test_the_work_tree_may_differ(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(made, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    (tmp_path / "copy" / PETS).write_text("not at all: [", encoding="utf-8")
    assert at("main").blueprints


def snapshot(folder: Path) -> dict[str, float]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_nothing_in_the_repository_changes(repository: Path) -> None:
    before = snapshot(repository)
    at("older")
    assert snapshot(repository) == before
    assert not (repository / ".git/index").exists()


def test_no_temporary_file_is_left(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    at("main")
    with pytest.raises(InputRejected):
        at("wrong")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_input_of_then_is_told_with_its_revision(repository: Path) -> None:
    with pytest.raises(InputRejected) as caught:
        at("wrong")
    (one,) = caught.value.diagnostics
    assert (one.location.path, one.location.line) == (f"wrong:{PETS}", 4)
    assert one.problem.endswith(" (on the old side of the comparison)")
    assert one.remedy == "compare with a later revision than wrong, whose input is accepted"


def test_paths_within_a_message_are_of_the_revision_too(repository: Path) -> None:
    with pytest.raises(InputRejected) as caught:
        at("nonprod")
    (one,) = caught.value.diagnostics
    assert one.problem.startswith('environment "prod" has no file nonprod:config/prod.yaml (on the')


def test_certificates_are_judged_by_the_date_of_the_commit(repository: Path) -> None:
    assert at("expired").blueprints
    with pytest.raises(InputRejected):
        at("long-expired")


def test_an_environment_that_was_not_there_yet_is_all_gain(repository: Path) -> None:
    assert at("nonprod", "prod") == Inputs((), ())
    found = since("nonprod", "prod")
    assert {each.cause for each in found.gains} == {"environment"}
    assert {each.cause for each in found.public_gains} == {"environment"}
    assert not found.losses


def test_an_empty_project_is_all_gain(repository: Path) -> None:
    assert at("empty") == Inputs((), ())
    assert since("empty").gains


def test_what_an_archive_leaves_out_or_converts_is_read_as_it_is_stored(repository: Path) -> None:
    assert not since("hidden")


def test_a_submodule_is_refused_as_its_files_are_not_here(repository: Path) -> None:
    with pytest.raises(ToolFailed, match="lambdas/vendor is a submodule in commit "):
        at("submodule")


def test_a_link_may_lead_within_its_folder_and_no_further(repository: Path) -> None:
    assert not since("inside")
    with pytest.raises(InputRejected) as caught:
        at("outside")
    (one,) = caught.value.diagnostics
    assert (one.location.path, one.code) == ("outside:blueprints/z.yaml", "link-outside")


@pytest.mark.parametrize(
    "revision",
    [
        "mian",
        "",
        "--all",
        "--upload-pack=x",
        "-h",
        "main:blueprints",
        "main..older",
        "main^{tree}",
        "a\0b",
        "\n",
    ],
)
def test_what_is_no_commit_is_a_wrong_command_line(repository: Path, revision: str) -> None:
    with pytest.raises(UnknownRevision) as caught:
        at(revision)
    assert caught.value.exit_code == 2
    assert "fetch it first" in caught.value.remedy


def test_without_git_the_remedy_is_to_install_it(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="git is not found"):
        inputs_at(Places(), "main", {"PATH": str(tmp_path)})


def test_outside_of_a_repository_git_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environ = {**ENVIRON, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    with pytest.raises(ToolFailed, match="in no work tree of git") as caught:
        inputs_at(Places(), "main", environ)
    assert "not a git repository" in caught.value.detail


def test_a_folder_outside_of_the_repository_is_refused(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="is not in the git repository"):
        inputs_at(Places(blueprints=tmp_path), "main", ENVIRON)


def test_from_a_folder_below_the_top_the_inputs_are_the_same(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository / "config")
    up = Path("..")
    places = Places(blueprints=up / "blueprints", config=Path(), lambdas=up / "lambdas")
    assert inputs_at(places, "main", ENVIRON).blueprints == load(places).blueprints


def test_what_a_hook_hands_on_names_no_other_repository(repository: Path) -> None:
    environ = {**ENVIRON, "GIT_DIR": "elsewhere", "GIT_INDEX_FILE": "elsewhere/index"}
    assert inputs_at(Places(), "main", environ).blueprints


def test_a_program_of_the_repository_is_not_started(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(made, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\ncat\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    names = ("core.fsmonitor", "core.pager", "core.sshCommand", "filter.no.smudge")
    settings = "".join(
        f"[{name.rpartition('.')[0].replace('.', ' ', 1)}]\n{name.rpartition('.')[2]} = {program}\n"
        for name in names
    ).replace("[filter no]", '[filter "no"]')
    with (tmp_path / "copy/.git/config").open("a", encoding="utf-8") as file:
        file.write(settings)
    assert at("hidden").blueprints
    assert not (tmp_path / "started").exists()


def test_too_much_is_refused_before_it_is_read(repository: Path) -> None:
    with pytest.raises(ToolFailed, match="hold more than 50,000 files or 128 MiB"):
        at("large")


def test_golden_text_is_for_people(repository: Path) -> None:
    text = render(since("older"), "older", None, "table")
    assert max(map(len, text.splitlines())) <= 80
    assert_golden(GOLDEN / "access-against.txt", f"{text}\n")


def test_golden_markdown_is_for_pull_requests(repository: Path) -> None:
    text = render(since("older"), "older", None, "markdown")
    assert_golden(GOLDEN / "access-against.md", f"{text}\n")


def test_what_users_wrote_leaves_the_terminal_and_markdown_alone(repository: Path) -> None:
    found = changes((), at("odd", "prod").blueprints)
    text, markdown = (render(found, "x", "prod", form) for form in ("table", "markdown"))
    assert "\u202e" not in text + markdown
    assert not any(line.endswith("-") for line in text.splitlines())
    assert ': "`` \\u202e<b>`* as-it-was' in markdown


def test_where_nothing_changed_that_is_said(repository: Path) -> None:
    found = since("main")
    assert (
        render(found, "main", None, "table")
        == "Nobody gains or loses anything, compared with main."
    )
    assert render(found, "a`b", None, "markdown").endswith(" `` a`b ``.")


def test_json_has_the_documented_shape(repository: Path) -> None:
    data = json.loads(render(since("older", "prod"), "older", "prod", "json"))
    assert list(data) == [
        *["environment", "against", "gains", "losses", "public", "networks", "sign_in"],
        *["tokens", "keys", "restrictions", "identities", "sentences"],
    ]
    assert (data["environment"], data["against"]) == ("prod", "older")
    assert data["gains"][0] == ROW | {"decision": "allow"}
    assert data["public"] == {"gains": [PUBLIC], "losses": []}
    assert data["losses"] == data["networks"] == []
    gateway, auditor = data["sign_in"]
    assert (gateway["role"], auditor["role"]) == ("auth0-api-role", "pets-auditor")
    assert auditor["before"]["when"] == {"edupersonaffiliation": ["auditor", "trainee"]}
    assert list(auditor["after"]) == list(TRUST)
    assert data["sentences"][0] == {
        "kind": "public",
        "text": "everyone may call GET /pets on prod of pets (prod)"
        ' (until now only auth0-api-role): "the catalogue is open to visitors"',
    }


def test_a_loss_in_json_is_a_row_that_is_denied_now(repository: Path) -> None:
    found = changes(at("main", "prod").blueprints, at("older", "prod").blueprints)
    data = json.loads(render(found, "main", "prod", "json"))
    assert data["losses"][0] == ROW | {"decision": "deny"}
    assert data["public"] == {"gains": [], "losses": [PUBLIC]}
    assert data["gains"] == []


ROW = {
    "environment": "prod",
    "blueprint": "orders",
    "api": "orders",
    "stage": "prod",
    "route": "DELETE /carts/{cart}/lines/{product}",
    "auth": "iam",
    "role": "orders-shop",
}
PUBLIC = {
    "environment": "prod",
    "blueprint": "pets",
    "api": "pets",
    "stage": "prod",
    "route": "GET /pets",
    "reason": "the catalogue is open to visitors",
    "vpc_endpoints": [],
    "roles": ["auth0-api-role"],
}
TRUST = (
    "identity_provider",
    "issuer",
    "certificates",
    "when",
    "is_assumed_by_gateway",
    "max_session_seconds",
)
