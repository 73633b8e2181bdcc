"""The kinds of fields: text in, exact values out; pure.

Every scalar arrives as text (`document.Scalar`), so a number or boolean arises only where a field
says so. A refused value raises `PydanticCustomError` with a stable code and a remedy.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from gateprint.model.words import shortened, suggest

_SECONDS = {"s": 1, "m": 60, "h": 3600}
LONGEST_PATTERN = 2_048
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """What turns one written value into its field's value, and the JSON Schema that says so."""

    convert: Callable[[object], Any]
    schema: Mapping[str, Any]

    def __get_pydantic_core_schema__(
        self, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate by `convert` alone."""
        return core_schema.no_info_plain_validator_function(self.convert)

    def __get_pydantic_json_schema__(
        self, _core: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Publish `schema`."""
        return dict(self.schema)


def refusal(code: str, problem: str, remedy: str) -> PydanticCustomError:
    """Return the error that `schema.diagnose` turns into a diagnostic."""
    # Braces are pydantic's template syntax; the texts travel as context instead.
    context = {"problem": problem, "remedy": remedy}
    return PydanticCustomError(code, "{problem}", context)


def cure_of_text(value: object) -> str:
    """Return what makes text of a list or a mapping."""
    is_key_alone = isinstance(value, dict) and list(value.values()) == [None]
    return "remove the colon at its end" if is_key_alone else "put it in quotes"


def text_of(value: object, what: str) -> str:
    """Return a written scalar, or refuse what is none."""
    if isinstance(value, str):
        return value
    found = {dict: "a mapping", list: "a list", type(None): "nothing"}.get(type(value), "a value")
    remedy = cure_of_text(value) if what == "text" else f"write {what}"
    raise refusal("wrong-type", f"expected {what}, found {found}", remedy)


def matching(pattern: str, what: str, example: str, code: str = "wrong-form") -> Check:
    """Return a text type that must match `pattern` as a whole; ASCII classes only."""

    def check(value: object) -> str:
        text = str(text_of(value, what))
        # Compiled at its first use: most runs need few of the patterns.
        if len(text) <= LONGEST_PATTERN and re.fullmatch(pattern, text, re.ASCII):
            return text
        name, _, rule = what.partition(": ")
        problem = f'"{shortened(text)}" is not {name}{_odd_character(text)}'
        raise refusal(code, problem, f"write {rule or name}, such as {example}")

    schema = {"type": "string", "pattern": f"^({pattern})$", "examples": [example]}
    return Check(check, schema)


def _odd_character(text: str) -> str:
    """Name the first character that is not ASCII: it may look like one that is."""
    odd = next((each for each in text if not each.isascii()), None)
    return f" (it holds {unicodedata.name(odd, f'U+{ord(odd):04X}')})" if odd else ""


def one_of(accepted: tuple[str, ...], what: str) -> Check:
    """Return a text type that takes exactly the accepted words."""

    def check(value: object) -> str:
        written = str(text_of(value, what))
        if written in accepted:
            return written
        problem = f'"{shortened(written)}" is not {what}'
        raise refusal("unknown-value", problem, suggest(written, accepted))

    return Check(check, {"type": "string", "enum": list(accepted)})


def one_number_of(*accepted: str, what: str) -> Check:
    """Return a type that takes exactly the accepted numbers; its values stay text."""
    numbers = [float(each) if "." in each else int(each) for each in accepted]

    def check(value: object) -> str:
        written = str(text_of(value, what))
        if written in accepted:
            return written
        # No suggestion: numbers that look alike are not near each other.
        remedy = suggest("", accepted)
        raise refusal("unknown-value", f'"{shortened(written)}" is not {what}', remedy)

    return Check(check, {"enum": numbers})


def _number(kind: Callable[[str], Any], pattern: str, what: str, low: float, high: float) -> Check:
    compiled = re.compile(pattern, re.ASCII)

    def check(value: object) -> Any:
        text = text_of(value, what)
        if compiled.fullmatch(text) and low <= kind(text) <= high:
            return kind(text)
        raise refusal(
            "wrong-number",
            f'"{shortened(text)}" is not {what} from {low} to {high}',
            f"write {what} from {low} to {high}",
        )

    name = "integer" if kind is int else "number"
    schema = {"type": name, "minimum": low, "maximum": high}
    return Check(check, schema)


def integer(low: int, high: int) -> Check:
    """Return a whole-number type with both bounds included."""
    return _number(int, r"0|[1-9]\d{0,11}", "a whole number", low, high)


def number(low: float, high: float) -> Check:
    """Return a decimal-number type with both bounds included."""
    return _number(float, r"(0|[1-9]\d{0,11})(\.\d{1,6})?", "a number", low, high)


# What other formats call true and false.
_BOOLEANS = {
    **dict.fromkeys(("true", "yes", "on", "1"), "true"),
    **dict.fromkeys(("false", "no", "off", "0"), "false"),
}


def _boolean(value: object) -> bool:
    text = text_of(value, "true or false")
    if text in {"true", "false"} and not getattr(value, "quoted", False):
        return text == "true"
    problem = f'"{shortened(text)}" is not true or false'
    meant = _BOOLEANS.get(text.lower())
    remedy = "write true or false"
    if meant:
        remedy = f"write {meant}, without quotes" if text == meant else f"did you mean {meant}?"
    raise refusal("wrong-type", problem, remedy)


Boolean = Annotated[bool, Check(_boolean, {"type": "boolean"})]


def duration(low: str, high: str) -> Check:
    """Return a duration type in seconds; `low` and `high` are durations, both included."""
    least, most = parse_duration(low), parse_duration(high)

    def check(value: object) -> int:
        text = text_of(value, "a duration")
        seconds = parse_duration(text)
        if seconds is None:
            with_unit = parse_duration(f"{text}s")
            remedy = f"write a whole number and s, m or h, from {low} to {high}"
            if with_unit is not None and (least or 0) <= with_unit <= (most or 0):
                remedy = f"did you mean {text}s?"
            raise refusal("wrong-duration", f'"{shortened(text)}" is not a duration', remedy)
        if not (least or 0) <= seconds <= (most or 0):
            raise refusal(
                "wrong-duration",
                f'"{text}" is not within {low} to {high}',
                f"write a duration from {low} to {high}",
            )
        return seconds

    schema = {"type": "string", "pattern": r"^\d{1,6}[smh]$", "examples": [low, high]}
    return Check(check, schema)


def parse_duration(text: str) -> int | None:
    """Return the seconds of `<int>` + `s`, `m` or `h`, or None where it is no duration."""
    match = re.fullmatch(r"(\d{1,6})([smh])", text, re.ASCII)
    return int(match[1]) * _SECONDS[match[2]] if match else None


def text(longest: int, what: str = "text") -> Check:
    """Return a free-text type: 1 to `longest` characters, none of them a control character."""

    def check(value: object) -> str:
        written = str(text_of(value, "text"))
        if not 1 <= len(written) <= longest:
            raise refusal(
                "wrong-size",
                f"{what} has {len(written)} characters",
                f"write 1 to {longest} characters",
            )
        if not written.strip():
            raise refusal("wrong-size", f"{what} is blank", f"write 1 to {longest} characters")
        if _CONTROL.search(written):
            raise refusal(
                "control-character",
                f"{what} holds a line break or control character",
                "write it on one line, without control characters",
            )
        return written

    schema = {"type": "string", "minLength": 1, "maxLength": longest}
    return Check(check, schema)
