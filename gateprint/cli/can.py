"""`can` and `who-can`: print who may make a request, by which statement and which line."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateprint.cli import known
from gateprint.cli.options import F, formats, inputs, places_of
from gateprint.cli.text import progress, visible
from gateprint.workflow.inputs import load

if TYPE_CHECKING:
    from gateprint.access.answers.question import WrongQuestion
    from gateprint.errors import Location
    from gateprint.workflow.choice import Question
    from gateprint.workflow.questions import Answer, Answers, Read, Where

_WIDTH = 80
_NO = 3


def _question(function: F) -> F:
    """Add what both verbs ask."""
    api = click.option(
        "--api",
        shell_complete=known.apis,
        metavar="NAME",
        help="The API, where several would answer.",
    )
    source = click.option(
        "--from",
        "source",
        metavar="ADDRESS",
        help="The address that the request comes from; by default one that the API lets in.",
    )
    endpoint = click.option(
        "--vpc-endpoint", metavar="ID", help="The VPC endpoint that the request comes through."
    )
    deployed = click.option(
        "--deployed",
        is_flag=True,
        help="Ask the AWS account for what it holds, instead of the blueprints.",
    )
    return api(source(endpoint(deployed(inputs(function)))))


@click.command()
@click.argument("role", shell_complete=known.roles)
@click.argument("stage", shell_complete=known.stages)
@click.argument("request")
@_question
@formats("text", "json")
def can(  # noqa: PLR0913 - one for each option
    *,
    role: str,
    stage: str,
    request: str,
    api: str | None,
    source: str | None,
    vpc_endpoint: str | None,
    deployed: bool,
    blueprints: Path,
    config: Path,
    environment: str | None,
    form: str,
) -> int:
    """Say whether ROLE may make a REQUEST to STAGE.

    REQUEST is as "GET /pets/7". Shows the statement that decides, and the line of the blueprint
    that it comes from. Exit code 3 if the answer is no.
    """
    from gateprint.workflow import questions  # noqa: PLC0415

    with _Refusals():
        question = _read(stage, request, api, source, vpc_endpoint)
        found = load(places_of(blueprints, config, environment))
        answer, notes = questions.can(found, question, role, _reader(is_on=deployed))
    if form == "json":
        _print_json(_row(answer), notes)
    else:
        click.echo("\n".join([*_lines(answer), *(_row_of("note", each) for each in notes)]))
    return 0 if answer.decision == "allow" else _NO


@click.command("who-can")
@click.argument("stage", shell_complete=known.stages)
@click.argument("request")
@_question
@formats("text", "json")
def who_can(  # noqa: PLR0913 - one for each option
    *,
    stage: str,
    request: str,
    api: str | None,
    source: str | None,
    vpc_endpoint: str | None,
    deployed: bool,
    blueprints: Path,
    config: Path,
    environment: str | None,
    form: str,
) -> None:
    """Say which roles may make a REQUEST to STAGE.

    REQUEST is as "GET /pets/7". With --deployed every role of the account is asked about, also
    those that no blueprint declares.
    """
    from gateprint.workflow import questions  # noqa: PLC0415

    with _Refusals():
        question = _read(stage, request, api, source, vpc_endpoint)
        found = load(places_of(blueprints, config, environment))
        answers = questions.who_can(found, question, _reader(is_on=deployed))
    if form == "json":
        _print_json(_json(answers, is_deployed=deployed), answers.notes)
    else:
        lines = [*_list(answers), *(_row_of("note", each) for each in answers.notes)]
        click.echo("\n".join(lines))


class _Refusals:
    """Turns a question that cannot be asked so into a wrong command line."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        from gateprint.access.answers.question import WrongQuestion  # noqa: PLC0415

        if isinstance(error, WrongQuestion):
            raise _bad(error) from None


def _bad(error: WrongQuestion) -> click.BadParameter:
    text = visible(f"{error.problem}: {error.remedy}")
    return click.BadParameter(text, param_hint=error.subject)


def _read(
    stage: str, request: str, api: str | None, source: str | None, vpc_endpoint: str | None
) -> Question:
    from gateprint.access.answers.question import read_call, read_whereabouts  # noqa: PLC0415
    from gateprint.workflow.choice import Question  # noqa: PLC0415

    return Question(stage, read_call(request), api, read_whereabouts(source, vpc_endpoint))


def _reader(*, is_on: bool) -> Read | None:
    if not is_on:
        return None
    from gateprint.workflow.deployed import clients_of, read_account  # noqa: PLC0415

    return lambda wanted: read_account(wanted, clients_of(wanted.environment), progress)


def _print_json(data: dict[str, Any], notes: tuple[str, ...]) -> None:
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    for note in notes:
        click.echo(f"note: {visible(note)}", err=True)


def _lines(answer: Answer) -> Iterator[str]:
    where, cited = answer.where, answer.statement
    may = "may" if answer.decision == "allow" else "may not"
    yield _wrapped(f"{answer.role} {may} call {_asked(where)}{_mark(answer)}")
    if where.route is not None and where.route != where.request:
        yield _row_of("answered by", where.route)
    if cited is not None:
        sid = f" ({cited.sid})" if cited.sid else ""
        head = "decided by" if where.route is not None else "in IAM"
        statement = f"statement {cited.number}{sid}"
        yield _row_of(head, f"{cited.effect} in {cited.policy}, {statement}")
        yield _row_of("", cited.resource)
    if answer.place is not None:
        yield _row_of("stated at", _place(answer.place))
    if answer.why:
        yield _row_of("because", answer.why)
    if where.keys_of is not None:
        yield _row_of("and", _key_of(where.keys_of))


def _key_of(plans: Sequence[str]) -> str:
    of_plans = f" of {' or '.join(plans)}" if plans else ""
    return f"an API key{of_plans} is needed as well"


def _asked(where: Where) -> str:
    if where.api is None:
        return f"{where.request} on {where.stage}"
    return f"{where.request} on {where.stage} of {where.api} ({where.environment})"


def _mark(answer: Answer) -> str:
    return "" if answer.is_declared else "; no blueprint declares this role"


def _row_of(head: str, text: str) -> str:
    first = f"  {head:<12} " if head else " " * 15
    return _wrapped(text, first, " " * 15)


def _wrapped(text: str, first: str = "", following: str = "  ") -> str:
    """Return lines of at most 80 columns; an ARN stays whole, so that it can be copied."""
    return textwrap.fill(
        visible(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _place(place: Location) -> str:
    return f"{place.path}:{place.line}:{place.column}"


def _list(found: Answers) -> Iterator[str]:
    allowed = sum(each.decision == "allow" for each in found.answers)
    if found.where.keys_of is not None:
        yield _wrapped(_key_of(found.where.keys_of))
    if found.everyone is not None:
        yield _wrapped(f"everybody may call {_asked(found.where)}: {found.everyone}")
        return
    if found.where.token is not None:
        yield _wrapped(f"no role may call {_asked(found.where)}: {found.where.token}")
        return
    many = {0: "nobody", 1: "1 role"}.get(allowed, f"{allowed} roles")
    yield _wrapped(f"{many} may call {_asked(found.where)}")
    if found.where.route is None:
        from gateprint.workflow.questions import NO_ROUTE  # noqa: PLC0415

        yield _row_of("because", NO_ROUTE)
    width = max((len(each.role) for each in found.answers), default=0)
    for each in found.answers:
        yield _wrapped(_way(each), f"  {each.role:<{width}}  {each.decision:<13}  ", " " * 8)
    for name, why in found.undecided.items():
        yield _wrapped(why, f"  {name}  not decided: ", " " * 8)
    if found.others:
        yield f"  {found.others:,} other role{'s' if found.others > 1 else ''}: implicit-deny"


def _way(answer: Answer) -> str:
    if answer.decision == "implicit-deny":
        return answer.why
    parts = [_place(answer.place)] if answer.place else []
    if answer.statement and not (answer.place and answer.is_declared):
        parts.append(f"{answer.statement.policy}, statement {answer.statement.number}")
    return "; ".join([*parts, *([answer.why] if answer.why else [])]) + _mark(answer)


def _row(answer: Answer) -> dict[str, Any]:
    where, cited, place = answer.where, answer.statement, answer.place
    return {
        "role": answer.role,
        "stage": where.stage,
        "request": where.request,
        "decision": answer.decision,
        "statement": {
            "policy": cited.policy,
            "number": cited.number,
            "sid": cited.sid,
            "effect": cited.effect,
            "resource": cited.resource,
        }
        if cited
        else None,
        "environment": where.environment,
        "blueprint": where.blueprint,
        "api": where.api,
        "route": where.route,
        "public": where.public,
        "token": where.token,
        "keys_of": where.keys_of,
        "place": {"path": place.path, "line": place.line, "column": place.column}
        if place
        else None,
    }


def _json(found: Answers, *, is_deployed: bool) -> dict[str, Any]:
    where = found.where
    allowed = [each for each in found.answers if each.decision == "allow"]
    data: dict[str, Any] = {
        "stage": where.stage,
        "request": where.request,
        "environment": where.environment,
        "api": where.api,
        "route": where.route,
        "public": where.public,
        "token": where.token,
        "keys_of": where.keys_of,
        "roles": [_row(each) for each in allowed],
    }
    if found.everyone is not None:
        data["everyone"] = found.everyone
    if is_deployed:
        data["undeclared"] = [each.role for each in allowed if not each.is_declared]
        data["undecided"] = dict(found.undecided)
    return data
