"""CDKTF starts fast, writes the same bytes, and starts as it always does where that is not safe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateprint.stack.bootstrap import NODE_HOOK

OPTIONS = f'--preserve-symlinks --require "{NODE_HOOK}"'

ACTIVATE = """
import os, sys
from gateprint.stack.bootstrap import activate
"""

TINY_APP = """
import os
from gateprint.stack.bootstrap import activate
print(activate())
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.api_gateway_resource import ApiGatewayResource
from cdktf_cdktf_provider_aws.api_gateway_rest_api import ApiGatewayRestApi
app = App()
stack = TerraformStack(app, "tiny")
AwsProvider(stack, "aws", region="us-east-2")
api = ApiGatewayRestApi(stack, "api", name="pets", endpoint_configuration={"types": ["REGIONAL"]})
ApiGatewayResource(
    stack, "pets", rest_api_id=api.id, parent_id=api.root_resource_id, path_part="pets"
)
app.synth()
"""

EAGER_INIT = """
raise RuntimeError("the package was executed")
from . import first
from . import second
"""


def run(program: str, environ: dict[str, str] | None = None, path: Path | None = None) -> str:
    """Run `program` in a new interpreter, with `path` importable; return what it prints."""
    clean = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
    clean.pop("GATEPRINT_FAST_SYNTH", None)
    clean.pop("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", None)
    root = Path(__file__).parents[2]
    paths = os.pathsep.join(str(place) for place in (root, path) if place)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**clean, "PYTHONPATH": paths, **(environ or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def bindings(home: Path, init: str = EAGER_INIT, *, jsii: bool = True) -> Path:
    """Write a package `fake_bindings` with two modules into `home`, and return `home`."""
    package = home / "fake_bindings"
    package.mkdir()
    (package / "__init__.py").write_text(init)
    (package / "first.py").write_text("NAME = 'first'\n")
    (package / "second.py").write_text("import a_package_that_is_missing\n")
    if jsii:
        (package / "_jsii").mkdir()
        (package / "_jsii" / "__init__.py").write_text("")
    return home


def tree(root: Path) -> dict[str, bytes]:
    return {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in root.rglob("*")
        if file.is_file()
    }


# --- detection, with fake packages ---


def test_an_eager_package_is_found_but_not_executed(tmp_path: Path) -> None:
    program = ACTIVATE + "print(activate(package='fake_bindings'), 'fake_bindings' in sys.modules)"
    assert run(program, path=bindings(tmp_path)) == "True True"


def test_the_modules_of_a_lazy_package_import_in_every_usual_way(tmp_path: Path) -> None:
    program = ACTIVATE + (
        "activate(package='fake_bindings')\n"
        "import fake_bindings\n"
        "print('fake_bindings.first' in sys.modules, fake_bindings.first.NAME)\n"
        "from fake_bindings import first\n"
        "import fake_bindings.first, fake_bindings._jsii\n"
        "print(first is fake_bindings.first, first.__package__)"
    )
    assert run(program, path=bindings(tmp_path)) == "False first\nTrue fake_bindings"


def test_a_name_that_is_no_module_is_an_attribute_error(tmp_path: Path) -> None:
    program = ACTIVATE + (
        "activate(package='fake_bindings')\n"
        "import fake_bindings\n"
        "print(hasattr(fake_bindings, 'third'), hasattr(fake_bindings, '__wrapped__'))"
    )
    assert run(program, path=bindings(tmp_path)) == "False False"


def test_a_module_that_cannot_import_what_it_needs_says_so(tmp_path: Path) -> None:
    program = ACTIVATE + (
        "activate(package='fake_bindings')\n"
        "import fake_bindings\n"
        "try:\n"
        "    fake_bindings.second\n"
        "except ModuleNotFoundError as missing:\n"
        "    print(missing.name)"
    )
    assert run(program, path=bindings(tmp_path)) == "a_package_that_is_missing"


def test_activating_twice_adds_the_hook_once(tmp_path: Path) -> None:
    program = ACTIVATE + (
        "print(activate(package='fake_bindings'), activate(package='fake_bindings'))\n"
        "print(os.environ['NODE_OPTIONS'].count('--require'))"
    )
    assert run(program, path=bindings(tmp_path)) == "True True\n1"


def test_a_child_process_that_inherits_the_hook_does_not_add_it_again(tmp_path: Path) -> None:
    inherited = {"NODE_OPTIONS": OPTIONS}
    program = ACTIVATE + "print(activate(package='fake_bindings'), os.environ['NODE_OPTIONS'])"
    expected = f"True {inherited['NODE_OPTIONS']}"
    assert run(program, inherited, bindings(tmp_path)) == expected


def test_an_existing_value_of_node_options_is_kept(tmp_path: Path) -> None:
    program = ACTIVATE + "activate(package='fake_bindings'); print(os.environ['NODE_OPTIONS'])"
    printed = run(program, {"NODE_OPTIONS": "--max-old-space-size=512"}, bindings(tmp_path))
    assert printed == f"--max-old-space-size=512 {OPTIONS}"


def test_the_warning_about_an_old_node_is_silenced_unless_the_user_chose(tmp_path: Path) -> None:
    name = "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"
    program = ACTIVATE + f"activate(package='fake_bindings'); print(os.environ['{name}'])"
    home = bindings(tmp_path)
    assert run(program, path=home) == "20"
    assert run(program, {name: "18"}, home) == "18"


LEFT_ALONE = ACTIVATE + (
    "before = dict(os.environ)\n"
    "print(activate(package='fake_bindings'))\n"
    "print('fake_bindings' in sys.modules, dict(os.environ) == before)"
)


def test_switched_off_it_leaves_the_process_alone(tmp_path: Path) -> None:
    printed = run(LEFT_ALONE, {"GATEPRINT_FAST_SYNTH": "0"}, bindings(tmp_path))
    assert printed == "False\nFalse True"


@pytest.mark.parametrize(
    "init",
    [
        pytest.param("", id="no module is loaded"),
        pytest.param("def f():\n    from . import first\n", id="modules are loaded on demand"),
        pytest.param("from . import first\ndef __getattr__(name): ...\n", id="PEP 562"),
        pytest.param("class Thing: ...\nfrom . import first\n", id="a class of its own"),
    ],
)
def test_a_package_of_another_kind_is_left_alone(tmp_path: Path, init: str) -> None:
    assert run(LEFT_ALONE, path=bindings(tmp_path, init)) == "False\nFalse True"


def test_a_package_that_jsii_did_not_write_is_left_alone(tmp_path: Path) -> None:
    assert run(LEFT_ALONE, path=bindings(tmp_path, jsii=False)) == "False\nFalse True"


def test_a_missing_package_is_no_error(tmp_path: Path) -> None:
    assert run(LEFT_ALONE, path=tmp_path) == "False\nFalse True"


def test_after_the_import_of_constructs_it_is_too_late(tmp_path: Path) -> None:
    (tmp_path / "constructs.py").write_text("")
    program = "import constructs\n" + LEFT_ALONE
    assert run(program, path=bindings(tmp_path)) == "False\nFalse True"


def test_a_package_that_was_already_executed_is_left_alone(tmp_path: Path) -> None:
    program = "import fake_bindings\n" + LEFT_ALONE
    home = bindings(tmp_path, "from . import first\n")
    assert run(program, path=home) == "False\nTrue True"


# --- the hook, in Node ---


def loaded(home: Path, package: str, environ: dict[str, str], *, lazy: bool = True) -> str:
    """Which index Node loads for a fake npm package, with the hook required."""
    library = home / "node_modules" / package / "lib"
    library.mkdir(parents=True)
    (library.parent / "package.json").write_text('{"main": "lib/index.js"}')
    (library / "index.js").write_text("module.exports = 'eager'")
    if lazy:
        (library / "lazy-index.js").write_text("module.exports = 'lazy'")
    done = subprocess.run(
        ["node", "--require", str(NODE_HOOK), "-p", f"require('{package}')"],
        cwd=home,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


JSII = {"JSII_AGENT": "Python/3.12.0"}


@pytest.mark.cdktf
def test_node_loads_the_lazy_index_of_a_provider(tmp_path: Path) -> None:
    assert loaded(tmp_path, "@cdktf/provider-aws", JSII) == "lazy"


@pytest.mark.cdktf
@pytest.mark.parametrize("package", ["cdktf", "@cdktf/core", "@other/provider-aws"])
def test_node_loads_other_packages_as_always(tmp_path: Path, package: str) -> None:
    assert loaded(tmp_path, package, JSII) == "eager"


@pytest.mark.cdktf
def test_node_loads_a_provider_without_a_lazy_index_as_always(tmp_path: Path) -> None:
    assert loaded(tmp_path, "@cdktf/provider-aws", JSII, lazy=False) == "eager"


@pytest.mark.cdktf
@pytest.mark.parametrize("environ", [{"JSII_AGENT": ""}, {**JSII, "GATEPRINT_FAST_SYNTH": "0"}])
def test_the_hook_keeps_out_of_other_node_processes(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    assert loaded(tmp_path, "@cdktf/provider-aws", environ) == "eager"


@pytest.mark.cdktf
def test_node_finds_a_hook_whose_path_has_spaces_quotes_and_backslashes(tmp_path: Path) -> None:
    hook = tmp_path / 'a "quoted" \\ place' / "hook.js"
    hook.parent.mkdir()
    hook.write_text("console.log('hooked')")
    program = (
        "import os, subprocess, pathlib\n"
        "from gateprint.stack import bootstrap\n"
        f"bootstrap.NODE_HOOK = pathlib.Path({str(hook)!r})\n"
        "print(bootstrap.activate(package='fake_bindings'))\n"
        "subprocess.run(['node', '--eval', ''], check=True)"
    )
    assert sorted(run(program, path=bindings(tmp_path)).split()) == ["True", "hooked"]


# --- CDKTF itself ---


@pytest.mark.cdktf
def test_fast_and_stock_cdktf_write_the_same_bytes(tmp_path: Path) -> None:
    fast = run(TINY_APP, {"CDKTF_OUTDIR": str(tmp_path / "fast")})
    stock = run(TINY_APP, {"CDKTF_OUTDIR": str(tmp_path / "stock"), "GATEPRINT_FAST_SYNTH": "0"})
    assert (fast, stock) == ("True", "False")
    assert "stacks/tiny/cdk.tf.json" in tree(tmp_path / "fast")
    assert tree(tmp_path / "fast") == tree(tmp_path / "stock")


LAUNCHER = "require('node:child_process').spawnSync('false'); console.log('a second Node')"
PROGRAM = """
const fs = require('node:fs');
const line = Buffer.alloc(64);
const size = fs.readSync(3, line, 0, 64, null);
console.log('a package prints');
fs.writeSync(3, `${line.subarray(0, size)} ${process.execArgv.includes('--preserve-symlinks')}`);
"""


@pytest.mark.cdktf
@pytest.mark.parametrize(
    ("environ", "printed", "said"),
    [
        (JSII, "hello true", "a package prints\n"),
        ({**JSII, "GATEPRINT_FAST_SYNTH": "0"}, "a second Node\n", ""),
        ({}, "a second Node\n", ""),
    ],
)
def test_what_jsii_s_second_node_would_do_is_done_in_the_first(
    environ: dict[str, str], printed: str, said: str, tmp_path: Path
) -> None:
    for name, text in (("bin/jsii-runtime.js", LAUNCHER), ("lib/program.js", PROGRAM)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        ["node", "--require", str(NODE_HOOK), "bin/jsii-runtime.js"],
        cwd=tmp_path,
        env={**os.environ, **environ},
        input="hello",
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (printed, said)


TRACES = """
const asked = { stack: '' };
Error.captureStackTrace(asked);
const known = {};
Error.captureStackTrace(known);
console.log(asked.stack === '', known.stack.length > 0, new Error('one').stack.includes('at '));
"""


@pytest.mark.cdktf
@pytest.mark.parametrize(
    ("environ", "printed"), [(JSII, "true true true"), ({}, "false true true")]
)
def test_tokens_are_not_traced_and_errors_are(environ: dict[str, str], printed: str) -> None:
    done = subprocess.run(
        ["node", "--require", str(NODE_HOOK), "-e", TRACES],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == printed
