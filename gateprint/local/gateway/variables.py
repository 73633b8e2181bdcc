"""`$input`, `$context`, `$stageVariables` and `$util` of a mapping template; pure.

API Gateway developer guide, "Variables for data transformations".
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from gateprint.local.gateway import jsonpath
from gateprint.local.gateway.exchange import Exchange
from gateprint.local.gateway.faults import Fault

_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_SPECIAL = frozenset("'\"\\/")
_PRINTABLE = range(0x20, 0x7F)


class _Fixed:
    """A variable that no template changes."""

    def assign(self, names: tuple[str, ...], _value: Any) -> None:
        """Nothing here can be changed."""
        raise TypeError(f"{'.'.join(names)} cannot be changed")


@dataclass
class Input(_Fixed):
    """`$input`; an empty body counts as an empty object."""

    text: str
    exchange: Exchange

    def member(self, name: str) -> Any:
        """Return the body."""
        return (self.text or "{}") if name == "body" else None

    def call(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Call json, path or params."""
        if name == "params":
            return self._param(arguments[0]) if arguments else self.params
        found = jsonpath.find(self.parsed, str(arguments[0]))
        if name == "path":
            return found
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def parsed(self) -> Any:
        """The body as JSON.

        Raises:
            Fault: it is none.
        """
        try:
            return json.loads(self.text or "{}", parse_constant=_refuse)
        except (ValueError, RecursionError) as problem:
            message = f"Could not parse request body into json: {problem}"
            raise Fault("DEFAULT_4XX", message) from problem

    @cached_property
    def params(self) -> Mapping[str, Mapping[str, str]]:
        """All parameters by where they are: the last value of each."""
        exchange = self.exchange
        return {
            "path": exchange.decoded_parameters,
            "querystring": {name: values[-1] for name, values in exchange.query.items()},
            "header": dict(exchange.headers),
        }

    def _param(self, name: str) -> str:
        for values in (self.params["path"], self.params["querystring"]):
            if name in values:
                return values[name]
        return self.exchange.header(name)


def _refuse(constant: str) -> None:
    raise ValueError(f"Unrecognized token '{constant}'")


@dataclass
class Context(_Fixed):
    """`$context`, and what a template overrides of the request or the answer."""

    values: Mapping[str, Any]
    overrides: dict[tuple[str, ...], str] = field(default_factory=dict)

    def member(self, name: str) -> Any:
        """Return a value, another context of values, or an empty text."""
        value = self.values.get(name)
        return Context(value) if isinstance(value, Mapping) else ("" if value is None else value)

    def call(self, name: str, _arguments: tuple[Any, ...]) -> Any:
        """There are no methods."""
        raise TypeError(f"$context has no method {name}")

    def assign(self, names: tuple[str, ...], value: Any) -> None:
        """Override `requestOverride.header.X`, `responseOverride.status` and the like."""
        self.overrides[names] = str(value)


class StageVariables(_Fixed):
    """`$stageVariables`; what is not there is an empty text."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def member(self, name: str) -> str:
        """Return one variable."""
        return self.values.get(name, "")

    def call(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Return one variable by `get`."""
        if name != "get":
            raise TypeError(f"$stageVariables has no method {name}")
        return self.member(str(arguments[0]))


class Util(_Fixed):
    """`$util`."""

    def member(self, _name: str) -> None:
        """There are no properties."""

    def call(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Call one of the functions with a text."""
        return _FUNCTIONS[name](str(arguments[0]))


def escape_java_script(text: str) -> str:
    """Escape as Apache Commons' StringEscapeUtils.escapeJavaScript does, which the guide names."""
    return "".join(_escaped(each) for each in text)


def _escaped(character: str) -> str:
    if character in _SPECIAL:
        return f"\\{character}"
    if character in _SHORT:
        return _SHORT[character]
    if ord(character) in _PRINTABLE:
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02X}{units[at + 1]:02X}" for at in range(0, len(units), 2))


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as problem:
        raise ValueError("base64Decode has no base64") from problem


_FUNCTIONS: Mapping[str, Callable[[str], Any]] = {
    "base64Decode": _decoded,
    "base64Encode": lambda text: base64.b64encode(text.encode()).decode(),
    "escapeJavaScript": escape_java_script,
    "parseJson": json.loads,
    "urlDecode": unquote_plus,
    "urlEncode": quote_plus,
}


def variables(exchange: Exchange, context: Context, body: str) -> dict[str, Any]:
    """Return what a template starts with; `body` is the request's or the answer's."""
    return {
        "context": context,
        "input": Input(body, exchange),
        "stageVariables": StageVariables(exchange.stage.variables),
        "util": Util(),
    }
