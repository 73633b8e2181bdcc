"""`x-gateprint`: what a blueprint says and OpenAPI has no words for; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gateprint.model.document import Document, Scalar

# Told in OpenAPI's own words, or in API Gateway's.
_TOLD = ("description", "binary_types", "routes")
_TOLD_OF_ROUTES = ("description", "lambda_arn", "http", "mock", "auth", "api_key")
_INTEGER = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)


def plain(data: Any) -> Any:
    """Return data of a YAML document as JSON has it: text stays text, `1.10` too."""
    if isinstance(data, dict):
        return {str(key): plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(each) for each in data]
    return _scalar(data) if isinstance(data, str) else data


def _scalar(text: str) -> bool | int | str:
    if not getattr(text, "quoted", True):
        if text in {"true", "false"}:
            return text == "true"
        if _INTEGER.fullmatch(text):
            return int(text)
    return str(text)


def scalars(data: Any) -> Any:
    """Return JSON data as a YAML document has it, the reverse of `plain`."""
    if isinstance(data, Mapping):
        return {str(key): scalars(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [scalars(each) for each in data]
    if isinstance(data, str):
        return Scalar(data, quoted=True)
    if data is None:
        return None
    text = str(data).lower() if isinstance(data, bool) else str(data)
    return Scalar(text, quoted=False)


def extension_of(document: Document, api: str, environment: str) -> dict[str, Any]:
    """Return what the paths do not tell of a blueprint and its API `api`, as it is written.

    Of a blueprint with several APIs, that is what concerns this one.
    """
    whole = plain(document.data)
    own = whole["apis"][api]
    left = {name: value for name, value in own.items() if name not in _TOLD}
    blueprint = {**whole, "apis": {api: left}}
    if len(whole["apis"]) > 1:
        blueprint |= _of_one(whole, api)
    return {"api": api, "environment": environment, "order": list(own["routes"])} | {
        "blueprint": {name: value for name, value in blueprint.items() if value != {}}
    }


def route_extension(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what only a blueprint knows of a route: whose function it is, why it is public."""
    found = {name: value for name, value in plain(data).items() if name not in _TOLD_OF_ROUTES}
    if isinstance(request := found.get("request"), dict):
        # The names of parameters are OpenAPI's to say, and of a body everything but its file.
        found["request"] = {name: value for name, value in request.items() if name == "body"}
    return found


def _of_one(whole: Mapping[str, Any], api: str) -> dict[str, Any]:
    used = {each.get("function") for each in whole["apis"][api]["routes"].values()}
    functions = {name: value for name, value in whole.get("functions", {}).items() if name in used}
    roles = {}
    for name, role in whole.get("roles", {}).items():
        allowed = [each for each in role["allow"] if each.get("api") == api]
        if allowed:
            roles[name] = {**role, "allow": allowed}
    plans = {name: each for name, each in whole.get("plans", {}).items() if each.get("api") == api}
    domains = {}
    for name, domain in whole.get("domains", {}).items():
        led = {base: each for base, each in domain["base_paths"].items() if each.get("api") == api}
        if led:
            domains[name] = {**domain, "base_paths": led}
    return {"functions": functions, "roles": roles, "plans": plans, "domains": domains}
