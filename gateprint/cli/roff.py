"""The manual page, from the same texts as `--help`; pure.

The macros are those of man(7) that every formatter knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

_SIGNS = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti"}
# What click puts before a paragraph whose lines stay as they are.
_AS_IT_IS = "\b"


def manual_page(program: click.Group, name: str, version: str) -> str:
    """Return the page of a program with all its commands, as roff in ASCII."""
    # Settings such as the names of the help option pass on to the commands below.
    context = click.Context(program, info_name=name, **program.context_settings)
    lines = [
        f'.TH {name.upper()} 1 "" "{_text(f"{name} {version}")}" "User Commands"',
        ".nh",
        ".ad l",
        ".SH NAME",
        f"{_text(name)} \\- {_text(program.get_short_help_str(200))}",
        ".SH SYNOPSIS",
        *_bold(_usage(context)),
        ".SH DESCRIPTION",
        *_body(context),
        ".SH COMMANDS",
        *(line for each in _below(context) for line in _command(each)),
    ]
    return "\n".join(lines) + "\n"


def _below(context: click.Context) -> Iterator[click.Context]:
    """Yield all commands below one, those of groups after the group."""
    group = context.command
    if not isinstance(group, click.Group):
        return
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None and not command.hidden:
            found = click.Context(command, parent=context, info_name=name)
            yield found
            yield from _below(found)


def _command(context: click.Context) -> Iterator[str]:
    yield f'.SS "{_text(context.command_path)}"'
    yield from _bold(_usage(context))
    yield from _body(context)


def _body(context: click.Context) -> Iterator[str]:
    """Yield what a command's help says: what it does, its options, its examples."""
    command = context.command
    yield from _paragraphs(command.help or "")
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            yield from (".TP", f"\\fB{_text(record[0])}\\fR", _text(" ".join(record[1].split())))
    yield from _paragraphs(command.epilog or "")


def _usage(context: click.Context) -> str:
    return " ".join([context.command_path, *context.command.collect_usage_pieces(context)])


def _bold(text: str) -> Iterator[str]:
    yield ".PP"
    yield f"\\fB{_text(text)}\\fR"


def _paragraphs(text: str) -> Iterator[str]:
    for each in re.split(r"\n\s*\n", text.strip("\n")):
        lines = each.splitlines()
        if not lines:
            continue
        yield ".PP"
        if lines[0].strip() == _AS_IT_IS:
            yield from (".nf", *map(_text, lines[1:]), ".fi")
        else:
            yield _text(" ".join(each.split()))


def _text(text: str) -> str:
    """Return text that roff prints as it is, wherever it stands."""
    found = "".join(_sign(each) for each in text)
    # At the beginning of a line a point would be a command.
    return f"\\&{found}" if found.startswith(".") else found


def _sign(sign: str) -> str:
    if sign == '"':
        return "\\(dq"
    return _SIGNS.get(sign, sign if sign.isascii() else f"\\[u{ord(sign):04X}]")
