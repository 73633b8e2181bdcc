"""Every command that a page shows is one that the program, or the Makefile, takes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from gateprint.cli.main import gateprint
from tests.docs.pages import ROOT, Block, blocks, pages

# Up to what ends a command: a comment, another command, or where the output goes.
_ENDS = {"|", ">", ">>", "&&", "||", ";", "&"}


def commands_of(block: Block) -> Iterator[list[str]]:
    """Yield the words of each line that calls gateprint or make."""
    for line in block.text.replace("\\\n", " ").splitlines():
        match = re.search(r"(?:^|[\s/])(gateprint|make) (?=[a-z\[-])", line)
        if match and not line.lstrip().startswith(("#", "FROM")):
            words = shlex.split(line[match.start(1) :], comments=True)
            end = next((n for n, each in enumerate(words) if each in _ENDS), len(words))
            yield words[:end]


SHOWN = [
    (block, words)
    for page in pages()
    for block in blocks(page)
    if block.language in {"sh", "bash"}
    for words in commands_of(block)
]


@pytest.mark.parametrize(
    ("block", "words"), SHOWN, ids=[f"{block}-{' '.join(words)}" for block, words in SHOWN]
)
def test_every_command_that_is_shown_is_taken(block: Block, words: list[str]):
    if words[0] == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert set(words[1:]) <= {*targets}
    else:
        take(gateprint, words[1:])


def take(command: click.Command, words: list[str]) -> None:
    """Fail where the words are no call of the command: its options, their choices, its number."""
    context = click.Context(command, info_name="gateprint")
    if isinstance(command, click.Group) and words:
        found = command.get_command(context, words[0])
        assert found, f"no command {words[0]}"
        take(found, words[1:])
        return
    values, rest, _ = command.make_parser(context).parse_args(list(words))
    assert rest == []
    for option in command.params:
        given = values.get(option.name or "")
        if isinstance(option.type, click.Choice) and given is not None:
            for each in given if isinstance(given, list | tuple) else [given]:
                assert each in option.type.choices


def test_a_wrong_option_is_seen():
    with pytest.raises(click.UsageError):
        take(gateprint, ["plan", "--enviroment", "prod"])
    with pytest.raises(AssertionError):
        take(gateprint, ["plann"])
    with pytest.raises(AssertionError):
        take(gateprint, ["access", "--format", "svg"])


def test_commands_were_found():
    assert len(SHOWN) > 50
    assert {Path(block.page).name for block, _ in SHOWN} > {"README.md", "operations.md"}
