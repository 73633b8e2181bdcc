"""The Resource of a statement: ARN patterns, and whether a concrete ARN fits one; pure.

After the IAM user guide, "IAM JSON policy elements: Resource" and "Amazon Resource Names": `*`
spans slashes. At the end of one of the first five fields it may also go on beyond the colon; in
the last field a colon is a character like others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gateprint.access.iam import glob
from gateprint.access.iam.request import Context
from gateprint.errors import NotModelled

_FIELDS = 6
# Fields in which no wildcard may be: "arn", the partition and the service.
_FIXED = 3


@dataclass(frozen=True, slots=True)
class Resources:
    """ARN patterns, by how quickly they are compared.

    `unmodelled` are those whose meaning is not known, with the reason.
    """

    exact: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    patterns: tuple[glob.Resolved, ...] = ()
    beginnings: tuple[str, ...] = ()
    variables: tuple[tuple[glob.Part, ...], ...] = ()
    unmodelled: Mapping[str, str] = field(default_factory=dict, hash=False)

    def is_matching(self, arn: str, context: Context | None, *, is_negated: bool) -> bool:
        """Tell whether an ARN fits one of the patterns of a Resource, or of a NotResource.

        `context` may be missing where no pattern has variables.

        Raises:
            NotModelled: it fits none that is understood, and there are others.
        """
        if arn in self.exact or arn.startswith(self.prefixes):
            return True
        # Most patterns are of other stages and paths, which this tells at once.
        if arn.startswith(self.beginnings) and any(
            glob.is_matching(each, arn) for each in self.patterns
        ):
            return True
        if context is not None and self._is_matching_variables(arn, context, is_negated=is_negated):
            return True
        for text, problem in self.unmodelled.items():
            raise NotModelled(f"resource {text}: {problem}")
        return False

    def _is_matching_variables(self, arn: str, context: Context, *, is_negated: bool) -> bool:
        """A variable without a value matches no resource. It is not said what NotResource does."""
        resolved = [glob.resolve(each, context.value_of) for each in self.variables]
        if is_negated and None in resolved:
            raise NotModelled("AWS does not say what a NotResource with an absent variable means")
        return any(glob.is_matching(each, arn) for each in resolved if each is not None)


def read_resources(texts: Iterable[str], *, has_variables: bool, is_completed: bool) -> Resources:
    """Return the patterns of a Resource or NotResource.

    `is_completed` tells whether missing fields of an ARN count as `*`: AWS says so of identity
    policies alone. Where a wildcard before could reach beyond its own field, it is not clear what
    is missing.
    """
    exact: list[str] = []
    prefixes: list[str] = []
    others: list[tuple[glob.Part, ...]] = []
    unmodelled: dict[str, str] = {}
    for text in texts:
        if _is_plain(text):
            exact.append(text)
        elif text == "*" or (text[-1:] == "*" and _is_plain(text[:-1])):
            prefixes.append(text[:-1])
        else:
            try:
                others.append(_parts(text, has_variables=has_variables, is_completed=is_completed))
            except NotModelled as error:
                unmodelled[text] = error.problem
    return _sorted(exact, prefixes, others, unmodelled)


def _is_plain(text: str) -> bool:
    """Tell whether the text is a whole ARN without wildcards and variables."""
    return (
        not (_is_wild(text) or "${" in text)
        and text.startswith("arn:")
        and text.count(":") >= _FIELDS - 1
    )


def _is_wild(text: str) -> bool:
    return "*" in text or "?" in text


def _sorted(
    exact: list[str],
    prefixes: list[str],
    others: list[tuple[glob.Part, ...]],
    unmodelled: dict[str, str],
) -> Resources:
    patterns = [glob.without_variables(each) for each in others if not glob.is_variable(each)]
    return Resources(
        frozenset(exact),
        tuple(prefixes),
        tuple(patterns),
        tuple({glob.beginning(each) for each in patterns}),
        tuple(each for each in others if glob.is_variable(each)),
        unmodelled,
    )


def _parts(text: str, *, has_variables: bool, is_completed: bool) -> tuple[glob.Part, ...]:
    fields = text.split(":", _FIELDS - 1)
    if fields[0] != "arn" or len(fields) < _FIXED:
        raise NotModelled("it is no ARN")
    if len(fields) < _FIELDS:
        if not is_completed or _is_wild(":".join(fields[:-1])):
            raise NotModelled("it is an ARN with fields missing")
        fields += ["*"] * (_FIELDS - len(fields))
    head = ":".join(fields[:-1])
    if has_variables and "${" in head:
        raise NotModelled("it has a policy variable before the fifth colon")
    if _is_wild(":".join(fields[:_FIXED])):
        raise NotModelled("it has a wildcard in the partition or service")
    if not _is_wild(head):
        return glob.split(f"{head}:{fields[-1]}", has_variables=has_variables)
    parts: list[glob.Part] = []
    for each in fields[:-1]:
        parts += [*_field_parts(each), ":"]
    return glob.joined([*parts, *glob.split(fields[-1], has_variables=has_variables)])


def _field_parts(text: str) -> tuple[glob.Part, ...]:
    """Return the parts of a field before the last; a `*` at its end goes on beyond the colon."""
    parts = glob.split(text, has_variables=False)
    if parts and parts[-1] is glob.Wild.RUN:
        return (*glob.within_field(parts[:-1]), glob.Wild.RUN)
    return glob.within_field(parts)
