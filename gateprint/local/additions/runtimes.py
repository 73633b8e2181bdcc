"""Lambda functions that the embedded cloud cannot run: refused when they are created or changed."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaFunction

from gateprint.local.additions.grafting import wrap
from gateprint.local.functions.package import PackageRefused, check
from gateprint.local.functions.sandbox import node

RUNTIME = re.compile(r"python3\.\d+|nodejs\d\d\.x")
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, "Reserved"
RESERVED = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)


def install() -> None:
    """Refuse what would otherwise fail at the first request."""
    wrap(LambdaFunction, "__init__", create)
    wrap(LambdaFunction, "update_configuration", update_configuration)
    wrap(LambdaFunction, "update_function_code", update_code)


def create(original: Any, function: Any, **named: Any) -> None:
    """CreateFunction: Python or Node, from a zip file, without layers."""
    spec = named["spec"]
    if spec.get("PackageType", "Zip") != "Zip" or "ImageUri" in spec["Code"]:
        raise _refusal("container images (PackageType Image): it has no Docker")
    require_runnable(spec, spec.get("Runtime"))
    original(function, **named)
    _require_readable(function)


def update_configuration(original: Any, function: Any, changes: Mapping[str, Any]) -> Any:
    """UpdateFunctionConfiguration: as CreateFunction."""
    require_runnable(changes, changes.get("Runtime", function.run_time))
    return original(function, changes)


def update_code(original: Any, function: Any, changes: Mapping[str, Any]) -> Any:
    """UpdateFunctionCode: the file must be one that can be unpacked."""
    if "ZipFile" in changes:
        _require_unzippable(base64.b64decode(changes["ZipFile"]))
    answer = original(function, changes)
    _require_readable(function)
    return answer


def require_runnable(spec: Mapping[str, Any], runtime: str | None) -> None:
    """Refuse what a function's configuration asks for and does not get here."""
    if not RUNTIME.fullmatch(runtime or ""):
        raise _refusal(f"the runtime {runtime}; it runs python3.x and nodejs")
    if str(runtime).startswith("nodejs") and node() is None:
        raise _refusal(f"the runtime {runtime} where there is no node on PATH")
    if spec.get("Layers"):
        raise _refusal("layers; pack what the function needs into its zip file")
    variables = (spec.get("Environment") or {}).get("Variables") or {}
    reserved = sorted(RESERVED & variables.keys())
    if reserved:
        raise InvalidParameterValueException(
            "Lambda was unable to configure your environment variables because the environment "
            "variables you have provided contains reserved keys that are currently not supported "
            f"for modification. Reserved keys used in this request: {', '.join(reserved)}"
        )


def _refusal(what: str) -> InvalidParameterValueException:
    return InvalidParameterValueException(f"the embedded cloud does not run {what}")


def _require_readable(function: Any) -> None:
    _require_unzippable(function.code_bytes)


def _require_unzippable(content: bytes) -> None:
    try:
        check(content)
    except PackageRefused as refusal:
        raise InvalidParameterValueException(str(refusal)) from refusal
