"""Whether a text fits a pattern, compared with the regular expression that it amounts to."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateprint.access.iam import glob
from gateprint.access.iam.glob import Resolved, Variable, Wild
from gateprint.errors import NotModelled

# As few characters as it takes for texts to fit now and then, and what regular expressions mean
# by their own; the last one is a line's end.
LETTERS = "ab/:.+\n"
TEXTS = st.text(LETTERS, max_size=12)
PATTERNS = st.text(LETTERS + "**??", max_size=8)
EXPRESSIONS = {
    Wild.RUN: ".*",
    Wild.ONE: ".",
    Wild.RUN_OF_FIELD: "[^:]*",
    Wild.ONE_OF_FIELD: "[^:]",
}
PARTS = st.lists(st.one_of(st.text(LETTERS, min_size=1, max_size=2), st.sampled_from(list(Wild))))


def resolved(pattern: str) -> Resolved:
    return glob.without_variables(glob.split(pattern, has_variables=False))


def is_fitting(parts: Resolved, text: str) -> bool:
    pieces = (re.escape(each) if isinstance(each, str) else EXPRESSIONS[each] for each in parts)
    return re.fullmatch("".join(pieces), text, re.DOTALL) is not None


@given(PATTERNS, TEXTS)
@settings(deadline=None, derandomize=True, max_examples=500)
def test_a_text_fits_a_pattern_as_it_fits_the_regular_expression(pattern: str, text: str) -> None:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    expected = re.fullmatch(expression, text, re.DOTALL) is not None
    assert glob.is_matching(resolved(pattern), text) is expected


@given(st.data(), TEXTS)
@settings(deadline=None, derandomize=True, max_examples=500)
def test_a_pattern_that_is_made_from_a_text_fits_it(data: st.DataObject, text: str) -> None:
    kinds = data.draw(st.lists(st.sampled_from("=*?"), min_size=len(text), max_size=len(text)))
    pairs = zip(text, kinds, strict=True)
    pattern = "".join(each if kind == "=" else kind for each, kind in pairs)
    assert glob.is_matching(resolved(pattern), text)
    assert not glob.is_matching(resolved(pattern + "!"), text)


@given(PARTS, st.text("ab:", max_size=8))
@settings(deadline=None, derandomize=True, max_examples=500)
def test_wildcards_of_a_field_stop_at_a_colon(parts: list[str | Wild], text: str) -> None:
    pattern = glob.without_variables(glob.joined(parts))
    assert glob.is_matching(pattern, text) is is_fitting(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("", ()),
        ("a", ("a",)),
        ("a**b", ("a", Wild.RUN, "b")),
        ("*?*", (Wild.RUN, Wild.ONE, Wild.RUN)),
        ("a${*}b${?}${$}{c}", ("a*b?${c}",)),
        ("${aws:UserName}", (Variable("aws:username"),)),
        ("x${aws:Tag/A, 'b'}/*", ("x", Variable("aws:tag/a", "b"), "/", Wild.RUN)),
        ("${aws:PrincipalTag/my team}", (Variable("aws:principaltag/my team"),)),
        ("$a{b}", ("$a{b}",)),
    ],
)
def test_a_text_is_split_into_literals_wildcards_and_variables(
    pattern: str, parts: tuple[glob.Part, ...]
) -> None:
    assert glob.split(pattern, has_variables=True) == parts


def test_without_variables_a_dollar_is_a_dollar() -> None:
    assert glob.split("${a}", has_variables=False) == ("${a}",)
    assert glob.split("a*", has_variables=False, has_wildcards=False) == ("a*",)


@pytest.mark.parametrize("text", ["${", "a${}", "${aws:username", "${a, 'b}", "${a,'b'}", "${a*b}"])
def test_a_variable_that_is_not_written_as_documented_is_refused(text: str) -> None:
    with pytest.raises(NotModelled, match="not written as documented"):
        glob.split(text, has_variables=True)


def test_a_wildcard_in_a_default_value_is_refused() -> None:
    with pytest.raises(NotModelled, match="holds a wildcard"):
        glob.split("${aws:username, 'a*'}", has_variables=True)


def test_a_variable_is_replaced_by_its_value_its_default_or_nothing() -> None:
    known, defaulted, absent = Variable("a"), Variable("b", "d"), Variable("b")
    value_of = {"a": "x"}.get
    assert glob.resolve(("<", known, ">", Wild.RUN), value_of) == ("<x>", Wild.RUN)
    assert glob.resolve((known, defaulted), value_of) == ("xd",)
    assert glob.resolve((known, absent), value_of) is None


@pytest.mark.parametrize("value", ["*", "a?", "*b"])
def test_a_wildcard_in_a_variables_value_is_refused(value: str) -> None:
    with pytest.raises(NotModelled, match="holds a wildcard"):
        glob.resolve((Variable("a"),), lambda _: value)


def test_a_hostile_pattern_is_decided_quickly() -> None:
    text = "a" * 2000
    assert not glob.is_matching(resolved("*a" * 500 + "b"), text)
    assert not glob.is_matching(resolved("?*" + "a*" * 20 + "b"), text)
