"""The named fields of the two formats: names, accounts, regions, origins, tags; pure."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from gateprint.model.document import Scalar
from gateprint.model.kinds import LONGEST_PATTERN, Check, matching, refusal, text, text_of
from gateprint.model.words import shortened


def _not_of_identity_center(name: str) -> str:
    if not name.lower().startswith("awsreservedsso_"):
        return name
    raise refusal(
        "reserved-name",
        f'"{name}" is a name of IAM Identity Center, whose roles nobody assumes with SAML',
        "name the role otherwise",
    )


# Lambda developer guide, "Reserved environment variables".
_OF_LAMBDA = re.compile(r"AWS_.*|_HANDLER|_X_AMZN_TRACE_ID|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR")


def _not_of_lambda(name: str) -> str:
    if not _OF_LAMBDA.fullmatch(name):
        return name
    raise refusal("reserved-name", f'Lambda sets "{name}" itself', "name the variable otherwise")


VariableName = Annotated[
    str,
    matching(
        r"[A-Za-z][A-Za-z0-9_]+",
        "an environment variable's name: two or more letters, digits and _, a letter first",
        "TABLE",
    ),
    AfterValidator(_not_of_lambda),
]

# IAM API, CreateRole: what a role's description may hold, control characters aside.
_ROLE_DESCRIPTION = re.compile(r"[\x20-\x7e\xa1-\xff]*")


def _role_description(value: str) -> str:
    if _ROLE_DESCRIPTION.fullmatch(value):
        return value
    odd = next(each for each in value if not _ROLE_DESCRIPTION.fullmatch(each))
    raise refusal(
        "wrong-description",
        f'IAM does not take "{odd}" in the description of a role',
        "write it with the letters and signs of Latin-1",
    )


def _account(value: object) -> str:
    written = text_of(value, "an account id")
    if isinstance(value, Scalar) and not value.quoted:
        raise refusal(
            "wrong-account",
            "the account id is not quoted",
            f'quote it, so that no zero is lost: "{written}"',
        )
    if not re.fullmatch(r"[0-9]{12}", written, re.ASCII):
        raise refusal(
            "wrong-account",
            f'"{shortened(written)}" is not an account id',
            'write 12 digits in quotes, such as "123456789012"',
        )
    return str(written)


Account = Annotated[str, Check(_account, {"type": "string", "pattern": "^[0-9]{12}$"})]


_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_HOST = rf"({_LABEL}(\.{_LABEL})*|\[[0-9a-f:.]+\])"
_PORT = r"(6553[0-5]|655[0-2]\d|65[0-4]\d{2}|6[0-4]\d{3}|[1-5]\d{4}|[1-9]\d{0,3})"
_ORIGIN = re.compile(rf"\*|https?://{_HOST}(:{_PORT})?", re.ASCII)


def _origin(written: object) -> str:
    value = str(text_of(written, "an origin"))
    if len(value) <= LONGEST_PATTERN and _ORIGIN.fullmatch(value):
        return value
    raise refusal(
        "wrong-origin",
        f'"{shortened(value)}" is not an origin',
        'write "*" or scheme, host and port alone, in lower case, such as https://shop.example.com',
    )


_ORIGIN_SCHEMA = {
    "type": "string",
    "pattern": f"^({_ORIGIN.pattern})$",
    "examples": ["*", "https://shop.example.com"],
}
Origin = Annotated[str, Check(_origin, _ORIGIN_SCHEMA)]


_LOOPBACK = re.compile(
    rf"http://(127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){{3}}|localhost|\[::1\]):{_PORT}/?", re.ASCII
)


def _endpoint(value: object) -> str:
    written = str(text_of(value, "an address"))
    if _LOOPBACK.fullmatch(written):
        return written.rstrip("/")
    raise refusal(
        "wrong-endpoint",
        f'"{shortened(written)}" is not a loopback address with a port',
        "write the embedded cloud's address, such as http://127.0.0.1:4599",
    )


_ENDPOINT_SCHEMA = {
    "type": "string",
    "pattern": f"^({_LOOPBACK.pattern})$",
    "examples": ["http://127.0.0.1:4599"],
}
Endpoint = Annotated[str, Check(_endpoint, _ENDPOINT_SCHEMA)]

_PATH = r"(/[A-Za-z0-9._~/-]{0,512})?"
_ISSUER = re.compile(
    rf"https://{_HOST}(:{_PORT})?{_PATH}|http://(127\.0\.0\.1|localhost|\[::1\]):{_PORT}{_PATH}",
    re.ASCII,
)


def is_loopback(issuer: str) -> bool:
    """Tell whether an issuer is on this machine, the only place where it may be without TLS."""
    return issuer.startswith("http://")


def _issuer(value: object) -> str:
    written = str(text_of(value, "an address"))
    if len(written) <= LONGEST_PATTERN and _ISSUER.fullmatch(written):
        return written
    raise refusal(
        "wrong-issuer",
        f'"{shortened(written)}" is not an https address',
        "write it in lower case without query and fragment, such as https://acme.auth0.com/",
    )


_ISSUER_SCHEMA = {
    "type": "string",
    "pattern": f"^({_ISSUER.pattern})$",
    "examples": ["https://acme.auth0.com/"],
}
Issuer = Annotated[str, Check(_issuer, _ISSUER_SCHEMA)]

NAME = r"[a-z][a-z0-9-]{0,31}"
STAGE_NAME = r"[A-Za-z0-9_-]{1,128}"
FUNCTION_NAME = r"[a-z][a-z0-9_]{0,39}"
Name = Annotated[
    str,
    matching(NAME, "a name: small letters, digits and hyphens", "pets", "wrong-name"),
]
EnvironmentName = Annotated[
    str, matching(NAME, "a name: small letters, digits and hyphens", "nonprod", "wrong-name")
]
# What no file of config/ is called is said where the files are known.
UsedEnvironment = Annotated[
    str,
    Check(
        text(64, "the name").convert, {"type": "string", "maxLength": 64, "examples": ["nonprod"]}
    ),
]
StageName = Annotated[
    str,
    matching(STAGE_NAME, "a stage name: letters, digits, _ and -", "prod", "wrong-name"),
]
FunctionName = Annotated[
    str,
    matching(
        FUNCTION_NAME,
        "a function name: small letters, digits and _",
        "list_pets",
        "wrong-name",
    ),
]
# IAM's own set but the comma, which would split the identity provider's role,provider pair.
RoleName = Annotated[
    str,
    matching(
        r"[A-Za-z][A-Za-z0-9_+=.@-]{0,63}",
        "a role name: a letter, then letters, digits and _+=.@-",
        "pets-reader",
        "wrong-name",
    ),
    AfterValidator(_not_of_identity_center),
]
ProviderName = Annotated[
    str,
    matching(
        r"[A-Za-z][A-Za-z0-9._-]{0,127}",
        "an identity provider's name: letters, digits and ._-",
        "auth0",
        "wrong-name",
    ),
]
# The isolated partitions (us-iso-…, eu-isoe-…) have host names of their own, known to few.
Region = Annotated[
    str,
    matching(
        r"(?!us-iso|eu-iso)[a-z]{2}(-[a-z]+)+-[0-9]",
        "a region of the partitions aws, aws-cn and aws-us-gov",
        "us-east-2",
        "wrong-region",
    ),
]


def _own_tag(key: str) -> str:
    """AWS keeps `aws:` for itself, and gateprint marks what is its own."""
    prefix = next((each for each in ("aws:", "gateprint:") if key.lower().startswith(each)), None)
    if prefix is None:
        return key
    problem = f'a tag cannot begin with "{prefix}"'
    raise refusal("reserved-name", problem, "name the tag otherwise")


Description = Annotated[str, text(1024, "the text")]
RoleDescription = Annotated[str, text(1000, "the description"), AfterValidator(_role_description)]
TagKey = Annotated[str, text(128, "the tag key"), AfterValidator(_own_tag)]
Tags = Annotated[
    dict[TagKey, Annotated[str, text(256, "the tag value")]],
    Field(max_length=40),
]
