"""Where `verify` asks from, of APIs that ask their callers to come from somewhere.

A rehearsal pretends: each request comes from where it may, and some a second time from elsewhere.
AWS sees where requests really come from, so that a refusal by the resource policy tells nothing
about roles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from gateprint.access.probes import Probe
from gateprint.access.verdicts import Answer
from gateprint.access.whereabouts import NOWHERE, Whereabouts, inside
from gateprint.local.gateway.pretended import headers_of
from gateprint.model.resolved import Api, Environment
from gateprint.model.restriction import just_outside

_OTHER_ENDPOINT, _OTHER_VPC = "vpce-00000000000000000", "vpc-00000000000000000"
_REFUSED = "with an explicit deny"
ASK_FROM = "the resource policy may have refused the place: verify from"
_WHY = "not from where callers come from"


def placed(api: Api, probe: Probe, environment: Environment) -> Iterator[Probe]:
    """Yield a probe from inside, and where it would be let through, one from elsewhere too."""
    if not api.has_policy:
        yield probe
        return
    right = inside(api)
    yield replace(probe, whereabouts=right)
    is_asked = probe.expected == "let through" and probe.kind in {"signed", "unsigned"}
    if environment.endpoint is not None and is_asked:
        wrong = _elsewhere(api, right)
        yield replace(probe, expected="not authorized", why=_WHY, whereabouts=wrong)


def pretended(probe: Probe, environment: Environment) -> Mapping[str, str]:
    """Return the headers with which a rehearsal pretends; none for AWS."""
    return headers_of(probe.whereabouts) if environment.endpoint is not None else {}


def _elsewhere(api: Api, right: Whereabouts) -> Whereabouts:
    """Return a place that is wrong in the first thing that is asked."""
    only = api.only_from
    if only and only.source_ips:
        return replace(right, source_ip=next(just_outside(only.source_ips), "192.0.2.1"))
    if only and only.organization:
        return replace(right, organization="o-0000000000")
    return replace(right, vpc_endpoint=_OTHER_ENDPOINT, vpc=_OTHER_VPC)


def is_about_the_place(probe: Probe, environment: Environment, answer: Answer) -> bool:
    """Tell whether an answer may be of the resource policy, because of where `verify` runs."""
    is_asked = environment.endpoint is None and probe.whereabouts != NOWHERE
    return is_asked and probe.kind != "preflight" and _REFUSED in answer.message
