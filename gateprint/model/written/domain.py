"""A domain name of one's own, as a blueprint says it; pure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateprint.model import kinds
from gateprint.model.schema import Model

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST_NAME = rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})+"
HostName = Annotated[
    str,
    kinds.matching(
        HOST_NAME,
        "a host name: small letters, digits and hyphens, with dots between",
        "api.example.com",
        "wrong-name",
    ),
]
# API Gateway keeps /ping and /sping for its own health checks (developer guide, "Amazon API
# Gateway important notes"). A base path of several segments is API Gateway V2's to make.
BASE_PATH = r"/((?!s?ping$)[A-Za-z0-9_.-]{1,128})?"
BasePathKey = Annotated[
    str,
    kinds.matching(
        BASE_PATH,
        "a base path: / alone, or / and one segment of letters, digits and _.-, not ping or sping",
        "/pets",
        "wrong-path",
    ),
]
Certificate = Annotated[
    str,
    kinds.matching(
        r"arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[A-Za-z0-9-]{1,64}",
        "the ARN of a certificate in ACM",
        "arn:aws:acm:us-east-2:123456789012:certificate/0a1b2c3d",
    ),
]


class MutualTls(Model):
    """Whose certificates clients may show. Who shows none gets no connection."""

    truststore: Annotated[
        str,
        kinds.matching(
            r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[A-Za-z0-9!_.*'()/-]{1,512}",
            "the S3 address of a file",
            "s3://shop-trust/clients.pem",
        ),
    ]
    """The file with the authorities' certificates, as PEM, in S3.

    In AWS: `truststore_uri`
    """
    version: (
        Annotated[
            str,
            kinds.matching(
                r"[A-Za-z0-9._-]{1,1024}", "a version of an object in S3", "3HL4kqtJvjVBH40Nrjfkd"
            ),
        ]
        | None
    ) = None
    """Version of that file. API Gateway reads the file when the domain changes, not when the file
    does, so a new version here is what makes new authorities known.

    Default: the newest when the domain is applied

    In AWS: `truststore_version`
    """


class BasePath(Model):
    """What answers below a base path."""

    api: str | None = Field(default=None, examples=["pets"])
    """Name of the API. It may be left out where the blueprint has one API."""
    stage: str = Field(examples=["prod"])
    """Name of the stage. All stages of a domain are in one environment."""


class Domain(Model):
    """A domain name of one's own in API Gateway, and what answers there. See [domains](domains.md).

    It goes to the environment of its stages. One blueprint owns it; others add base paths to it
    with `existing: true`. What a role may call does not depend on the name that is called.
    """

    certificate: Certificate | None = None
    """The certificate for the name, in ACM: of the stages' region, or for `endpoint: edge` of
    us-east-1. Required, except with `existing: true`.

    In AWS: `regional_certificate_arn`, or `certificate_arn`
    """
    endpoint: Literal["regional", "edge"] = "regional"
    """How the domain is reached: `regional` in its region, `edge` through CloudFront.

    In AWS: the endpoint type of the domain
    """
    tls: Annotated[str, kinds.one_number_of("1.0", "1.2", what="a lowest version of TLS")] = "1.2"
    """The lowest version of TLS that callers may speak; 1.3 is always spoken too.

    In AWS: `security_policy`, `TLS_1_0` or `TLS_1_2`
    """
    mutual_tls: MutualTls | None = None
    """Lets in only clients with a certificate of these authorities, before any signature is looked
    at. Not with `endpoint: edge`. The APIs behind it need `default_endpoint: false`, since their
    default endpoint asks for no certificate.

    In AWS: `mutual_tls_authentication`
    """
    existing: kinds.Boolean = False
    """Whether the domain is there already, in another blueprint or made by hand; then only the base
    paths are this blueprint's.
    """
    base_paths: Annotated[dict[BasePathKey, BasePath], Field(min_length=1, max_length=200)] = Field(
        examples=[{"/pets": {"stage": "prod"}}]
    )
    """What answers below which path of the domain.

    Key: the base path, `/` or `/` and one segment

    In AWS: `aws_api_gateway_base_path_mapping`
    """
