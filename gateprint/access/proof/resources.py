"""Resources of synthesized Terraform JSON, and what their references refer to; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateprint.access.proof.found import USER_POOL, pool_symbol
from gateprint.model.resolved import Environment

REFERENCE = re.compile(r"(?<!\$)\$\{([a-z0-9_]+)\.([A-Za-z0-9_-]+)\.([a-z_]+)\}")
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Resources:
    """The resources of a stack, by type and address, with their references resolved."""

    by_type: Mapping[str, Any]
    environment: Environment

    def of(self, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield address and arguments of every resource of a type."""
        found = self.by_type.get(kind, {})
        for name, arguments in sorted(found.items()) if isinstance(found, Mapping) else ():
            if isinstance(arguments, Mapping):
                yield name, arguments

    def text(self, arguments: Mapping[str, Any], name: str) -> str:
        """Return an argument with its references resolved; empty where it is missing."""
        value = arguments.get(name)
        return self._resolved(value, _DEEPEST) if isinstance(value, str) else ""

    def _resolved(self, text: str, depth: int) -> str:
        known = REFERENCE.sub(lambda found: self._value(found, depth), text)
        return known.replace("$${", "${").replace("%%{", "%{")

    def _value(self, found: re.Match[str], depth: int) -> str:
        kind, name, attribute = found.groups()
        if kind == "aws_api_gateway_rest_api" and attribute in {"id", "execution_arn"}:
            return (
                self.api_symbol(name)
                if attribute == "id"
                else f"{self._arn()}:{self.api_symbol(name)}"
            )
        of_kind = self.by_type.get(kind, {})
        arguments = of_kind.get(name, {}) if isinstance(of_kind, Mapping) else {}
        if attribute == "invoke_arn" and isinstance(arguments, Mapping) and arguments and depth:
            # Known to AWS alone; the function's name tells which one it is.
            return f"<{self.text(arguments, 'function_name')}.invoke_arn>"
        if (
            kind == USER_POOL
            and attribute == "arn"
            and isinstance(arguments, Mapping)
            and arguments
        ):
            return pool_symbol(self.text(arguments, "name"))
        value = arguments.get(attribute) if isinstance(arguments, Mapping) else None
        if isinstance(value, str) and depth:
            return self._resolved(value, depth - 1)
        return f"<{kind}.{name}.{attribute}>"

    def api_symbol(self, address: str) -> str:
        """Return what stands for the id of a REST API."""
        return f"<{address}>"

    def _arn(self) -> str:
        where = self.environment
        return f"arn:{where.partition}:execute-api:{where.region}:{where.account}"

    def texts(self, value: Any) -> Iterator[str]:
        """Yield the texts of a list; what is none is told apart from every text."""
        for each in value if isinstance(value, list) else () if value is None else (value,):
            yield self._resolved(each, _DEEPEST) if isinstance(each, str) else f"<{each!r}>"
