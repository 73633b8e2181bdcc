"""Reads what the models say about themselves: their docstrings, and those below their fields; pure.

pydantic can read the latter too (`use_attribute_docstrings`), but does so on every import.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel

_LABEL = re.compile(r"(?P<label>Key|Default|In AWS): (?P<text>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Said:
    """What a field means; its keys, if it is a mapping; its default in words; its home in AWS."""

    meaning: str
    key: str = ""
    default: str = ""
    in_aws: str = ""


def said_by(model: type[BaseModel]) -> dict[str, Said]:
    """Return what the model says about its fields, by their names."""
    return {name: _said(text) for name, text in _fields_of(model.__module__)[model.__name__]}


def paragraphs_of(model: type[BaseModel]) -> list[str]:
    """Return the paragraphs of a model's docstring, as Markdown."""
    return _paragraphs(inspect.getdoc(model) or "")


def _said(docstring: str) -> Said:
    plain, labelled = [], {}
    for paragraph in _paragraphs(docstring):
        if found := _LABEL.fullmatch(paragraph):
            labelled[found["label"]] = found["text"]
        else:
            plain.append(paragraph)
    default, in_aws = labelled.get("Default", ""), labelled.get("In AWS", "")
    return Said(" ".join(plain), labelled.get("Key", ""), default, in_aws)


def _paragraphs(docstring: str) -> list[str]:
    return [" ".join(each.split()) for each in docstring.split("\n\n")]


@cache
def _fields_of(module: str) -> Mapping[str, list[tuple[str, str]]]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    classes = (each for each in tree.body if isinstance(each, ast.ClassDef))
    return {each.name: list(_documented(each)) for each in classes}


def _documented(model: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Yield each field with the docstring on the lines below it."""
    for field, below in zip(model.body, model.body[1:], strict=False):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, inspect.cleandoc(text)
