"""Which variables and methods a mapping template may use, decided before it is deployed; pure.

API Gateway developer guide, "Variables for data transformations", has the variables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateprint.local.gateway import jsonpath
from gateprint.local.gateway.faults import NotServed
from gateprint.local.gateway.vtl.methods import METHODS, TAKING_PATTERN, pattern
from gateprint.local.gateway.vtl.syntax import Call, Literal, Property, Reference, Step

INPUT_METHODS = {"json": 1, "path": 1, "params": None}
UTIL_METHODS = frozenset(
    {"base64Decode", "base64Encode", "escapeJavaScript", "parseJson", "urlDecode", "urlEncode"}
)
_IDENTITY = (
    "accessKey accountId apiKey apiKeyId caller cognitoAuthenticationProvider "
    "cognitoAuthenticationType cognitoIdentityId cognitoIdentityPoolId principalOrgId sourceIp "
    "user userAgent userArn"
)
_OWN = (
    "accountId apiId awsEndpointRequestId deploymentId domainName domainPrefix extendedRequestId "
    "httpMethod path protocol requestId requestTime requestTimeEpoch resourceId resourcePath "
    "stage status"
)
_ERROR = "message messageString responseType validationErrorString"
# What templates and mappings may read below `$context`.
CONTEXT = frozenset(
    {*_OWN.split(), *(f"identity.{name}" for name in _IDENTITY.split())}
    | {f"error.{name}" for name in _ERROR.split()}
)
_WHOLE = frozenset({"identity", "error"})
_OVERRIDE = re.compile(
    r"requestOverride\.(header|path|querystring)\.[\w-]+|responseOverride\.(header\.[\w-]+|status)",
    re.ASCII,
)


# What an authorizer says of a caller, and the claims of a token of Cognito.
_OF_TOKEN = re.compile(r"authorizer\.claims\.\w+", re.ASCII)


def problem_of(reference: Reference) -> str:
    """Return why a reference cannot be served; empty where it can."""
    check = _CHECKS.get(reference.name)
    steps = reference.steps
    problem = check(steps) if check is not None else ""
    return problem or next((found for each in steps if (found := _problem_of_call(each))), "")


def problem_of_target(reference: Reference) -> str:
    """Return why `#set` cannot give a reference a value; empty where it can."""
    if reference.name == "context":
        written = _dotted(reference.steps)
        return "" if _OVERRIDE.fullmatch(written) else f"#set cannot change $context.{written}"
    if reference.steps or reference.name in _CHECKS:
        return f"#set cannot change {reference.source}"
    return ""


def _problem_of_input(steps: Sequence[Step]) -> str:
    first = steps[0] if steps else None
    if first == Property("body"):
        return ""
    if not isinstance(first, Call) or first.name not in INPUT_METHODS:
        return "$input has body, json, path and params alone"
    if first.name == "params":
        return "" if len(first.arguments) <= 1 else "$input.params takes one name"
    return _problem_of_path(first)


def _problem_of_path(call: Call) -> str:
    argument = call.arguments[0] if len(call.arguments) == 1 else None
    if not isinstance(argument, Literal) or not isinstance(argument.value, str):
        return f"$input.{call.name} takes one JSONPath, written out"
    try:
        jsonpath.parse(argument.value)
    except NotServed as problem:
        return str(problem)
    return ""


def _problem_of_util(steps: Sequence[Step]) -> str:
    first = steps[0] if steps else None
    is_known = isinstance(first, Call) and first.name in UTIL_METHODS and len(first.arguments) == 1
    return "" if is_known else f"$util has {', '.join(sorted(UTIL_METHODS))} alone"


def _problem_of_context(steps: Sequence[Step]) -> str:
    written = _dotted(steps)
    is_of_token = _OF_TOKEN.fullmatch(written)
    if written in CONTEXT or written in _WHOLE or is_of_token or _OVERRIDE.fullmatch(written):
        return ""
    return f"the embedded cloud has no $context.{written}"


def _problem_of_variables(steps: Sequence[Step]) -> str:
    return "" if steps else "$stageVariables needs a name"


def _problem_of_call(step: Step) -> str:
    if not isinstance(step, Call) or step.name in INPUT_METHODS or step.name in UTIL_METHODS:
        return ""
    if step.name not in METHODS:
        return f"the embedded cloud has no method {step.name}"
    if step.name not in TAKING_PATTERN:
        return ""
    first = step.arguments[0] if step.arguments else None
    if not isinstance(first, Literal) or not isinstance(first.value, str):
        return f"{step.name} takes a pattern, written out"
    return "" if pattern(first.value) else f"{step.name} has a pattern that is not served"


def _dotted(steps: Sequence[Step]) -> str:
    """Return `a.b` of the properties at the beginning."""
    names = []
    for step in steps:
        if not isinstance(step, Property):
            break
        names.append(step.name)
    return ".".join(names)


_CHECKS = {
    "context": _problem_of_context,
    "input": _problem_of_input,
    "stageVariables": _problem_of_variables,
    "util": _problem_of_util,
}
