"""Every value of the example files is in the synthesized stacks, unchanged in meaning."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.stack.arrivals import BLUEPRINT, ENVIRONMENT, NAME, STAYS, Arrival
from tests.stack.places import At, granted_requests
from tests.stack.synthesized import local_stacks, real_stacks
from tests.stack.terraform_json import Stack, parse
from tests.support.project import ROOT

pytestmark = pytest.mark.cdktf

# Mappings whose keys are names that users choose.
NAMED = {
    *("stages", "stages.*.variables", "apis", "apis.*.routes", "functions", "plans"),
    *("user_pools", "user_pools.*.scopes"),
    *("functions.*.environment", "roles", "roles.*.when", "identity_providers", "tags"),
}
BLUEPRINTS = sorted(path.stem for path in (ROOT / "blueprints").glob("*.yaml"))
ENVIRONMENTS = sorted(path.stem for path in (ROOT / "config").glob("*.yaml"))


@dataclass(frozen=True)
class Value:
    """A scalar, an empty collection or a name, as written; `pattern` has `*` for names."""

    pattern: str
    names: tuple[str | int, ...]
    text: str


def values_of(data: Any, pattern: str = "", names: tuple[str | int, ...] = ()) -> Iterator[Value]:
    if isinstance(data, dict) and data:
        for key, each in data.items():
            is_name = pattern in NAMED
            inner = ".".join(filter(None, (pattern, "*" if is_name else key)))
            if is_name:
                yield Value(inner + NAME, (*names, key), key)
            yield from values_of(each, inner, (*names, key) if is_name else names)
    elif isinstance(data, list) and data:
        for index, each in enumerate(data):
            yield from values_of(each, f"{pattern}.#", (*names, index))
    else:
        yield Value(pattern, names, data if isinstance(data, str) else "")


def read(path: Path) -> dict[str, Any]:
    """Return a file's data with every scalar as it is written."""
    data: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506
    return data


@cache
def written(folder: str, name: str) -> dict[str, Any]:
    return read(ROOT / folder / f"{name}.yaml")


def decoded(text: str) -> str:
    """Return what Terraform makes of a text without references."""
    for opening in ("${", "%{"):
        assert opening not in text.replace(opening[0] + opening, ""), text
    return text.replace("$${", "${").replace("%%{", "%{")


def stacks_below(outdir: Path) -> dict[str, Stack]:
    return {
        path.parent.name: Stack(path.parent, parse(json.loads(path.read_text("utf-8")), decoded))
        for path in outdir.glob("stacks/*/cdk.tf.json")
    }


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stack]:
    """All stacks: those of the real environments, and of the rehearsal."""
    real = stacks_below(real_stacks(tmp_path_factory))
    return real | stacks_below(local_stacks(tmp_path_factory))


def environment_of(stack: str) -> str:
    return stack.rpartition("-")[2]


def problems(
    value: Value, arrival: Arrival, data: Mapping[str, Any], stacks: list[Stack]
) -> Iterator[str]:
    """Say where a value should be and is not; it has to be somewhere."""
    found = []
    for stack in stacks:
        environment = written("config", environment_of(stack.name))
        pair = arrival(At(data, value.names, value.text, stack, environment, ROOT))
        if pair is not None:
            found.append(pair)
            if pair[0] != pair[1]:
                yield f"{stack.name}: {value} should be {pair[0]!r}, is {pair[1]!r}"
    if not found:
        yield f"{value} arrives nowhere"


def check(
    name: str, data: Mapping[str, Any], table: Mapping[str, Arrival], stacks: list[Stack]
) -> None:
    assert stacks
    values = list(values_of(data))
    assert {each.pattern for each in values} <= table.keys() | STAYS.keys(), name
    arriving = [each for each in values if each.pattern in table]
    assert [
        problem
        for each in arriving
        for problem in problems(each, table[each.pattern], data, stacks)
    ] == []


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_every_value_of_a_blueprint_arrives(stacks: dict[str, Stack], name: str) -> None:
    own = [each for each in stacks.values() if each.name.rpartition("-")[0] == name]
    check(name, written("blueprints", name), BLUEPRINT, own)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_value_of_an_environment_arrives(stacks: dict[str, Stack], name: str) -> None:
    own = [each for each in stacks.values() if environment_of(each.name) == name]
    check(name, written("config", name), ENVIRONMENT, own)


def test_a_role_is_allowed_what_is_granted_and_nothing_else(stacks: dict[str, Stack]) -> None:
    for stack in stacks.values():
        name, _, environment = stack.name.rpartition("-")
        for role, body in written("blueprints", name)["roles"].items() if name != "account" else ():
            granted = set()
            for index, _ in enumerate(body["allow"]):
                data = written("blueprints", name)
                where = written("config", environment)
                granted |= granted_requests(At(data, (role, index), "", stack, where, ROOT))
            assert stack.requests(role, "Allow") == granted, (stack.name, role)


# Of these rows, only one text is right in the examples, or none.
WORDS = {"stages.*.access_log", "roles.*.allow.#.stages", "roles.*.allow.#.routes"}
PAIRS = (("true", "false"), ("iam", "none"), ("mock", "function"), ("deny", "accepted because x"))
OPPOSITES = {one: other for pair in PAIRS for one, other in (pair, pair[::-1])}


def another(value: Value) -> Value:
    """Return a value of the same kind that is not the written one."""
    text = value.text
    if re.fullmatch(r"\d+[smh]?", text):
        other = re.sub(r"\d+", lambda found: str(int(found[0]) + 1), text)
    elif text.startswith("accepted because "):
        other = "deny"
    elif re.match(r"[A-Z]+ /", text):
        other = "GET /nowhere"
    elif text.endswith(".xml"):
        other = "nonprod.yaml"
    else:
        other = OPPOSITES.get(text, f"{text}x")
    return replace(value, text=other)


def is_noticed(
    value: Value, arrival: Arrival, data: Mapping[str, Any], stacks: list[Stack]
) -> bool:
    try:
        return any(problems(value, arrival, data, stacks))
    except (AssertionError, LookupError, OSError):
        return True


@pytest.mark.parametrize(
    ("folder", "name"),
    [("blueprints", name) for name in BLUEPRINTS] + [("config", name) for name in ENVIRONMENTS],
)
def test_another_value_would_be_noticed(stacks: dict[str, Stack], folder: str, name: str) -> None:
    data = written(folder, name)
    table, index = (BLUEPRINT, 0) if folder == "blueprints" else (ENVIRONMENT, 2)
    own = [each for each in stacks.values() if each.name.rpartition("-")[index] == name]
    unnoticed = [
        each
        for each in values_of(data)
        if each.pattern in table.keys() - WORDS
        and not is_noticed(another(each), table[each.pattern], data, own)
    ]
    assert unnoticed == []


def test_what_stays_in_the_file_is_in_no_stack(stacks: dict[str, Stack]) -> None:
    text = "".join(json.dumps(each.__dict__, default=str) for each in stacks.values())
    for name in BLUEPRINTS:
        for value in values_of(written("blueprints", name)):
            if value.pattern in STAYS and value.pattern != "blueprint":
                assert value.text not in text


def test_the_examples_use_every_row_of_the_tables() -> None:
    """A row that nothing uses proves nothing."""
    used = {
        value.pattern
        for folder, names in (("blueprints", BLUEPRINTS), ("config", ENVIRONMENTS))
        for name in names
        for value in values_of(written(folder, name))
    }
    assert {*BLUEPRINT, *ENVIRONMENT, *STAYS} == used
