"""The field types of the two formats: text in, exact values out; pure.

Every scalar arrives as text (`source.Scalar`), so a number or boolean arises only where a field
says so. A refused value raises `PydanticCustomError` with a stable code and a remedy.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from gateprint.model.document import Scalar

_SECONDS = {"s": 1, "m": 60, "h": 3600}
# Longer words are not mistyped names.
_LONGEST_WORD = 200
_LONGEST_PATTERN = 2_048
_LONGEST_SHOWN = 100
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


def closest(word: str, accepted: Iterable[str]) -> str | None:
    """Return the accepted word that was probably meant, whatever the case of its letters."""
    # Imported here: most inputs are right.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    if len(word) > _LONGEST_WORD:
        return None
    found = process.extractOne(
        word, list(accepted), scorer=fuzz.ratio, processor=str.lower, score_cutoff=60
    )
    return found[0] if found else None


def suggest(word: str, accepted: Iterable[str]) -> str:
    """Return a remedy that names what was probably meant, or what is accepted."""
    names = list(accepted)
    meant = closest(word, names)
    if meant is not None:
        return f"did you mean {meant}?"
    if not names:
        return "remove it: nothing is accepted here"
    return f"use {names[0]}" if len(names) == 1 else f"use one of {listed(names)}"


def listed(names: Sequence[str], most: int = 20) -> str:
    """Return names in one line, of long lists the first ones."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f", and {more} more" if more > 0 else "")


def cure_of_text(value: object) -> str:
    """Return what makes text of a list or a mapping."""
    is_key_alone = isinstance(value, dict) and list(value.values()) == [None]
    return "remove the colon at its end" if is_key_alone else "put it in quotes"


def _text_of(value: object, what: str) -> str:
    if isinstance(value, str):
        return value
    found = {dict: "a mapping", list: "a list", type(None): "nothing"}.get(type(value), "a value")
    remedy = cure_of_text(value) if what == "text" else f"write {what}"
    raise refusal("wrong-type", f"expected {what}, found {found}", remedy)


def matching(pattern: str, what: str, example: str, code: str = "wrong-form") -> Check:
    """Return a text type that must match `pattern` as a whole; ASCII classes only."""
    compiled = re.compile(pattern, re.ASCII)

    def check(value: object) -> str:
        text = str(_text_of(value, what))
        if len(text) <= _LONGEST_PATTERN and compiled.fullmatch(text):
            return text
        name, _, rule = what.partition(": ")
        problem = f'"{shortened(text)}" is not {name}{_odd_character(text)}'
        raise refusal(code, problem, f"write {rule or name}, such as {example}")

    schema = {"type": "string", "pattern": f"^({pattern})$", "examples": [example]}
    return Check(check, schema)


def shortened(text: str) -> str:
    """Return the beginning of a text that is too long for a message."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _odd_character(text: str) -> str:
    """Name the first character that is not ASCII: it may look like one that is."""
    odd = next((each for each in text if not each.isascii()), None)
    return f" (it holds {unicodedata.name(odd, f'U+{ord(odd):04X}')})" if odd else ""


def one_of(accepted: tuple[str, ...], what: str) -> Check:
    """Return a text type that takes exactly the accepted words."""

    def check(value: object) -> str:
        written = str(_text_of(value, what))
        if written in accepted:
            return written
        problem = f'"{shortened(written)}" is not {what}'
        raise refusal("unknown-value", problem, suggest(written, accepted))

    return Check(check, {"type": "string", "enum": list(accepted)})


def one_number_of(*accepted: str, what: str) -> Check:
    """Return a type that takes exactly the accepted numbers; its values stay text."""
    numbers = [float(each) if "." in each else int(each) for each in accepted]

    def check(value: object) -> str:
        written = str(_text_of(value, what))
        if written in accepted:
            return written
        # No suggestion: numbers that look alike are not near each other.
        remedy = suggest("", accepted)
        raise refusal("unknown-value", f'"{shortened(written)}" is not {what}', remedy)

    return Check(check, {"enum": numbers})


def _number(kind: Callable[[str], Any], pattern: str, what: str, low: float, high: float) -> Check:
    compiled = re.compile(pattern, re.ASCII)

    def check(value: object) -> Any:
        text = _text_of(value, what)
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
    text = _text_of(value, "true or false")
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
        text = _text_of(value, "a duration")
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
        written = str(_text_of(value, "text"))
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


def _not_of_identity_center(name: str) -> str:
    if not name.lower().startswith("awsreservedsso_"):
        return name
    raise refusal(
        "reserved-name",
        f'"{name}" is a name of IAM Identity Center, whose roles nobody assumes with SAML',
        "name the role otherwise",
    )


# Lambda developer guide, "Reserved environment variables".
_OF_LAMBDA = re.compile(r"AWS_.*|_HANDLER|_X_AMZN_TRACE_ID|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR")


def _not_of_lambda(name: str) -> str:
    if not _OF_LAMBDA.fullmatch(name):
        return name
    raise refusal("reserved-name", f'Lambda sets "{name}" itself', "name the variable otherwise")


VariableName = Annotated[
    str,
    matching(
        r"[A-Za-z][A-Za-z0-9_]+",
        "an environment variable's name: two or more letters, digits and _, a letter first",
        "TABLE",
    ),
    AfterValidator(_not_of_lambda),
]

# IAM API, CreateRole: what a role's description may hold, control characters aside.
_ROLE_DESCRIPTION = re.compile(r"[\x20-\x7e\xa1-\xff]*")


def _role_description(value: str) -> str:
    if _ROLE_DESCRIPTION.fullmatch(value):
        return value
    odd = next(each for each in value if not _ROLE_DESCRIPTION.fullmatch(each))
    raise refusal(
        "wrong-description",
        f'IAM does not take "{odd}" in the description of a role',
        "write it with the letters and signs of Latin-1",
    )


def _account(value: object) -> str:
    written = _text_of(value, "an account id")
    if isinstance(value, Scalar) and not value.quoted:
        raise refusal(
            "wrong-account",
            "the account id is not quoted",
            f'quote it, so that no zero is lost: "{written}"',
        )
    if not re.fullmatch(r"[0-9]{12}", written, re.ASCII):
        raise refusal(
            "wrong-account",
            f'"{shortened(written)}" is not an account id',
            'write 12 digits in quotes, such as "123456789012"',
        )
    return str(written)


Account = Annotated[str, Check(_account, {"type": "string", "pattern": "^[0-9]{12}$"})]


_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_HOST = rf"({_LABEL}(\.{_LABEL})*|\[[0-9a-f:.]+\])"
_PORT = r"(6553[0-5]|655[0-2]\d|65[0-4]\d{2}|6[0-4]\d{3}|[1-5]\d{4}|[1-9]\d{0,3})"
_ORIGIN = re.compile(rf"\*|https?://{_HOST}(:{_PORT})?", re.ASCII)


def _origin(written: object) -> str:
    value = str(_text_of(written, "an origin"))
    if len(value) <= _LONGEST_PATTERN and _ORIGIN.fullmatch(value):
        return value
    raise refusal(
        "wrong-origin",
        f'"{shortened(value)}" is not an origin',
        'write "*" or scheme, host and port alone, in lower case, such as https://shop.example.com',
    )


_ORIGIN_SCHEMA = {
    "type": "string",
    "pattern": f"^({_ORIGIN.pattern})$",
    "examples": ["*", "https://shop.example.com"],
}
Origin = Annotated[str, Check(_origin, _ORIGIN_SCHEMA)]


_LOOPBACK = re.compile(
    rf"http://(127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){{3}}|localhost|\[::1\]):{_PORT}/?", re.ASCII
)


def _endpoint(value: object) -> str:
    written = str(_text_of(value, "an address"))
    if _LOOPBACK.fullmatch(written):
        return written.rstrip("/")
    raise refusal(
        "wrong-endpoint",
        f'"{shortened(written)}" is not a loopback address with a port',
        "write the embedded cloud's address, such as http://127.0.0.1:4599",
    )


_ENDPOINT_SCHEMA = {
    "type": "string",
    "pattern": f"^({_LOOPBACK.pattern})$",
    "examples": ["http://127.0.0.1:4599"],
}
Endpoint = Annotated[str, Check(_endpoint, _ENDPOINT_SCHEMA)]

NAME = r"[a-z][a-z0-9-]{0,31}"
STAGE_NAME = r"[A-Za-z0-9_-]{1,128}"
FUNCTION_NAME = r"[a-z][a-z0-9_]{0,39}"
Name = Annotated[
    str,
    matching(NAME, "a name: small letters, digits and hyphens", "pets", "wrong-name"),
]
EnvironmentName = Annotated[
    str, matching(NAME, "a name: small letters, digits and hyphens", "nonprod", "wrong-name")
]
# What no file of config/ is called is said where the files are known.
UsedEnvironment = Annotated[
    str,
    Check(
        text(64, "the name").convert, {"type": "string", "maxLength": 64, "examples": ["nonprod"]}
    ),
]
StageName = Annotated[
    str,
    matching(STAGE_NAME, "a stage name: letters, digits, _ and -", "prod", "wrong-name"),
]
FunctionName = Annotated[
    str,
    matching(
        FUNCTION_NAME,
        "a function name: small letters, digits and _",
        "list_pets",
        "wrong-name",
    ),
]
# IAM's own set but the comma, which would split the identity provider's role,provider pair.
RoleName = Annotated[
    str,
    matching(
        r"[A-Za-z][A-Za-z0-9_+=.@-]{0,63}",
        "a role name: a letter, then letters, digits and _+=.@-",
        "pets-reader",
        "wrong-name",
    ),
    AfterValidator(_not_of_identity_center),
]
ProviderName = Annotated[
    str,
    matching(
        r"[A-Za-z][A-Za-z0-9._-]{0,127}",
        "an identity provider's name: letters, digits and ._-",
        "auth0",
        "wrong-name",
    ),
]
# The isolated partitions (us-iso-…, eu-isoe-…) have host names of their own, known to few.
Region = Annotated[
    str,
    matching(
        r"(?!us-iso|eu-iso)[a-z]{2}(-[a-z]+)+-[0-9]",
        "a region of the partitions aws, aws-cn and aws-us-gov",
        "us-east-2",
        "wrong-region",
    ),
]


def _own_tag(key: str) -> str:
    """AWS keeps `aws:` for itself, and gateprint marks what is its own."""
    prefix = next((each for each in ("aws:", "gateprint:") if key.lower().startswith(each)), None)
    if prefix is None:
        return key
    problem = f'a tag cannot begin with "{prefix}"'
    raise refusal("reserved-name", problem, "name the tag otherwise")


Description = Annotated[str, text(1024, "the text")]
RoleDescription = Annotated[str, text(1000, "the description"), AfterValidator(_role_description)]
TagKey = Annotated[str, text(128, "the tag key"), AfterValidator(_own_tag)]
Tags = Annotated[
    dict[TagKey, Annotated[str, text(256, "the tag value")]],
    Field(max_length=40),
]
