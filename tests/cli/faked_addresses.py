"""What `verify` sends to AWS's addresses goes to a fake instead; the input of such a test."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gateprint.access.verdicts import Answer
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.places import Places
from gateprint.workflow.verify_http import Message, Sender
from tests.support.project import ROOT


@dataclass
class ToFake:
    """Sends what goes to the `known` addresses to a fake; what goes elsewhere is an error.

    Signatures are those for the real address.
    """

    address: str
    known: Collection[str]
    sender: Sender = field(default_factory=Sender)
    used: set[str] = field(default_factory=set)

    def send(
        self, messages: Sequence[Message], progress: Any
    ) -> Iterator[tuple[Message, Answer | str]]:
        """Yield the messages with what the fake answers."""
        self.used |= {each.base_url for each in messages}
        assert self.used <= {*self.known}
        moved = {id(each): replace(each, base_url=f"{self.address}/dev") for each in messages}
        back = {id(moved[id(each)]): each for each in messages}
        for message, answer in self.sender.send(list(moved.values()), progress):
            yield back[id(message)], answer


def loaded(folder: Path, blueprint: str, environment: str) -> Inputs:
    """Return the input of one blueprint, pets, and one environment, nonprod."""
    for name, text in {
        "blueprints/pets.yaml": blueprint,
        "config/nonprod.yaml": environment,
    }.items():
        (folder / name).parent.mkdir()
        (folder / name).write_text(text)
    return load(
        Places(folder, folder / "blueprints", folder / "config", ROOT / "lambdas", "nonprod")
    )
