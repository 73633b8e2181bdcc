"""What follows from a region: the AWS partition, its host names and its sign-in audiences; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Partition:
    """An AWS partition: the second field of its ARNs, and its sign-in's host and entityID."""

    name: str
    sign_in_host: str
    entity_id: str


# IAM user guide, "Configure SAML assertions for the authentication response"; China's and
# GovCloud's hosts from their own documentation.
_AWS = "urn:amazon:webservices"
_PARTITIONS = (
    ("cn-", Partition("aws-cn", "signin.amazonaws.cn", f"{_AWS}:cn-north-1")),
    ("us-gov-", Partition("aws-us-gov", "signin.amazonaws-us-gov.com", f"{_AWS}:govcloud")),
)
_COMMERCIAL = Partition("aws", "signin.aws.amazon.com", _AWS)


def partition_of(region: str) -> Partition:
    """Return the partition that a region belongs to."""
    for prefix, partition in _PARTITIONS:
        if region.startswith(prefix):
            return partition
    return _COMMERCIAL


def audiences(region: str) -> tuple[str, ...]:
    """Return the exact values of `SAML:aud` that a sign-in for this region may carry.

    `SAML:aud` is the SAML Recipient: the global sign-in address, or the region's own.
    """
    host = partition_of(region).sign_in_host
    return (f"https://{host}/saml", f"https://{region}.{host}/saml")
