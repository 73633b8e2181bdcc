"""`verify`: prints what the deployed APIs do, beside what the blueprints state."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateprint.cli import known, tables
from gateprint.cli.options import F, folders, formats, places_of
from gateprint.cli.text import progress, visible
from gateprint.errors import ToolFailed
from gateprint.model.words import suggest
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.roles import role_names

if TYPE_CHECKING:
    from gateprint.workflow.verify_manner import Calls
    from gateprint.workflow.verify_report import Report, Row

_NO = 3
_WHO = {"preflight": "(a browser)", "removed": "(anybody)", "domain": "(anybody)"}
_NOBODY = "(nobody)"
_ADDED = {"tampered": "forged", "keyed": "with an API key"}


class _Pair(click.ParamType[tuple[str, str]]):
    """`ROLE=VALUE`."""

    name = "pair"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        role, equals, rest = str(value).partition("=")
        if not (role and equals and rest):
            self.fail(f"{value!r} is not as in ROLE=VALUE", param, ctx)
        return role, rest


def _credentials(function: F) -> F:
    profile = click.option(
        "--profile",
        "profiles",
        type=_Pair(),
        multiple=True,
        metavar="ROLE=PROFILE",
        help="Ask as ROLE with a profile of AWS's configuration. May be repeated.",
    )
    assertion = click.option(
        "--assertion",
        "assertions",
        type=_Pair(),
        multiple=True,
        metavar="ROLE=FILE",
        help="Ask as ROLE with a captured SAML response, in base64. May be repeated.",
    )
    return profile(assertion(function))


@click.command()
@folders
@click.option(
    "--environment",
    envvar="GATEPRINT_ENVIRONMENT",
    show_envvar=True,
    required=True,
    metavar="NAME",
    help="The environment whose deployed APIs are asked.",
)
@click.option("--api", shell_complete=known.apis, metavar="NAME", help="Ask this API alone.")
@click.option(
    "--call/--dry",
    "is_calling",
    default=None,
    help="Let every handler run, or none. Default: none on a real account; in the embedded cloud"
    " its functions, but no HTTP backend.",
)
@_credentials
@click.option("--all", "is_all", is_flag=True, help="Show what is as stated, too.")
@click.option(
    "--allow-missing", is_flag=True, help="Be content although something could not be asked."
)
@formats("table", "json", "junit")
def verify(  # noqa: PLR0913 - one for each option
    *,
    blueprints: Path,
    config: Path,
    environment: str,
    api: str | None,
    is_calling: bool | None,
    profiles: Sequence[tuple[str, str]],
    assertions: Sequence[tuple[str, str]],
    is_all: bool,
    allow_missing: bool,
    form: str,
) -> int:
    """Ask what is deployed, and compare it with the blueprints.

    Every role asks for every route of every stage; so does somebody without a signature, and a
    browser sends its preflights.

    Without --call no handler runs on a real account: requests are sent only where the stage's
    deployment shows that API Gateway ends them before the backend. All else is asked of IAM's
    simulator, and of the policies that the account holds. Each row says which.

    Requests with an API key count as its customer's. The values are read from API Gateway where
    handlers may run; or give keys in the variable GATEPRINT_API_KEYS, as NAME=VALUE with the name
    that the key has in AWS, several with spaces between.

    Exit code 3 if something differs or could not be asked, 4 if nothing could.
    """
    found = load(places_of(blueprints, config, environment))
    _check_names(found, api, [*profiles, *assertions])
    report = _verify(found, dict(profiles), dict(assertions), api, is_calling=is_calling)
    click.echo(_rendered(report, form, is_all=is_all, allow_missing=allow_missing))
    if report.is_empty:
        raise ToolFailed("nothing could be asked", "see the reasons above, or with --all")
    return 0 if report.is_as_stated(allow_missing=allow_missing) else _NO


def _check_names(found: Inputs, api: str | None, pairs: Sequence[tuple[str, str]]) -> None:
    apis = sorted({each.name for blueprint in found.blueprints for each in blueprint.apis})
    if api is not None and api not in apis:
        raise click.BadParameter(f'there is no API "{api}": {suggest(api, apis)}')
    for role, _ in pairs:
        if role not in role_names(found):
            remedy = suggest(role, role_names(found))
            raise click.BadParameter(f'there is no role "{role}": {remedy}')
    if pairs and found.environments[0].endpoint is not None:
        raise click.UsageError("the embedded cloud signs in by itself: leave the credentials out")


def _verify(
    found: Inputs,
    profiles: Mapping[str, str],
    assertions: Mapping[str, str],
    api: str | None,
    *,
    is_calling: bool | None,
) -> Report:
    from gateprint.workflow.verify import verify as run  # noqa: PLC0415
    from gateprint.workflow.verify_credentials import Given  # noqa: PLC0415
    from gateprint.workflow.verify_tools import tools_of  # noqa: PLC0415

    environment = found.environments[0]
    given = Given(profiles, {role: Path(name) for role, name in assertions.items()})
    outdir = Path(os.environ.get("CDKTF_OUTDIR") or "cdktf.out")
    tools = tools_of(environment, given, outdir, os.environ, progress)
    calls: Calls = "all" if is_calling else "none"
    if is_calling is None and environment.endpoint is not None:
        calls = "own"
    return run(found, calls, tools, api)


def _rendered(report: Report, form: str, *, is_all: bool, allow_missing: bool) -> str:
    if form == "json":
        return json.dumps(_json(report), indent=2, ensure_ascii=False)
    if form == "junit":
        from gateprint.cli.junit import junit  # noqa: PLC0415

        return junit(report, allow_missing=allow_missing)
    return "\n\n".join(_parts(report, is_all=is_all))


def _parts(report: Report, *, is_all: bool) -> Iterator[str]:
    shown = [each for each in report.rows if is_all or each.verdict != "ok"]
    if shown:
        head = ["stage", "who", "request", "expected", "found"]
        rows = [_cells(each, is_all=is_all) for each in shown]
        yield tables.draw("", head, rows, tables.width())
    if report.not_asked:
        rows = [[visible(what), visible(why)] for what, why in sorted(report.not_asked.items())]
        yield tables.draw("", ["not asked", "why"], rows, tables.width())
    yield _summary(report)
    if report.remedies:
        yield "\n".join(visible(f"  = fix: {each}") for each in report.remedies)


def _cells(row: Row, *, is_all: bool) -> list[str]:
    evidence = f"\n({row.evidence})" if is_all and row.evidence != "none" else ""
    mark = {"differs": "differs: ", "undecided": "undecided: ", "ok": ""}[row.verdict]
    who = row.role or _WHO.get(row.kind, _NOBODY)
    if row.kind in _ADDED:
        who = f"{who}, {_ADDED[row.kind]}"
    return [
        f"{row.api}/{row.stage}",
        who,
        row.request,
        visible(f"{row.expected} ({row.why})"),
        visible(f"{mark}{row.found}") + evidence,
    ]


def _summary(report: Report) -> str:
    counts = [
        f"{len(report.rows):,} checks in {report.environment}",
        f"{report.count('ok'):,} as stated",
        f"{report.count('differs'):,} different",
        f"{report.count('undecided'):,} undecided",
    ]
    failures = f"\nlet through, with a backend that failed: {report.failures:,}"
    kinds = [f"{count:,} {kind}" for kind, count in sorted(report.by_evidence.items())]
    text = f"{', '.join(counts)}\n(decided by: {', '.join(kinds) or 'nothing'})"
    return text + failures if report.failures else text


def _json(report: Report) -> dict[str, Any]:
    names = ("ok", "differs", "undecided")
    return {
        "environment": report.environment,
        "calls": report.calls,
        "summary": {each: report.count(each) for each in names},  # type: ignore[arg-type]
        "evidence": dict(report.by_evidence),
        "backend_failures": report.failures,
        "not_asked": dict(report.not_asked),
        "remedies": list(report.remedies),
        "rows": [asdict(each) for each in report.rows],
    }
