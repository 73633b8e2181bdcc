"""The texts of a new API: its blueprint, functions and test; reads gateprint's own templates."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from string import Template

import yaml

from gateprint.model.manual.json_schema import json_schema
from gateprint.model.resolved import Environment

_PRODUCTION = {"prod", "production", "live"}
_NOT_PRODUCTION = {"non", "pre"}


def is_production(environment: str) -> bool:
    """Tell by an environment's name whether customers are served there.

    They are in `eu-prod`, not in `nonprod`. Only a new blueprint's first stages depend on it.
    """
    words = set(environment.split("-"))
    return bool(words & _PRODUCTION) and not words & _NOT_PRODUCTION


def choose_stages(environments: Sequence[Environment]) -> dict[str, str]:
    """Return the stages of a new blueprint: the name of each, and its environment's.

    `dev` goes to the first environment that is not production, `prod` to the first that is. A
    rehearsal is a stage's environment only where there is no other.
    """
    real = [each.name for each in environments if each.endpoint is None]
    names = real or [each.name for each in environments][:1]
    dev = [("dev", name) for name in names if not is_production(name)][:1]
    prod = [("prod", name) for name in names if is_production(name)][:1]
    return dict(dev + prod)


def blueprint_text(name: str, environments: Sequence[Environment], config: str, schema: str) -> str:
    """Return a blueprint that is valid with these environments.

    `config` is their folder's name; `schema` the path of the JSON Schema from the blueprint's
    folder.
    """
    stages = choose_stages(environments)
    return _fill(
        "blueprint.yaml",
        schema=schema,
        scalar=_scalar(name),
        config=config,
        stages=_stages_text(stages, environments),
        roles=_roles_text(name, stages, environments),
    )


def source_text(name: str) -> str:
    """Return the module with the functions."""
    return _fill("app.py", name=name)


def handler_test_text(name: str) -> str:
    """Return the test of the functions."""
    return _fill("test_handlers.py", name=name)


def companion_texts() -> Mapping[str, str]:
    """Return what the functions, their test and editors need beside them, by path in a project."""
    schema = json.dumps(json_schema("blueprint"), indent=2, ensure_ascii=False) + "\n"
    return {
        "gateprint.schema.json": schema,
        "lambdas/shared/__init__.py": _read("shared_init.py"),
        "lambdas/shared/http.py": _read("shared_http.py"),
        "tests/lambdas/conftest.py": _read("conftest.py"),
    }


def _stages_text(stages: Mapping[str, str], environments: Sequence[Environment]) -> str:
    lines = [f"  {stage}: {{environment: {_scalar(name)}}}" for stage, name in stages.items()]
    others = [
        each.name
        for each in environments
        if each.endpoint is None and each.name not in stages.values()
    ]
    if others:
        lines.append(f"  # Not used yet: {', '.join(others)}.")
    return "\n".join(lines)


def _roles_text(name: str, stages: Mapping[str, str], environments: Sequence[Environment]) -> str:
    """Return the roles, or a comment where they have no identity provider to trust.

    A rehearsal takes every blueprint, so it has to declare the provider as well.
    """
    used = [
        each for each in environments if each.endpoint is not None or each.name in stages.values()
    ]
    declared = [{one.name for one in each.identity_providers} for each in used]
    shared = sorted(set.intersection(*declared))
    provider = _scalar(shared[0]) if shared else "NAME"
    text = _fill("roles.yaml", name=name, provider=provider, stage=next(iter(stages))).rstrip()
    return text if shared else _commented(text, [each.name for each in used])


def _commented(roles: str, environments: Sequence[str]) -> str:
    said = [
        f"No identity provider is declared in all of: {', '.join(environments)}.",
        "So this is a comment. Declare one there, under `identity_providers`, write",
        "its name in the place of NAME, and remove `# ` from these lines:",
    ]
    return "\n".join(f"# {line}" for line in [*said, *roles.splitlines()])


def _scalar(text: str) -> str:
    """Return a name as YAML, quoted where other readers would take it for a truth value."""
    return text if yaml.safe_load(text) == text else json.dumps(text)


def _fill(template: str, **values: str) -> str:
    return Template(_read(template)).substitute(values)


def _read(name: str) -> str:
    path = files("gateprint.workflow") / "templates" / f"{name}.template"
    return path.read_text(encoding="utf-8")
