"""`new` writes an API that is valid at once, or says why not and writes nothing."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import jsonschema
import pytest
import yaml

from gateprint.errors import ToolFailed
from gateprint.model.manual.json_schema import json_schema
from gateprint.model.resolved import Environment, IdentityProvider, S3State
from gateprint.workflow import scaffold
from gateprint.workflow.new_files import AlreadyThere, write_new
from tests.cli.conftest import ROOT, Cli
from tests.support.golden import assert_golden

TEMPLATES = ROOT / "gateprint" / "workflow" / "templates"
NAMES = ["books", "pet-store", "a", "a-", "x" * 32, "no", "true", "null"]


def files_below(folder: Path) -> dict[str, bytes | None]:
    """Return the content of every file, None for a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def run_pytest(project: Path, path: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", path]
    return subprocess.run(words, cwd=project, capture_output=True, text=True, check=False)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def without(project: Path, *environments: str) -> None:
    """Remove environments, and the examples, whose stages go there."""
    shutil.rmtree(project / "blueprints")
    for name in environments:
        (project / "config" / f"{name}.yaml").unlink()


class TestWhatIsWritten:
    @pytest.mark.parametrize("name", NAMES)
    def test_it_is_valid_at_once_under_any_name(self, cli: Cli, project: Path, name: str) -> None:
        assert cli("new", name).code == 0
        assert cli("validate").code == 0
        assert cli("validate", "--environment", "local").code == 0

    @pytest.mark.parametrize("name", NAMES)
    def test_other_readers_of_yaml_read_the_name_as_text(
        self, cli: Cli, project: Path, name: str
    ) -> None:
        cli("new", name)
        read = yaml.safe_load((project / f"blueprints/{name}.yaml").read_text(encoding="utf-8"))
        assert read["name"] == name
        assert list(read["apis"]) == [name]
        assert {each["source"] for each in read["functions"].values()} == {name}

    @pytest.mark.parametrize("name", NAMES)
    def test_an_editor_has_nothing_to_underline(self, cli: Cli, project: Path, name: str) -> None:
        cli("new", name)
        read = yaml.safe_load((project / f"blueprints/{name}.yaml").read_text(encoding="utf-8"))
        jsonschema.validate(read, json_schema("blueprint"))

    def test_its_role_may_call_both_routes_and_nobody_else_may(
        self, cli: Cli, project: Path
    ) -> None:
        shutil.rmtree(project / "blueprints")
        cli("new", "books")
        rows = json.loads(cli("access", "--format", "json").out)["rows"]
        found = {(each["role"], each["stage"], each["route"], each["auth"]) for each in rows}
        routes = ("GET /items", "GET /items/{id}")
        assert {each["decision"] for each in rows} == {"allow"}
        assert found == {
            ("books-reader", stage, route, "iam") for stage in ("dev", "prod") for route in routes
        }

    @pytest.mark.parametrize("name", ["books", "pet-store"])
    def test_its_handler_test_passes_at_once(self, cli: Cli, project: Path, name: str) -> None:
        cli("new", name)
        done = run_pytest(project, f"tests/lambdas/test_{name.replace('-', '_')}_handlers.py")
        assert done.returncode == 0, done.stdout
        assert "3 passed" in done.stdout

    def test_its_handler_test_notices_a_broken_function(self, cli: Cli, project: Path) -> None:
        cli("new", "books")
        change(project / "lambdas/books/app.py", "404", "200")
        done = run_pytest(project, "tests/lambdas/test_books_handlers.py")
        assert done.returncode == 1, done.stdout
        assert "1 failed, 2 passed" in done.stdout

    def test_its_python_is_in_this_projects_style(self, cli: Cli, project: Path) -> None:
        cli("new", "pet-store")
        settings = str(ROOT / "pyproject.toml")
        for words in (["check"], ["format", "--check"]):
            ruff = [sys.executable, "-m", "ruff", *words, "--config", settings, "--no-cache"]
            done = subprocess.run(
                [*ruff, "lambdas", "tests"], capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr

    def test_its_lines_fit_an_editor_and_end_as_they_should(self, cli: Cli, project: Path) -> None:
        before = files_below(project)
        cli("new", "books")
        for path, content in files_below(project).items():
            if path not in before and content:
                text = content.decode()
                assert text.endswith("\n")
                assert not re.search(r"[ \t]$", text, re.MULTILINE)
                longest = 100 if path.endswith(".py") else 80
                if not path.endswith(".json"):
                    assert "$" not in text.replace(" $schema=", ""), path
                    assert max(len(line) for line in text.splitlines()) <= longest, path

    def test_the_same_name_gives_the_same_files(
        self, cli: Cli, project: Path, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        before = files_below(project)
        cli("new", "books")
        first = files_below(project)
        for path in sorted(set(first) - set(before), reverse=True):
            (project / path).unlink() if first[path] is not None else (project / path).rmdir()
        cli("new", "books")
        assert files_below(project) == first

    def test_a_blueprint_golden(self, cli: Cli, project: Path) -> None:
        cli("new", "books")
        written = (project / "blueprints/books.yaml").read_text(encoding="utf-8")
        assert_golden(ROOT / "tests" / "golden" / "new-books.yaml", written)


class TestInAnotherProject:
    def test_what_is_missing_is_written_too(self, cli: Cli, project: Path) -> None:
        shutil.rmtree(project / "blueprints")
        shutil.rmtree(project / "lambdas")
        ran = cli("new", "books")
        assert ran.code == 0
        assert cli("validate").out == "1 blueprint: nothing to mend\n"
        assert run_pytest(project, "tests/lambdas").returncode == 0
        for path in scaffold.companion_texts():
            assert f"was missing  {path}\n" in ran.out
            assert (project / path).is_file()

    def test_what_is_there_stays_as_it_is(self, cli: Cli, project: Path) -> None:
        (project / "gateprint.schema.json").write_text("{}", encoding="utf-8")
        change(project / "lambdas/shared/http.py", "256 * 1024", "128 * 1024")
        before = files_below(project)
        assert cli("new", "books").code == 0
        after = files_below(project)
        assert {path: after[path] for path in before} == before

    @pytest.mark.parametrize("folder", ["blueprints", "apis/of/ours", "../elsewhere", "absolute"])
    def test_the_editor_finds_the_schema_from_every_folder(
        self, cli: Cli, project: Path, folder: str
    ) -> None:
        place = project / "absolute" if folder == "absolute" else Path(folder)
        assert cli("new", "books", "--blueprints", str(place)).code == 0
        line = (place / "books.yaml").read_text(encoding="utf-8").splitlines()[0]
        schema = line.removeprefix("# yaml-language-server: $schema=")
        assert not Path(schema).is_absolute()
        assert json.loads((place / schema).read_bytes()) == json_schema("blueprint")

    @pytest.mark.parametrize(
        ("companion", "original"),
        [
            ("shared_init.py", "lambdas/shared/__init__.py"),
            ("shared_http.py", "lambdas/shared/http.py"),
            ("conftest.py", "tests/lambdas/conftest.py"),
        ],
    )
    def test_the_templates_are_this_projects_own_files_golden(
        self, companion: str, original: str
    ) -> None:
        own = (ROOT / original).read_text(encoding="utf-8")
        assert_golden(TEMPLATES / f"{companion}.template", own)

    def test_without_environments_it_says_what_is_needed(self, cli: Cli, project: Path) -> None:
        shutil.rmtree(project / "config")
        before = files_below(project)
        assert "[no-folder]" in cli("new", "books").err
        (project / "config").mkdir()
        ran = cli("new", "books")
        assert ran.code == 1
        assert "there is no environment in config, and a stage needs one" in ran.err
        (project / "config").rmdir()
        assert files_below(project) == before

    def test_a_wrong_environment_is_said_first(self, cli: Cli, project: Path) -> None:
        change(project / "config/prod.yaml", 'account: "210987654321"', "account: 210987654321")
        before = files_below(project)
        ran = cli("new", "books")
        assert (ran.code, ran.out) == (1, "")
        assert "config/prod.yaml:4:10: error: the account id is not quoted" in ran.err
        assert files_below(project) == before


def environment(name: str, *providers: str, endpoint: str | None = None) -> Environment:
    return Environment(
        name=name,
        account="123456789012",
        region="us-east-2",
        state=S3State("bucket", "us-east-2", "gateprint"),
        identity_providers=tuple(IdentityProvider(each, "arn", "urn", "") for each in providers),
        endpoint=endpoint,
    )


class TestStagesAndRoles:
    @pytest.mark.parametrize(
        ("real", "stages"),
        [
            ([], {"dev": "local"}),
            (["nonprod"], {"dev": "nonprod"}),
            (["prod"], {"prod": "prod"}),
            (["nonprod", "prod"], {"dev": "nonprod", "prod": "prod"}),
            (["eu-prod", "staging", "us-prod"], {"dev": "staging", "prod": "eu-prod"}),
            (["pre-prod", "production"], {"dev": "pre-prod", "prod": "production"}),
            (["live", "qa", "test"], {"dev": "qa", "prod": "live"}),
            (["products"], {"dev": "products"}),
        ],
        ids=str,
    )
    def test_the_stages_go_where_their_names_say(
        self, real: list[str], stages: dict[str, str]
    ) -> None:
        rehearsal = environment("local", endpoint="http://127.0.0.1:4599")
        found = sorted([*map(environment, real), rehearsal], key=lambda each: each.name)
        chosen = scaffold.choose_stages(found)
        assert chosen == stages
        assert list(chosen) == list(stages)

    def test_environments_that_no_stage_uses_are_named(self) -> None:
        names = ["nonprod", "prod", "qa", "staging"]
        text = scaffold.blueprint_text("books", [environment(each) for each in names], "config", "")
        assert "\n  # Not used yet: qa, staging.\n" in text

    @pytest.mark.parametrize(
        "kept", [["local"], ["local", "nonprod"], ["local", "prod"], ["nonprod", "prod"]], ids=str
    )
    def test_it_is_valid_with_whatever_environments_there_are(
        self, cli: Cli, project: Path, kept: list[str]
    ) -> None:
        without(project, *({"local", "nonprod", "prod"} - set(kept)))
        assert cli("new", "books").code == 0
        assert cli("validate").code == 0
        assert "books-reader" in cli("access").out

    def test_the_identity_provider_is_one_that_every_environment_declares(self) -> None:
        environments = [
            environment("local", "keycloak", "okta", endpoint="http://127.0.0.1:4599"),
            environment("nonprod", "auth0", "okta"),
            environment("prod", "auth0", "okta"),
            environment("qa"),  # no stage goes there
        ]
        text = scaffold.blueprint_text("books", environments, "config", "")
        assert "    identity_provider: okta\n" in text

    def test_without_a_common_identity_provider_the_role_is_a_comment(
        self, cli: Cli, project: Path
    ) -> None:
        shutil.rmtree(project / "blueprints")
        local = project / "config/local.yaml"
        declared = local.read_text(encoding="utf-8")
        local.write_text(declared.partition("identity_providers:")[0], encoding="utf-8")
        cli("new", "books")
        assert cli("validate", "--environment", "local").code == 0
        blueprint = project / "blueprints/books.yaml"
        said = "No identity provider is declared in all of: local, nonprod, prod.\n"
        assert said in blueprint.read_text(encoding="utf-8")
        assert "books-reader" not in cli("access").out

        # What the comment tells the reader to do:
        local.write_text(declared, encoding="utf-8")
        head, start, roles = blueprint.read_text(encoding="utf-8").partition("# roles:")
        roles = re.sub(r"^# ", "", start + roles, flags=re.MULTILINE).replace("NAME", "auth0")
        blueprint.write_text(head + roles, encoding="utf-8")
        assert cli("validate", "--environment", "local").code == 0
        assert "books-reader" in cli("access").out


class TestRefusals:
    @pytest.mark.parametrize(
        "path",
        ["blueprints/books.yaml", "lambdas/books/other.py", "tests/lambdas/test_books_handlers.py"],
    )
    def test_nothing_is_overwritten_and_nothing_is_written(
        self, cli: Cli, project: Path, path: str
    ) -> None:
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text("mine", encoding="utf-8")
        before = files_below(project)
        ran = cli("new", "books")
        place = "lambdas/books" if "other" in path else path
        assert (ran.code, ran.out) == (1, "")
        assert re.match(rf"{place}:1:1: error: .*\[exists\]\n      = fix: ", ran.err)
        assert files_below(project) == before

    def test_a_link_to_nowhere_is_not_overwritten_either(self, cli: Cli, project: Path) -> None:
        (project / "blueprints/books.yaml").symlink_to("nowhere")
        assert "[exists]" in cli("new", "books").err
        assert (project / "blueprints/books.yaml").is_symlink()

    def test_what_python_left_of_a_removed_source_is_no_obstacle(
        self, cli: Cli, project: Path
    ) -> None:
        (project / "lambdas/books/__pycache__").mkdir(parents=True)
        assert cli("new", "books").code == 0

    @pytest.mark.parametrize("name", ["Books", "1st", "a b", "x" * 33, "../up", "bücher", "a_b"])
    def test_a_wrong_name_is_refused_in_the_words_of_validate(
        self, cli: Cli, project: Path, name: str
    ) -> None:
        before = files_below(project)
        ran = cli("new", name)
        assert (ran.code, ran.out) == (1, "")
        assert files_below(project) == before
        change(project / "blueprints/pets.yaml", "name: pets", f"name: {json.dumps(name)}")
        said = json.loads(cli("validate", "--format", "json").out)["diagnostics"][0]
        assert f"error: {said['problem']} [wrong-name]\n" in ran.err
        assert f"      = fix: {said['remedy']}\n" in ran.err

    def test_the_caret_is_under_the_name(self, cli: Cli) -> None:
        shown = cli("new", "a b").err.splitlines()
        assert shown[0].startswith("command line:1:15: error: ")
        assert shown[1:3] == ["    1 | gateprint new 'a b'", "      |               ^^^^^"]

    def test_a_name_of_other_bytes_is_refused(self, cli: Cli) -> None:
        assert "gateprint new 'x\\xff'" in cli("new", "x\udcff").err

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("\nname: pets ", "\nname: books ", 'the blueprint name "books" is taken already'),
            ("\n  pets:\n", "\n  books:\n", 'the API name "books" is taken already'),
            (
                "\n  pets-auditor:\n",
                "\n  Books-Reader:\n",
                'the role name "books-reader" is taken already',
            ),
            (
                "\n  pets-auditor:\n",
                "\n  books-prod-functions:\n",
                'the role name "books-prod-functions" is taken already',
            ),
        ],
        ids=["blueprint", "api", "role", "role of functions"],
    )
    def test_a_name_that_another_blueprint_has_is_refused(
        self, cli: Cli, project: Path, old: str, new: str, said: str
    ) -> None:
        (project / "blueprints/orders.yaml").unlink(missing_ok=True)
        change(project / "blueprints/pets.yaml", old, new)
        before = files_below(project)
        ran = cli("new", "books")
        assert (ran.code, ran.out) == (1, "")
        assert re.search(rf"^command line:1:15: error: {said}, at blueprints/pets", ran.err)
        assert "= fix: choose another name" in ran.err
        assert files_below(project) == before

    def test_a_name_that_is_taken_in_the_embedded_cloud_alone_is_refused(
        self, cli: Cli, project: Path
    ) -> None:
        (project / "blueprints/orders.yaml").unlink(missing_ok=True)
        nonprod = (project / "config/nonprod.yaml").read_text(encoding="utf-8")
        other = nonprod.replace("environment: nonprod", "environment: qa").replace("1234", "4321")
        (project / "config/qa.yaml").write_text(other, encoding="utf-8")
        pets = project / "blueprints/pets.yaml"
        change(pets, "environment: nonprod", "environment: qa")
        change(pets, "environment: prod\n", "environment: qa\n")
        change(pets, "\n  pets:\n", "\n  books:\n")
        assert cli("validate").code == 0
        assert "[api-taken]" in cli("new", "books").err

    @pytest.mark.parametrize("name", ["account", "shared"])
    def test_a_name_that_has_a_meaning_is_refused(self, cli: Cli, project: Path, name: str) -> None:
        before = files_below(project)
        ran = cli("new", name)
        assert ran.code == 1
        assert "[reserved-name]" in ran.err
        assert files_below(project) == before

    def test_a_name_too_long_for_the_role_of_its_functions_is_refused(
        self, cli: Cli, project: Path
    ) -> None:
        without(project, "nonprod", "prod")
        text = (project / "config/local.yaml").read_text(encoding="utf-8")
        longest = "an-environment-of-32-characters-"
        (project / "config/local.yaml").unlink()
        (project / f"config/{longest}.yaml").write_text(
            text.replace("environment: local", f"environment: {longest}"), encoding="utf-8"
        )
        ran = cli("new", "x" * 32)
        assert ran.code == 1
        assert "[long-name]" in ran.err
        assert "command line:1:15: error: " in ran.err

    def test_another_blueprint_may_be_wrong_meanwhile(self, cli: Cli, project: Path) -> None:
        change(project / "blueprints/pets.yaml", "name: pets", "name: Pets")
        assert cli("new", "books").code == 0
        assert cli("validate", "blueprints/books.yaml").code == 0


class Interrupted(Mapping[Path, str]):
    """Files to write; somebody presses Ctrl-C after some of them."""

    def __init__(self, texts: Mapping[Path, str]) -> None:
        self._texts = texts

    def __iter__(self) -> Iterator[Path]:
        yield from self._texts
        raise KeyboardInterrupt

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, path: Path) -> str:
        return self._texts[path]


class TestAllOrNothing:
    def test_ctrl_c_leaves_nothing_behind(self, tmp_path: Path) -> None:
        texts = Interrupted({tmp_path / "a/b/one": "1", tmp_path / "two": "2"})
        with pytest.raises(KeyboardInterrupt):
            write_new(texts)
        assert files_below(tmp_path) == {}

    def test_a_file_that_came_in_between_is_kept_and_the_others_go(self, tmp_path: Path) -> None:
        other = tmp_path / "two"
        other.write_text("mine", encoding="utf-8")
        with pytest.raises(AlreadyThere) as caught:
            write_new({tmp_path / "a/one": "1", other: "2", tmp_path / "three": "3"})
        assert caught.value.path == other
        assert files_below(tmp_path) == {"two": b"mine"}

    def test_a_file_in_the_place_of_a_folder_is_kept_and_the_others_go(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "b").write_text("mine", encoding="utf-8")
        with pytest.raises(ToolFailed, match="b/two could not be written"):
            write_new({tmp_path / "a/one": "1", tmp_path / "b/two": "2"})
        assert files_below(tmp_path) == {"b": b"mine"}

    def test_all_are_written_with_the_rights_of_other_files(self, tmp_path: Path) -> None:
        (tmp_path / "other").write_text("", encoding="utf-8")
        write_new({tmp_path / "a/b/one": "ä\n", tmp_path / "two": ""})
        found = files_below(tmp_path)
        assert found == {
            "a": None,
            "a/b": None,
            "a/b/one": "ä\n".encode(),
            "other": b"",
            "two": b"",
        }
        assert (tmp_path / "two").stat().st_mode == (tmp_path / "other").stat().st_mode

    def test_the_command_line_says_what_could_not_be_written(self, cli: Cli, project: Path) -> None:
        (project / "tests").write_text("mine", encoding="utf-8")
        before = files_below(project)
        ran = cli("new", "books")
        assert (ran.code, ran.out) == (4, "")
        assert "tests/lambdas/test_books_handlers.py could not be written: " in ran.err
        assert files_below(project) == before


NEXT = """\
blueprint    blueprints/books.yaml
functions    lambdas/books/app.py
their test   tests/lambdas/test_books_handlers.py
was missing  gateprint.schema.json
was missing  tests/lambdas/conftest.py

Next, see that it is right, who may call what, and that the functions work:

  gateprint validate
  gateprint access
  pytest tests/lambdas/test_books_handlers.py

Then deploy it to the embedded cloud on this machine:

  gateprint local start
  GATEPRINT_ENVIRONMENT=local npx cdktf deploy --auto-approve \\
    account-local books-local
"""


class TestNextSteps:
    @pytest.fixture(autouse=True)
    def on_path(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The programs are found by name, as in an activated environment."""
        (project / "cdktf.json").write_text("{}", encoding="utf-8")
        monkeypatch.setenv("PATH", str(Path(sys.executable).parent))

    def test_it_says_what_to_do_next(self, cli: Cli) -> None:
        ran = cli("new", "books")
        assert (ran.code, ran.err) == (0, "")
        assert ran.out == NEXT

    @pytest.mark.parametrize("name", ["books", "x" * 32])
    def test_it_fits_a_terminal(self, cli: Cli, name: str) -> None:
        assert max(len(line) for line in cli("new", name).out.splitlines()) <= 80

    def test_the_commands_name_the_folders_that_were_chosen(self, cli: Cli, project: Path) -> None:
        (project / "config").rename(project / "my config")
        folders = ("--blueprints", "apis", "--config", "my config")
        shown = cli("new", "books", *folders).out
        assert "  gateprint validate --blueprints apis --config 'my config'\n" in shown
        assert "  gateprint local start --config 'my config'\n" in shown
        variables = "GATEPRINT_BLUEPRINTS=apis GATEPRINT_CONFIG='my config'"
        assert f"  {variables} GATEPRINT_ENVIRONMENT=local npx cdktf deploy " in shown
        assert cli("validate", *folders).code == 0

    def test_another_rehearsal_is_named(self, cli: Cli, project: Path) -> None:
        change(project / "config/local.yaml", "environment: local", "environment: here")
        (project / "config/local.yaml").rename(project / "config/here.yaml")
        shown = cli("new", "books").out
        assert "  gateprint local start --environment here\n" in shown
        assert shown.endswith("\n    account-here books-here\n")

    def test_without_cdktf_or_without_a_rehearsal_it_is_synthesized(
        self, cli: Cli, project: Path
    ) -> None:
        (project / "cdktf.json").unlink()
        assert cli("new", "books").out.endswith("  gateprint synth\n")
        (project / "cdktf.json").write_text("{}", encoding="utf-8")
        (project / "config/local.yaml").unlink()
        assert cli("new", "shops").out.endswith("  gateprint synth\n")

    def test_programs_that_are_not_on_path_are_named_by_their_place(
        self, cli: Cli, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", "")
        assert f"  {Path(sys.executable).parent / 'gateprint'} validate\n" in cli("new", "b").out


def test_new_imports_no_cdktf_and_no_aws(project: Path) -> None:
    heavy = ("cdktf", "constructs", "jsii", "boto3", "botocore", "moto")
    program = (
        "import sys; from gateprint.cli.main import run; code = run(['new', 'books']);"
        f"sys.exit(code or str([each for each in {heavy} if each in sys.modules] or ''))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.stderr.decode().strip() == ""
