"""The rules of a review, one per module, and all that they find; pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, cast

from gateprint.review.finding import Finding, Rule
from gateprint.review.rules import (
    api_destroyed,
    api_key_dropped,
    auth_weakened,
    base_path_remapped,
    body_changed,
    cached_caller_route,
    cors_without_signing_headers,
    data_trace,
    default_endpoint_opened,
    deployment_not_triggered,
    endpoint_policy_widened,
    everything_granted,
    gateway_trust,
    identity_token_weakened,
    long_session,
    metadata_near_expiry,
    missing_audience,
    mutual_tls_weakened,
    near_quota,
    new_trust,
    no_access_log,
    no_throttle,
    old_tls,
    overreach_accepted,
    permission_broadened,
    private_api_opened,
    public_route_added,
    release_broken,
    release_made_anew,
    release_open,
    release_reached,
    request_check_loosened,
    resource_policy_loosened,
    role_destroyed,
    saml_provider_destroyed,
    signing_certificate_added,
    stage_destroyed,
    throttle_loosened,
    trust_loosened,
    unverified_policy,
    user_pool_destroyed,
    user_pool_loosened,
    web_acl_detached,
    wildcard_origin,
)
from gateprint.review.subject import Subject


class RuleModule(Protocol):
    """What each module has: the rule, and what finds its cases."""

    RULE: Rule

    def find(self, subject: Subject) -> Iterator[Finding]:
        """Yield what the rule finds."""


# In the order of the documentation: access, sign-in, browsers, stages, Terraform.
MODULES = cast(
    "tuple[RuleModule, ...]",
    (
        public_route_added,
        auth_weakened,
        api_key_dropped,
        user_pool_loosened,
        identity_token_weakened,
        private_api_opened,
        resource_policy_loosened,
        endpoint_policy_widened,
        mutual_tls_weakened,
        default_endpoint_opened,
        base_path_remapped,
        old_tls,
        web_acl_detached,
        overreach_accepted,
        everything_granted,
        request_check_loosened,
        body_changed,
        missing_audience,
        trust_loosened,
        signing_certificate_added,
        new_trust,
        gateway_trust,
        long_session,
        metadata_near_expiry,
        wildcard_origin,
        cors_without_signing_headers,
        cached_caller_route,
        data_trace,
        no_throttle,
        throttle_loosened,
        no_access_log,
        api_destroyed,
        stage_destroyed,
        role_destroyed,
        user_pool_destroyed,
        saml_provider_destroyed,
        deployment_not_triggered,
        release_open,
        release_reached,
        release_broken,
        release_made_anew,
        permission_broadened,
        near_quota,
        unverified_policy,
    ),
)
RULES: tuple[Rule, ...] = tuple(each.RULE for each in MODULES)


def findings(subject: Subject) -> tuple[Finding, ...]:
    """Return all that the rules find, the most severe first; each once."""
    found = (each for module in MODULES for each in module.find(subject))
    return tuple(sorted(dict.fromkeys(found)))
