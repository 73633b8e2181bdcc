"""Dresses a JSON Schema for an editor: YAML's plain scalars, messages, and rules of fields; pure.

`markdownDescription`, `errorMessage` and `patternErrorMessage` are words of yaml-language-server
and VS Code; other readers of JSON Schema pass them over.
"""

from __future__ import annotations

import re
from typing import Any

from gateprint.model.kinds import parse_duration
from gateprint.model.manual.editor_rules import RULES

Schema = dict[str, Any]

# gateprint reads every scalar as text; YAML reads these as something else (YAML 1.2, 10.3.2).
_PLAIN = {
    "boolean": "true True TRUE false False FALSE",
    "null": "null Null NULL ~",
    "number": "0 42 007 1234567 1.5 -1 +1 1e3 0x1f 0o17 .inf .nan",
}
_ALL = "write all, or a list in [ ]"
_QUOTED_NUMBER = r"^[0-9]+(\.[0-9]+)?$"


def dress(schema: Schema) -> Schema:
    """Return the schema with all that an editor understands, and nothing that it would misread."""
    dressed: Schema = _dressed(schema)
    if "environment" in dressed["properties"]:
        dressed["allOf"] = RULES["Environment"]
    for name, rules in RULES.items():
        if name in dressed.get("$defs", {}):
            dressed["$defs"][name]["allOf"] = rules
    return dressed


def _dressed(node: Any) -> Any:
    if isinstance(node, list):
        return [_dressed(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: _part(key, value) for key, value in node.items()}
    return _explained(_scalar(found))


def _part(key: str, value: Any) -> Any:
    if key in {"default", "examples", "enum"}:
        return value
    if key == "propertyNames":
        return _key(value)
    if key in {"properties", "$defs"}:
        return {name: _dressed(each) for name, each in value.items()}
    return _dressed(value)


def _key(names: Schema) -> Schema:
    """Return the schema of a mapping's keys, which are text whatever they look like."""
    found = {key: value for key, value in names.items() if key != "type"}
    if "pattern" in found:
        found["patternErrorMessage"] = f"write {_plain(found['description'])}"
    if "examples" in found:
        # An editor offers it as the beginning of an entry.
        found["title"] = found["examples"][0]
    return _explained(found)


def _scalar(node: Schema) -> Schema:
    kind, choices = node.get("type"), node.get("enum")
    if choices and not isinstance(choices[0], str):
        return _choice_of_numbers(node)
    if kind in {"integer", "number"}:
        what = "a whole number" if kind == "integer" else "a number"
        message = f"write {what} from {node['minimum']} to {node['maximum']}"
        text = {"pattern": _QUOTED_NUMBER, "errorMessage": message}
        return {**node, "type": [kind, "string"], **text}
    if "anyOf" in node:
        return {**node, "anyOf": [{**each, "errorMessage": _ALL} for each in node["anyOf"]]}
    if kind == "string" and not choices:
        return _text(node)
    return node


def _choice_of_numbers(node: Schema) -> Schema:
    """Return one of some numbers, with quotes or without."""
    others = {key: value for key, value in node.items() if key != "enum"}
    quoted = "|".join(re.escape(str(each)) for each in node["enum"])
    # Editors show a proposed value with the description beside it.
    plain = {"enum": node["enum"], "markdownDescription": node["description"]}
    return {**others, "anyOf": [plain, {"type": "string", "pattern": f"^({quoted})$"}]}


def _text(node: Schema) -> Schema:
    pattern = node.get("pattern", "")
    refused = [kind for kind, words in _PLAIN.items() if not _matches(pattern, words.split())]
    found = dict(node)
    if pattern:
        found["patternErrorMessage"] = f"write {_wanted(node)}"
    if len(refused) == len(_PLAIN):
        return {**found, "errorMessage": f"write {_wanted(node)}"}
    # Without a type, so that no editor proposes true, false and null for a description.
    del found["type"]
    message = {"type": "string", "errorMessage": f"write {_wanted(node)}"}
    return {**found, "if": {"type": ["object", "array", *refused]}, "then": message}


def _matches(pattern: str, words: list[str]) -> bool:
    return any(re.search(pattern, each, re.ASCII) for each in words)


def is_duration(field: Schema) -> bool:
    """Tell whether a field is a duration; its examples are the shortest and the longest."""
    examples = field.get("examples", ())
    return bool(examples) and all(parse_duration(str(each)) is not None for each in examples)


def _wanted(node: Schema) -> str:
    examples = [str(each) for each in node.get("examples", ())]
    if is_duration(node):
        return f"a duration from {examples[0]} to {examples[-1]}"
    return f"something such as {examples[0]}" if examples else "text"


def _explained(node: Schema) -> Schema:
    """Give a description twice: as Markdown, and without its marks."""
    if "description" not in node:
        return node
    text = node["description"]
    return {**node, "description": _plain(text), "markdownDescription": text}


def _plain(markdown: str) -> str:
    return markdown.replace("`", "")
