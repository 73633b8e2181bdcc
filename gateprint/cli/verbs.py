"""The verbs: each reads its arguments, calls one workflow function and prints the result."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from gateprint.cli import diagnostics as rendered
from gateprint.cli import tables
from gateprint.cli.access import access, print_access
from gateprint.cli.apply import apply
from gateprint.cli.bundle import bundle
from gateprint.cli.can import can, who_can
from gateprint.cli.ci_policy import ci_policy
from gateprint.cli.comment import comment
from gateprint.cli.completion import completion
from gateprint.cli.drift import drift
from gateprint.cli.export import export
from gateprint.cli.identity import identity
from gateprint.cli.import_api import import_
from gateprint.cli.init import init
from gateprint.cli.logs import logs
from gateprint.cli.man import man
from gateprint.cli.options import cached, cloud, folders, formats, inputs, places_of
from gateprint.cli.plan import plan
from gateprint.cli.promote import promote, release_text
from gateprint.cli.report import report
from gateprint.cli.retired import count_text, not_from_here_text
from gateprint.cli.review import review
from gateprint.cli.saml import saml
from gateprint.cli.schema import schema
from gateprint.cli.sdk import sdk
from gateprint.cli.shards import shards
from gateprint.cli.state import state
from gateprint.cli.text import progress, terminal_width
from gateprint.cli.verify import verify
from gateprint.errors import InputRejected
from gateprint.workflow.inputs import load
from gateprint.workflow.places import Places


def _outdir() -> Path:
    return Path(os.environ.get("CDKTF_OUTDIR") or "cdktf.out")


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@inputs
@formats(*rendered.FORMATS)
def validate(
    files: tuple[Path, ...], blueprints: Path, config: Path, environment: str | None, form: str
) -> int:
    """Say everything that is wrong with the input.

    Checks all environments and the blueprints FILES, or all blueprints of the folder.
    """
    try:
        found = load(places_of(blueprints, config, environment), files)
    except InputRejected as error:
        click.echo(rendered.render(error.diagnostics, form, terminal_width(sys.stdout)))
        return error.exit_code
    if found.warnings or form in {"json", "sarif"}:
        click.echo(rendered.render(found.warnings, form, terminal_width(sys.stdout)))
    if form == "text":
        click.echo(f"{count_text(found.blueprints)}: nothing to mend")
    return 0


@click.command()
@click.argument("name")
@folders
def new(name: str, blueprints: Path, config: Path) -> None:
    """Start an API: a blueprint, functions and their test.

    Asks nothing and overwrites nothing. NAME is small letters, digits and hyphens.
    """
    from gateprint.cli.next_steps import next_steps  # noqa: PLC0415
    from gateprint.workflow.new import create  # noqa: PLC0415

    places = places_of(blueprints, config, None)
    click.echo(next_steps(create(places, name), places))


@click.command()
@inputs
@cached
def synth(blueprints: Path, config: Path, environment: str | None, *, no_cache: bool) -> None:
    """Write the Terraform JSON of all stacks.

    It goes to cdktf.out, or to $CDKTF_OUTDIR. What was synthesized and proved before, from the same
    input by the same gateprint, is taken from .gateprint/cache.
    """
    from gateprint.workflow.synth import synth as run  # noqa: PLC0415

    places = places_of(blueprints, config, environment)
    done = run(places, _outdir(), os.environ, progress, with_cache=not no_cache)
    for name in done.stacks:
        click.echo(name)


@click.command()
@inputs
@formats("table", "json")
def show(blueprints: Path, config: Path, environment: str | None, form: str) -> None:
    """Show what is deployed, and who may call it.

    The stages' addresses and the roles come from the state, the access from the blueprints.
    """
    from gateprint.workflow.show import show as run  # noqa: PLC0415

    found = run(places_of(blueprints, config, environment), _outdir(), os.environ)
    if form == "json":
        click.echo(json.dumps({"stacks": [asdict(each) for each in found]}, indent=2))
        return
    for each in found:
        if not each.is_known:
            click.echo(not_from_here_text(each.stack, each.retired) + "\n")
            continue
        click.echo(f"{each.stack}\n")
        for api, stages in each.invoke_urls.items():
            rows = [[stage, url] for stage, url in stages.items()]
            click.echo(tables.draw("", [f"stage of {api}", "address"], rows, tables.width()) + "\n")
        for domain, apis in each.domain_urls.items():
            rows = [[f"{s} of {api}", url] for api, on in apis.items() for s, url in on.items()]
            click.echo(tables.draw("", [f"stage at {domain}", "address"], rows, tables.width()))
            click.echo()
        releases = [[stage, release_text(one)] for stage, one in each.releases.items()]
        if releases:
            click.echo(tables.draw("", ["stage", "release"], releases, tables.width()) + "\n")
        arns = [[name, arn] for name, arn in each.role_arns.items()]
        if arns:
            click.echo(tables.draw("", ["role", "ARN"], arns, tables.width()) + "\n")
        print_access(each.rows, each.public, each.reached, each.retired)


@click.command()
@formats("table", "json")
def doctor(form: str) -> int:
    """Say which tools are there, and what is missing.

    Exit code 4 if something is missing.
    """
    from gateprint.workflow.doctor import examine  # noqa: PLC0415

    checks = examine(Path.cwd(), os.environ)
    if form == "json":
        click.echo(json.dumps({"checks": [asdict(each) for each in checks]}, indent=2))
    else:
        rows = [
            [each.tool, each.status, each.version, each.remedy or each.found] for each in checks
        ]
        click.echo(
            tables.draw(
                "", ["tool", "status", "version", "where, or what to do"], rows, tables.width()
            )
        )
    return 4 if any(each.status in {"missing", "outdated"} for each in checks) else 0


@click.command()
def setup() -> None:
    """Prepare Terraform and the AWS provider.

    Finds Terraform, or downloads a release and checks it. Safe to repeat.
    """
    from gateprint.terraform.setup import set_up  # noqa: PLC0415

    set_up(Path.cwd(), os.environ, progress)


@click.command("setup-providers")
def setup_providers() -> None:
    """Get the AWS provider ready, once, for plan and apply.

    Finds an unpacked mirror, or lets Terraform download the provider into the project. Afterwards
    plan and apply need no network but AWS's. They do it themselves on first use.
    """
    from gateprint.terraform.binary import find_terraform  # noqa: PLC0415
    from gateprint.terraform.store import prepare_store  # noqa: PLC0415

    project = Path.cwd()
    store = prepare_store(project, find_terraform(project, os.environ), os.environ, progress)
    click.echo(f"AWS provider {store.version} from {store.folder}")


@click.group()
def local() -> None:
    """Run the embedded cloud on this machine."""


@local.command()
@cloud
def start(config: Path, environment: str) -> None:
    """Start it, and make its state bucket; does nothing where it runs already."""
    from gateprint.workflow import cloud as embedded  # noqa: PLC0415

    found = embedded.start(Places(config=config), environment, progress)
    click.echo(f"the embedded cloud runs on {found.endpoint} (process {found.pid})")
    click.echo(f"the pets page and the sign-in page are on {found.site}")


@local.command()
@cloud
def stop(config: Path, environment: str) -> None:
    """Stop it; what was deployed there is gone with it."""
    from gateprint.workflow import cloud as embedded  # noqa: PLC0415

    ran = embedded.stop(Places(config=config), environment, progress)
    click.echo("the embedded cloud is stopped" if ran else "the embedded cloud was not running")


@local.command()
@cloud
@formats("text", "json")
def status(config: Path, environment: str, form: str) -> int:
    """Say whether it runs; exit 3 where it does not."""
    from gateprint.workflow import cloud as embedded  # noqa: PLC0415

    found = embedded.status(Places(config=config), environment)
    if form == "json":
        click.echo(json.dumps(asdict(found), indent=2, default=str))
    elif found.running:
        click.echo(
            f"the embedded cloud runs on {found.endpoint} since {found.since:%Y-%m-%d %H:%M}"
            f" UTC (process {found.pid})"
        )
        click.echo(f"the pets page and the sign-in page are on {found.site}")
    else:
        click.echo("the embedded cloud does not run")
    if found.problem:
        click.echo(found.problem, err=True)
    return 0 if found.running and not found.problem else 3


VERBS = (
    init,
    new,
    validate,
    access,
    can,
    who_can,
    identity,
    saml,
    show,
    export,
    import_,
    synth,
    promote,
    plan,
    review,
    comment,
    apply,
    drift,
    report,
    state,
    shards,
    bundle,
    ci_policy,
    verify,
    sdk,
    local,
    logs,
    doctor,
    setup,
    setup_providers,
    schema,
    completion,
    man,
)
