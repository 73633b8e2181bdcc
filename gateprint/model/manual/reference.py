"""Writes the reference of the formats, docs/blueprint.md, from the models; pure.

What belongs to a model or a field stands in its docstring, the rest in `prose`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from gateprint.model.manual import prose
from gateprint.model.manual.docstrings import paragraphs_of, said_by
from gateprint.model.manual.editor import Schema, is_duration
from gateprint.model.manual.json_schema import MODELS, code, default_of, plain_schema
from gateprint.model.schema import Model

_WIDTH = 120
_COLUMNS = ("field", "type", "default", "meaning", "in AWS")
_EXAMPLES = {"Blueprint": prose.BLUEPRINT, "Environment": prose.ENVIRONMENT}
# What follows a model's section.
_AFTER = {"Grant": prose.OVERREACH}
_INTRODUCTION = ("How the files are read", "In the editor")


def reference(*kinds: str) -> str:
    """Return the reference of these formats as Markdown, or the whole page."""
    formats = [_entries(kind) for kind in kinds or MODELS]
    pages = [_section(each) for entries in formats for each in entries]
    if kinds:
        return "\n".join(pages)
    contents = [*map(_link, _INTRODUCTION), *map(_contents, formats)]
    index = "".join(f"- {each}\n" for each in contents)
    return "\n".join([prose.OPENING, index, prose.READING, *pages])


@dataclass(frozen=True, slots=True)
class _Entry:
    """A model, its JSON Schema, those that it refers to, and the keys of its mapping."""

    name: str
    schema: Schema
    others: dict[str, Schema]
    key: str = ""

    @property
    def model(self) -> type[Model]:
        return next(each for each in Model.__subclasses__() if each.__name__ == self.name)

    @property
    def heading(self) -> str:
        if self.name in _EXAMPLES:
            return self.name
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.name).capitalize() + "s"

    def below(self, field: Schema) -> _Entry | None:
        """Return the model of a field, or of the entries of its mapping or list."""
        held = field.get("additionalProperties") or field.get("items") or field
        if "$ref" not in held:
            return None
        name = held["$ref"].rpartition("/")[2]
        key = field.get("propertyNames", {}).get("description", "")
        return _Entry(name, self.others[name], self.others, key)


def _entries(kind: str) -> list[_Entry]:
    """Return the models of a format that have sections: its own, and what has many entries."""
    schema = plain_schema(kind)
    return list(_walk(_Entry(MODELS[kind].__name__, schema, schema["$defs"])))


def _walk(entry: _Entry) -> Iterator[_Entry]:
    yield entry
    for field in entry.schema["properties"].values():
        below = entry.below(field)
        if below and "$ref" not in field:
            yield from _walk(below)


def _contents(entries: list[_Entry]) -> str:
    first, *others = entries
    after = ["Overreach"] if any(each.name in _AFTER for each in others) else []
    headings = [*(each.heading for each in others), *after]
    inner = ", ".join(_link(each, each.lower()) for each in headings)
    return f"{_link(first.heading)}: {inner}"


def _link(heading: str, text: str = "") -> str:
    return f"[{text or heading}](#{heading.lower().replace(' ', '-')})"


def _section(entry: _Entry) -> str:
    first, *rest = paragraphs_of(entry.model)
    key = [f"The key is {entry.key}."] if entry.key else []
    level = "##" if entry.name in _EXAMPLES else "###"
    parts = [
        f"{level} {entry.heading}\n",
        _wrapped(" ".join([first, *key])),
        _EXAMPLES.get(entry.name, ""),
        _table(list(_rows(entry))),
        *map(_wrapped, [*_choices(entry), *rest]),
        _AFTER.get(entry.name, ""),
    ]
    return "\n".join(each for each in parts if each)


def _wrapped(paragraph: str) -> str:
    """Return a paragraph in lines of the page's width, none of which ends within code."""
    bound = re.sub(r"`[^`]*`", lambda code: code[0].replace(" ", "\0"), paragraph)
    lines = textwrap.wrap(bound, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines).replace("\0", " ") + "\n"


def _rows(entry: _Entry, prefix: str = "") -> Iterator[tuple[str, ...]]:
    """Yield a row for each field; those of a mapping with fixed names follow it."""
    said = said_by(entry.model)
    for name, field in entry.schema["properties"].items():
        below = entry.below(field)
        default = default_of(field, said[name]) or "none"
        if name in entry.schema.get("required", ()):
            default = "required"
        is_listed = bool(said[name].key) and below is None
        key = f" The key is {said[name].key}." if is_listed else ""
        meaning = f"{said[name].meaning}{key}"
        yield f"`{prefix}{name}`", _type(field, below), default, meaning, said[name].in_aws
        if below and "$ref" in field:
            yield from _rows(below, f"{prefix}{name}.")


def _choices(entry: _Entry) -> Iterator[str]:
    """Yield a paragraph for each mapping whose keys are certain words: too long for a table."""
    for name, field in entry.schema["properties"].items():
        if words := field.get("propertyNames", {}).get("enum"):
            yield f"The keys of `{name}` are {', '.join(map(code, words))}."


def _table(rows: list[tuple[str, ...]]) -> str:
    """Draw a table, without the columns in which nothing stands."""
    used = [index for index in range(len(_COLUMNS)) if any(row[index] for row in rows)]
    lines = [_COLUMNS, ["---"] * len(_COLUMNS), *rows]
    return "".join(f"| {' | '.join(_cell(line[each]) for each in used)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def _type(field: Schema, below: _Entry | None) -> str:
    if "enum" in field:
        return ", ".join(map(code, field["enum"]))
    if "anyOf" in field:
        return "`all`, or a list"
    if "$ref" in field:
        return "mapping"
    if field["type"] not in {"object", "array"}:
        return _scalar(field)
    held = field.get("additionalProperties") or field["items"]
    what = _link(below.heading, below.heading.lower()) if below else _type(held, None)
    kind = "mapping" if field["type"] == "object" else "list"
    return f"{kind} of {what.replace('list of', 'lists of')}{_count(field)}"


def _count(field: Schema) -> str:
    bounds = {key[:3]: value for key, value in field.items() if key[3:] in {"Items", "Properties"}}
    match bounds:
        case {"min": least, "max": most}:
            return f"; {least} to {most}"
        case {"min": least}:
            return f"; {least} or more"
        case {"max": most}:
            return f"; at most {most}"
    return ""


def _scalar(field: Schema) -> str:
    if field["type"] == "boolean":
        return "boolean"
    if field["type"] in {"integer", "number"}:
        return f"{field['minimum']} to {field['maximum']}"
    if is_duration(field):
        return " to ".join(map(code, field["examples"]))
    if "maxLength" in field:
        return f"text to {field['maxLength']}"
    examples = field.get("examples", ())
    return f"text such as {code(examples[0])}" if examples else "text"
