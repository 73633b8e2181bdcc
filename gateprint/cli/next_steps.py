"""What `new` says when it is done: the files, and the commands that come next."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from gateprint.workflow.new import Created
from gateprint.workflow.places import Places


def next_steps(made: Created, places: Places) -> str:
    """Return the text; its commands can be pasted into the shell that ran gateprint."""
    files = [
        ("blueprint", made.blueprint),
        ("functions", made.source),
        ("their test", made.handler_test),
        *(("was missing", path) for path in made.companions),
    ]
    lines = [f"{what:12} {path}" for what, path in files]
    return "\n".join([*lines, "", *_steps(made, places)])


def _steps(made: Created, places: Places) -> Iterator[str]:
    gateprint, options = _program("gateprint"), _options(places)
    yield "Next, see that it is right, who may call what, and that the functions work:"
    yield ""
    yield f"  {gateprint} validate{options}"
    yield f"  {gateprint} access{options}"
    yield f"  {_program('pytest')} {shlex.quote(str(made.handler_test))}"
    yield ""
    if made.rehearsal is None:
        yield "Then see what Terraform is told:"
        yield ""
        yield f"  {gateprint} synth{options}"
    else:
        yield "Then deploy it to the embedded cloud on this machine:"
        yield ""
        yield from _deployment(made.name, made.rehearsal, places)


def _deployment(name: str, rehearsal: str, places: Places) -> Iterator[str]:
    config = "".join(_given(places.config, "config", " --config {}"))
    chosen = "" if rehearsal == "local" else f" --environment {rehearsal}"
    yield f"  {_program('gateprint')} local start{config}{chosen}"
    variables = "".join(
        [
            *_given(places.blueprints, "blueprints", "GATEPRINT_BLUEPRINTS={} "),
            *_given(places.config, "config", "GATEPRINT_CONFIG={} "),
        ]
    )
    yield f"  {variables}GATEPRINT_ENVIRONMENT={rehearsal} npx cdktf deploy --auto-approve \\"
    yield f"    account-{rehearsal} {name}-{rehearsal}"


def _options(places: Places) -> str:
    return "".join(
        [
            *_given(places.blueprints, "blueprints", " --blueprints {}"),
            *_given(places.config, "config", " --config {}"),
        ]
    )


def _given(folder: Path, default: str, form: str) -> Iterator[str]:
    """Yield a folder as an option, where it is not the default."""
    if folder != Path(default):
        yield form.format(shlex.quote(str(folder)))


def _program(name: str) -> str:
    """Return how a program of this installation is called: by its name if it is on PATH."""
    beside = Path(sys.executable).parent / name
    if shutil.which(name) or not beside.exists():
        return name
    here = Path.cwd()
    return str(beside.relative_to(here) if beside.is_relative_to(here) else beside)
