"""Lambda functions: the configuration that moto forgets, or never changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.awslambda.models import LambdaFunction

from gateprint.local.additions.grafting import wrap

# UpdateFunctionConfiguration's fields that moto keeps from the creation on.
FIXED = {"KMSKeyArn": "kms_key_arn", "TracingConfig": "tracing_config"}


def install() -> None:
    """Repair how functions are created, shown and changed."""
    wrap(LambdaFunction, "__init__", create)
    wrap(LambdaFunction, "update_configuration", update_configuration)
    wrap(LambdaFunction, "update_function_code", update_code)
    wrap(LambdaFunction, "get_configuration", configuration)


def create(original: Any, function: Any, **named: Any) -> None:
    """CreateFunction: keep the logging configuration."""
    original(function, **named)
    _configure_logs(function, named["spec"])


def update_configuration(original: Any, function: Any, changes: Mapping[str, Any]) -> Any:
    """UpdateFunctionConfiguration: tracing, key, scratch space and logs change too."""
    for name, held in FIXED.items():
        if name in changes:
            setattr(function, held, changes[name])
    if "EphemeralStorage" in changes:
        function.ephemeral_storage = changes["EphemeralStorage"]["Size"]
    _configure_logs(function, changes)
    return original(function, changes)


def update_code(original: Any, function: Any, changes: Mapping[str, Any]) -> Any:
    """UpdateFunctionCode: the architectures may change with it."""
    function.architectures = changes.get("Architectures") or function.architectures
    return original(function, changes)


def configuration(original: Any, function: Any, *args: Any, **more: Any) -> Any:
    """Show the logging configuration."""
    return {**original(function, *args, **more), "LoggingConfig": function.logging_config}


def _configure_logs(function: Any, spec: Mapping[str, Any]) -> None:
    """Set what is asked for; the rest has AWS's defaults."""
    defaults = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function.function_name}"}
    kept = getattr(function, "logging_config", defaults)
    function.logging_config = {**kept, **spec.get("LoggingConfig", {})}
