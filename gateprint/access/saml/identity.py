"""What an identity provider must be told so that people can assume a role; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateprint.access.saml.federation import role_arn
from gateprint.model.partition import audiences, partition_of
from gateprint.model.resolved import Environment, IdentityProvider, Role
from gateprint.model.saml import PERSISTENT, attribute_names

_FORMATS = PERSISTENT.removesuffix("persistent")
# AWS takes these from the subject, or makes them itself.
SUBJECT_KEYS = {
    "sub": "the NameID",
    "sub_type": "the format of the NameID",
    "namequalifier": "what AWS makes of issuer, account and provider",
    "doc": "the account and the provider's name",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that the trust policy tests, its attribute's names, and its accepted values."""

    key: str
    attributes: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignIn:
    """A role's sign-in in one environment, as its identity provider has to send it.

    `role_value` is what the attribute Role holds, `acs` the address that a response goes to, its
    Recipient and its audience, `regional_acs` that of the region, which does as well. A role that
    exists already has no provider here, and so neither `role_value` nor claims.
    """

    role: str
    environment: str
    account: str
    role_arn: str
    acs: str
    regional_acs: str
    audience: str
    metadata_url: str
    provider: str | None = None
    provider_arn: str | None = None
    issuer: str | None = None
    role_value: str | None = None
    name_id_format: str | None = None
    session_seconds: int | None = None
    claims: tuple[Claim, ...] = ()

    @property
    def sent(self) -> tuple[Claim, ...]:
        """The claims that come from attributes, under names that AWS documents."""
        return tuple(each for each in self.claims if each.attributes)


def sign_in(role: Role, environment: Environment) -> SignIn:
    """Return what is known of signing in to a role."""
    acs, regional = audiences(environment.region)
    host = partition_of(environment.region).sign_in_host
    common = SignIn(
        role=role.name,
        environment=environment.name,
        account=environment.account,
        role_arn=role_arn(environment, role.name),
        acs=acs,
        regional_acs=regional,
        audience=acs,
        metadata_url=f"https://{host}/static/saml-metadata.xml",
    )
    provider = role.identity_provider
    return common if provider is None else _whole(common, role, provider)


def _whole(known: SignIn, role: Role, provider: IdentityProvider) -> SignIn:
    claims = (Claim(key, attribute_names(key), values) for key, values in role.when.items())
    return replace(
        known,
        provider=provider.name,
        provider_arn=provider.arn,
        issuer=provider.issuer,
        role_value=f"{known.role_arn},{provider.arn}",
        name_id_format=_name_id_format(role),
        session_seconds=role.max_session_seconds,
        claims=tuple(claims),
    )


def _name_id_format(role: Role) -> str:
    """Return persistent, unless the trust policy asks for another format."""
    (wanted, *_) = role.when.get("sub_type", ("persistent",))
    return wanted if ":" in wanted else f"{_FORMATS}{wanted}"
