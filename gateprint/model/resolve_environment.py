"""A written environment → the one whose ARNs and metadata are final; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from gateprint.errors import Diagnostic, InputRejected
from gateprint.model import resolved
from gateprint.model.document import Document, KeyPath
from gateprint.model.environment import Environment, State
from gateprint.model.metadata import check_metadata
from gateprint.model.partition import partition_of

# The metadata of the embedded cloud's own sign-in page, by its issuer.
SignInMetadata = Callable[[str], str]


def no_metadata(_issuer: str) -> str:
    """Return nothing: who only reads the input needs no key of the sign-in page."""
    return ""


def resolve_environment(
    document: Document,
    environment: Environment,
    metadata: Mapping[str, str | Diagnostic],
    sign_in: SignInMetadata = no_metadata,
) -> resolved.Environment:
    """Return the environment with its ARNs and metadata.

    `metadata` maps the written file names to their texts, or to why there is none; `sign_in` gives
    the text where no file is written.

    Raises:
        InputRejected: a metadata file is missing or is not what AWS accepts.
    """
    diagnostics = list(_check_providers(document, environment, metadata))
    if diagnostics:
        raise InputRejected(diagnostics)
    partition = partition_of(environment.region).name
    providers = tuple(
        resolved.IdentityProvider(
            name=name,
            arn=f"arn:{partition}:iam::{environment.account}:saml-provider/{name}",
            issuer=provider.issuer,
            metadata_xml=(
                sign_in(provider.issuer)
                if provider.metadata is None
                else str(metadata[provider.metadata])
            ),
        )
        for name, provider in sorted(environment.identity_providers.items())
    )
    return resolved.Environment(
        name=environment.environment,
        account=environment.account,
        region=environment.region,
        state=_state(environment.state, environment.region),
        identity_providers=providers,
        tags=environment.tags,
        endpoint=environment.endpoint,
        quotas=environment.quotas.model_dump(exclude_none=True) if environment.quotas else {},
        vpc_endpoints=tuple(
            resolved.VpcEndpoint(name, is_account_wide=each.policy == "account")
            for name, each in sorted(environment.vpc_endpoints.items())
        ),
        own_issuer=_own_issuer(environment),
    )


def _own_issuer(environment: Environment) -> str | None:
    """Return the sign-in page as an issuer: it is on the port behind the embedded cloud's."""
    if environment.tokens != "sign_in" or environment.endpoint is None:
        return None
    address, _, port = environment.endpoint.rpartition(":")
    return f"{address}:{int(port) + 1}/"


def _check_providers(
    document: Document, environment: Environment, metadata: Mapping[str, str | Diagnostic]
) -> Iterator[Diagnostic]:
    for name, provider in environment.identity_providers.items():
        if provider.metadata is None:
            continue
        path: KeyPath = ("identity_providers", name, "metadata")
        text = metadata.get(provider.metadata)
        if not isinstance(text, str):
            reason = text.problem if text else "there is no such file"
            problem = f"{provider.metadata}, below config/: {reason}"
            remedy = "put the identity provider's metadata there"
            if provider.metadata.startswith("config/"):
                inner = provider.metadata.removeprefix("config/")
                remedy = f"write {inner}: it is relative to config/"
            yield document.reject(path, "unknown-metadata", problem, remedy)
            continue
        for flaw in check_metadata(text, provider.issuer):
            path = ("identity_providers", name, flaw.field)
            yield document.reject(path, "wrong-metadata", flaw.problem, flaw.remedy)


def _state(state: State, region: str) -> resolved.S3State | resolved.HcpState:
    if state.hcp is not None:
        return resolved.HcpState(state.hcp.organization, state.hcp.project)
    return resolved.S3State(state.bucket or "", state.region or region, state.prefix, state.kms_key)
