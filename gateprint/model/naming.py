"""The names of stacks, functions and roles in AWS; pure."""

from __future__ import annotations

# The alias of a function, and so the release, of stages that follow the blueprint.
LATEST = "latest"
# The stage variable that says which alias of its functions a stage calls.
RELEASE_VARIABLE = "gateprint_release"
# What a release's deployment remembers, by the keys of its triggers.
RELEASE, RELEASE_ROUTES, RELEASE_FUNCTIONS = "release", "routes", "functions"


def stack_name(blueprint: str, environment: str) -> str:
    """Return the name of the Terraform stack of a blueprint in an environment."""
    return f"{blueprint}-{environment}"


def functions_role_name(blueprint: str, environment: str) -> str:
    """Return the name of the role that a stack's functions run as."""
    return f"{stack_name(blueprint, environment)}-functions"


def function_name(blueprint: str, environment: str, function: str) -> str:
    """Return a function's name in AWS, unique per account and region."""
    return f"{stack_name(blueprint, environment)}-{function}"


def plan_name(blueprint: str, environment: str, plan: str) -> str:
    """Return a usage plan's name in AWS; nothing there is unique about it but its id."""
    return f"{stack_name(blueprint, environment)}-{plan}"


def api_key_name(blueprint: str, environment: str, key: str) -> str:
    """Return an API key's name in AWS; its value is another matter."""
    return f"{stack_name(blueprint, environment)}-{key}"


def log_role_name(environment: str) -> str:
    """Return the name of the role that API Gateway writes an environment's logs as."""
    return f"gateprint-{environment}-api-gateway-logs"
