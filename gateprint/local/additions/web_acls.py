"""AWS WAF's web ACLs on stages: those of other accounts, and another one in place of the first."""

from __future__ import annotations

import re
from typing import Any

from moto.wafv2.models import FakeWebACL, WAFV2Backend

from gateprint.local.additions.grafting import wrap

_ARN = re.compile(
    r"arn:[a-z-]+:wafv2:[a-z0-9-]+:(?P<account>\d{12}):regional/webacl/(?P<name>[\w-]+)/(?P<id>[\w-]+)",
    re.ASCII,
)


def install() -> None:
    """Repair how web ACLs are put on stages."""
    wrap(WAFV2Backend, "associate_web_acl", associate_web_acl)


def associate_web_acl(original: Any, backend: Any, web_acl_arn: str, resource_arn: str) -> None:
    """AssociateWebACL: a resource has one at most.

    A rehearsal takes the blueprint as it is, and in it the ACL of a real account. One without rules
    stands in for that; one of the own account must be there.
    """
    found = _ARN.fullmatch(web_acl_arn)
    if found is not None and found["account"] != backend.account_id:
        backend.wacls.setdefault(web_acl_arn, _stand_in(web_acl_arn, found))
    if web_acl_arn in backend.wacls:
        backend.disassociate_web_acl(resource_arn)
    original(backend, web_acl_arn, resource_arn)


def _stand_in(arn: str, found: re.Match[str]) -> FakeWebACL:
    return FakeWebACL(
        name=found["name"],
        account=found["account"],
        arn=arn,
        wacl_id=found["id"],
        visibility_config={
            "SampledRequestsEnabled": False,
            "CloudWatchMetricsEnabled": False,
            "MetricName": found["name"],
        },
        default_action={"Allow": {}},
        description="stands in for a web ACL of another account",
        rules=None,
    )
