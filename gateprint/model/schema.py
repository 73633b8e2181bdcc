"""Validates a document against a pydantic model and locates every problem; pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from gateprint.errors import Diagnostic, InputRejected, Location, in_order
from gateprint.model.document import MOST_PROBLEMS, Document, KeyPath, Scalar, empty_values, walk
from gateprint.model.kinds import cure_of_text
from gateprint.model.levels import Levels, Misplaced, find_misplaced
from gateprint.model.secrets import is_secret
from gateprint.model.shapes import AnyModel, fields_at, models_at, required_of
from gateprint.model.words import closest, shortened, suggest


class Model(BaseModel):
    """The base of everything that a user may write: closed, and frozen once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


T = TypeVar("T", bound=Model)
_FOLDERS = {"Blueprint": "blueprints/", "Environment": "config/"}
_EXPECTED = {
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dict_type": "a mapping",
    "list_type": "a list",
    "string_type": "text",
}


def validate(document: Document, model: type[T]) -> T:
    """Return the document as `model`.

    Raises:
        InputRejected: with every problem of the document, each at its place.
    """
    value, found = examine(document, model)
    if value is None:
        raise InputRejected(found)
    return value


def examine(
    document: Document, model: type[T], rules: Iterable[Diagnostic] = ()
) -> tuple[T | None, tuple[Diagnostic, ...]]:
    """Return the document as `model` and its warnings, or None and what is wrong.

    `rules` are diagnostics of the same document; one that stands where a value is of no type at
    all only follows from that, and is left out.
    """
    if document.data is None:
        remedy = f"begin it with {next(iter(model.model_fields))}: …"
        return None, (document.reject((), "empty-file", "the file says nothing", remedy),)
    value, found, levels = _validated(document, model)
    places = {each.location for each in found}
    told = (
        each
        for each in rules
        if each.location not in places and not levels.unsettle(document, each.location.line)
    )
    found += _first(told)
    errors = in_order(each for each in found if each.severity == "error")
    return (None, _shown(errors)) if errors else (value, tuple(found))


def _shown(errors: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Return the first problems of a file, and a word about the others."""
    if len(errors) <= MOST_PROBLEMS:
        return errors
    where = errors[MOST_PROBLEMS].location
    problem, remedy = "there are more problems in this file", "mend the problems above first"
    return (*errors[:MOST_PROBLEMS], Diagnostic(where, "too-many", problem, remedy))


def _validated(document: Document, model: type[T]) -> tuple[T | None, list[Diagnostic], Levels]:
    value, errors = _attempt(document, model)
    empty = set(empty_values(document.data))
    levels = find_misplaced(document, model, {_path_of(each)[0] for each in errors}, empty)
    unknown = {each["loc"] for each in errors if _is_unknown(each)}
    mistyped = {_as_meant(model, each) for each in unknown}
    of_no_type = {each["loc"] for each in errors if each["type"] in {"wrong-type", *_EXPECTED}}
    found = _first(check_texts(document))
    found += [_misplaced(document, each) for each in levels.found]
    found += _first(
        _empty(document, path)
        for path in empty_values(document.data)
        if not (path in unknown or levels.covers(path) or _is_below(path, of_no_type))
    )
    found += [
        _diagnose(document, model, each)
        for each in errors
        if not _follows(each, levels, mistyped, empty)
    ]
    return value, found, levels


def _attempt(document: Document, model: type[T]) -> tuple[T | None, list[ErrorDetails]]:
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        errors = error.errors(include_url=False)
    if len(errors) > MOST_PROBLEMS:
        errors.sort(key=lambda each: document.locate(_path_of(each)[0], key=True))
    return None, errors[: MOST_PROBLEMS + 1]


def _first(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return as many as are shown, and one more, so that it is seen that there are."""
    return list(itertools.islice(found, MOST_PROBLEMS + 1))


def _follows(
    error: ErrorDetails, levels: Levels, mistyped: Collection[KeyPath], empty: Collection[KeyPath]
) -> bool:
    """Tell whether an error only follows from another one: one mistake is one problem.

    What is empty is of no type either; what is missing may be misspelt, or stand elsewhere.
    """
    path, _ = _path_of(error)
    if error["type"] == "missing":
        return levels.covers(path) or levels.has_elsewhere(path) or path in mistyped
    return levels.covers(path) or (path in empty and not _is_unknown(error))


def _is_below(path: KeyPath, parents: Collection[KeyPath]) -> bool:
    return any(path[:end] in parents for end in range(len(path)))


def _misplaced(document: Document, one: Misplaced) -> Diagnostic:
    where = document.locate(one.path, key=True)
    return Diagnostic(where, "unknown-field", one.problem, one.remedy)


def _is_unknown(error: ErrorDetails) -> bool:
    return error["type"] == "extra_forbidden"


def _as_meant(model: type[Model], path: KeyPath) -> KeyPath:
    """Return the path of the field that a mistyped one was probably meant to be."""
    meant = closest(str(path[-1]), fields_at(model, path[:-1]))
    return (*path[:-1], meant or path[-1])


def _empty(document: Document, path: KeyPath) -> Diagnostic:
    """An optional field without a value would count as absent, and nobody would notice."""
    problem = f'"{path[-1]}" has no value' if isinstance(path[-1], str) else "the item is empty"
    where = document.locate(path, key=True)
    return Diagnostic(where, "empty-value", problem, "write its value, or remove it")


def check_texts(document: Document) -> Iterator[Diagnostic]:
    """Yield what no text may hold, wherever it stands."""
    for path, text, is_key in walk(document.data):
        if "TfToken[" in text:
            problem = "TfToken[ is how CDKTF marks its own values"
            remedy = "write something else here"
            yield document.reject(path, "terraform-token", problem, remedy, key=is_key)
        if is_secret(text):
            problem = "this is a secret, and everybody who reads the file has it"
            remedy = "revoke it, and let the function read the new one from Secrets Manager"
            yield document.reject(path, "secret", problem, remedy, key=is_key)


def _diagnose(document: Document, model: type[Model], error: ErrorDetails) -> Diagnostic:
    path, is_key = _path_of(error)
    if _is_unknown(error):
        name = str(path[-1])
        where = document.locate(path, key=True)
        if len(path) == 1 and (found := _of_other_format(name, model)):
            return Diagnostic(where, "unknown-field", *found)
        problem, accepted = f'unknown field "{name}"', fields_at(model, path[:-1])
        return Diagnostic(where, "unknown-field", problem, suggest(name, accepted))
    if error["type"] == "missing":
        problem, remedy = f'"{path[-1]}" is missing', f"add {path[-1]}: …"
        return Diagnostic(document.locate(path[:-1], key=True), "missing-field", problem, remedy)
    code, problem, remedy = _explain(error)
    # What is wrong with a whole mapping or list is shown at its name.
    is_key = is_key or isinstance(error["input"], dict | list)
    where = document.locate(path, key=is_key)
    if error["type"] in _EXPECTED:
        remedy = _cure_of_type(error, models_at(model, path))
    if _goes_on(error["input"], where):
        below = f"line {where.line + 1} still belongs to this text"
        remedy = f'{below}: begin it with "- ", or write name: value'
    return Diagnostic(where, code, problem, remedy)


def _goes_on(value: object, where: Location) -> bool:
    """Tell whether plain text goes on in the next line, where something else was meant to be."""
    return isinstance(value, Scalar) and not value.quoted and value not in where.source_line


def _cure_of_type(error: ErrorDetails, models: list[AnyModel]) -> str:
    value, expected = error["input"], _EXPECTED[error["type"]]
    if expected == "a list":
        is_mapping = isinstance(value, dict)
        return (
            'begin each entry with "- "' if is_mapping else f"put it in brackets: [{_plain(value)}]"
        )
    if expected == "text":
        return cure_of_text(value)
    if isinstance(value, list):
        return 'write name: value, each on its own line, without [ ] and without "- "'
    fields = [_field(each, model, value) for model in models for each in required_of(model)]
    return f"write {{{', '.join(fields)}}}" if fields else "write name: value on lines below it"


def _field(name: str, model: AnyModel, value: object) -> str:
    """Return a field as it is to be written, with the value that is there if it may be meant."""
    is_only = len(required_of(model)) == 1 and model.model_fields[name].annotation is str
    return f"{name}: {_plain(value) if is_only else '…'}"


def _plain(value: object) -> str:
    """Return a scalar as it stands in YAML."""
    text = shortened(str(value))
    return f'"{text}"' if getattr(value, "quoted", False) else text


def _of_other_format(name: str, model: type[Model]) -> tuple[str, str] | None:
    """Return problem and remedy for a field of a whole file that stands in one of the other kind.

    `tags` is one of an environment, `stages` one of a blueprint.
    """
    for each in Model.__subclasses__():
        if each is not model and each.__name__ in _FOLDERS and name in each.model_fields:
            other, this = each.__name__.lower(), model.__name__.lower()
            problem = f'"{name}" is a field of the {other}, not of the {this}'
            return problem, f"write it in a file of {_FOLDERS[each.__name__]}"
    return None


def _path_of(error: ErrorDetails) -> tuple[KeyPath, bool]:
    loc = error["loc"]
    is_key = bool(loc) and loc[-1] == "[key]"
    return (loc[:-1] if is_key else loc), is_key


def _explain(error: ErrorDetails) -> tuple[str, str, str]:
    context = error.get("ctx", {})
    if "remedy" in context:
        return error["type"], context["problem"], context["remedy"]
    if error["type"] in _EXPECTED:
        expected = _EXPECTED[error["type"]]
        return "wrong-type", f"expected {expected}, found {_kind(error['input'])}", ""
    if error["type"] == "literal_error":
        accepted = re.findall(r"'([^']*)'", str(context["expected"]))
        problem = f"{_kind(error['input'])} is not accepted"
        return "unknown-value", problem, suggest(str(error["input"]), accepted)
    if error["type"] == "too_short":
        return "wrong-size", f'"{error["loc"][-1]}" is empty', "give at least one entry"
    most = context.get("max_length")
    problem = f'"{error["loc"][-1]}" has more than {most} entries'
    return "wrong-size", problem, f"give at most {most}"


def _kind(value: object) -> str:
    names = {dict: "a mapping", list: "a list", type(None): "nothing"}
    return names.get(type(value), f'"{shortened(str(value))}"')
