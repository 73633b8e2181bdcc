"""IAM: the tags of SAML providers, and a role's description that outlives other updates."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse

from gateprint.local.additions.grafting import add_missing, wrap

Tags = list[dict[str, str]]


def install() -> None:
    """Add the three tag operations, and keep the tags that a provider is created with."""
    if not hasattr(IamResponse, "tag_saml_provider"):
        wrap(IamResponse, "create_saml_provider", create_saml_provider)
    add_missing(
        IamResponse,
        {
            "tag_saml_provider": tag_saml_provider,
            "untag_saml_provider": untag_saml_provider,
            "list_saml_provider_tags": list_saml_provider_tags,
        },
    )
    wrap(IAMBackend, "update_role", update_role)


def create_saml_provider(original: Any, response: Any) -> ActionResult:
    """CreateSAMLProvider with tags; GetSAMLProvider shows them without further help."""
    created: ActionResult = original(response)
    arn = created.result["SAMLProviderArn"]
    provider = response.backend.get_saml_provider(arn)
    provider.tags = _merged([], response._get_param("Tags", []))  # noqa: SLF001
    return ActionResult({"SAMLProviderArn": arn, "Tags": provider.tags})


def tag_saml_provider(response: Any) -> ActionResult:
    """TagSAMLProvider: adds to the tags that are there."""
    provider = _provider(response)
    provider.tags = _merged(provider.tags, response._get_param("Tags", []))  # noqa: SLF001
    return EmptyResult()


def untag_saml_provider(response: Any) -> ActionResult:
    """UntagSAMLProvider, by keys."""
    provider = _provider(response)
    gone = response._get_param("TagKeys", [])  # noqa: SLF001
    provider.tags = [tag for tag in provider.tags if tag["Key"] not in gone]
    return EmptyResult()


def list_saml_provider_tags(response: Any) -> ActionResult:
    """ListSAMLProviderTags, always in one page."""
    return ActionResult({"Tags": _provider(response).tags, "IsTruncated": False})


def update_role(original: Any, backend: Any, role_name: str, description: Any, seconds: Any) -> Any:
    """UpdateRole: a description that is not sent stays as it is."""
    kept = backend.get_role(role_name).description if description is None else description
    return original(backend, role_name, kept, seconds)


def _provider(response: Any) -> Any:
    return response.backend.get_saml_provider(response._get_param("SAMLProviderArn"))  # noqa: SLF001


def _merged(before: Tags, added: Tags) -> Tags:
    values = {tag["Key"]: tag["Value"] for tag in [*before, *added]}
    return [{"Key": key, "Value": value} for key, value in values.items()]
