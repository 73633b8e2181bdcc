"""The values of API keys for `verify`: given in the environment, or read from API Gateway.

None of them is printed, logged or written anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

from botocore.exceptions import ClientError

from gateprint.errors import ToolFailed
from gateprint.model.resolved import Environment
from gateprint.workflow.aws_failures import explained
from gateprint.workflow.deployed import Clients
from gateprint.workflow.verify_manner import Calls

VARIABLE = "GATEPRINT_API_KEYS"


def given_keys(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return the values of keys by their names in AWS, as in `rates-prod-acme=VALUE …`.

    Raises:
        ToolFailed: the variable has another form; what it holds is not repeated.
    """
    pairs = [each.partition("=") for each in environ.get(VARIABLE, "").split()]
    if not all(name and value.isascii() and value.isprintable() for name, _, value in pairs):
        remedy = "write it as NAME=VALUE, with the key's name in AWS; several with spaces between"
        raise ToolFailed(f"{VARIABLE} is not as it should be", remedy)
    if not all(value for _, _, value in pairs):
        raise ToolFailed(f"{VARIABLE} has a name without a value", "write it as NAME=VALUE")
    return {name: value for name, _, value in pairs}


def values_of(
    names: Iterable[str],
    environment: Environment,
    clients: Clients,
    given: Mapping[str, str],
    calls: Calls,
) -> Mapping[str, str]:
    """Return the values of keys by name, as far as they are given, or may be read.

    A request with a key counts as its customer's, so without leave to call none is read.
    """
    found: dict[str, str] = {}
    for name in dict.fromkeys(names):
        value = given.get(name) or (_read(name, environment, clients) if calls != "none" else None)
        if value:
            found[name] = value
    return found


def _read(name: str, environment: Environment, clients: Clients) -> str | None:
    """Ask GetApiKeys for one key; None where it may not be asked, or the name is not of one."""
    asked = {"nameQuery": name, "includeValues": True}
    with explained(environment), suppress(ClientError):
        pages = clients("apigateway").get_paginator("get_api_keys").paginate(**asked)
        found = [each for page in pages for each in page["items"] if each["name"] == name]
        return str(found[0]["value"]) if len(found) == 1 else None
    return None
