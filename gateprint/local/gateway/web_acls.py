"""Whether a stage's web ACL may refuse a request, of those that moto holds."""

from __future__ import annotations

from dataclasses import replace

from moto.wafv2.models import wafv2_backends

from gateprint.local.gateway.stage import Stage

_REGION = 3


def without_open_acl(stage: Stage, account: str) -> Stage:
    """Return the stage without its web ACL, if that one lets everything through.

    Without rules its default action decides (AWS WAF developer guide, "Setting the protection pack
    (web ACL) default action"). Rules are not evaluated here.
    """
    is_open = bool(stage.web_acl_arn) and _is_open(stage.web_acl_arn, account)
    return replace(stage, web_acl_arn="") if is_open else stage


def _is_open(arn: str, account: str) -> bool:
    held = wafv2_backends[account][arn.split(":")[_REGION]].wacls.get(arn)
    return held is not None and not held.rules and "Allow" in held.default_action
