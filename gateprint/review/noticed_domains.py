"""What callers notice of addresses: new ones, those that go, and what is asked there; pure.

The plan says it, whatever is known of the blueprint before. What loosens access besides is a
finding of a rule: `default-endpoint-opened`, `mutual-tls-weakened`, `base-path-remapped`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.notice import about
from gateprint.review.planned import attribute, is_unknown, made, text
from gateprint.review.review import Notice, Noticed
from gateprint.review.subject import StackSubject
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

_DISABLED = "disable_execute_api_endpoint"
_NARROWED: Notice = "network-narrowed"
_OLD, _NEW = "TLS_1_0", "TLS_1_2"


def noticed_of_domains(stack: StackSubject) -> Iterator[Noticed]:
    """Yield what callers notice of the addresses of APIs that are there already."""
    if stack.plan is not None:
        yield from _base_paths(stack, stack.plan)
        yield from _default_endpoints(stack, stack.plan)
        yield from _domains(stack, stack.plan)


def _base_paths(stack: StackSubject, plan: TerraformPlan) -> Iterator[Noticed]:
    for each in plan.changes:
        if each.type != "aws_api_gateway_base_path_mapping" or each.deposed is not None:
            continue
        if each.action == "create" and not is_unknown(each, "api_id"):
            stage, path = text(each.after, "stage_name"), _path(each.after)
            url, api = _url(each.after), _api_at(stack, path)
            named = f"{api} on {stage}" if api else f"stage {stage}"
            sentence = f"{named} is reached at {url} too"
            yield about(stack.place, "looser", sentence, path, is_breaking=False)
        elif each.action in {"delete", "forget"}:
            sentence = f"nothing answers at {_url(each.before)} any more"
            yield about(stack.place, _NARROWED, sentence)


def _path(values: object) -> tuple[str, ...]:
    base = text(values, "base_path").replace("(none)", "")
    return "domains", text(values, "domain_name"), "base_paths", f"/{base}"


def _url(values: object) -> str:
    _, domain, _, base = _path(values)
    return f"https://{domain}{base}".rstrip("/")


def _api_at(stack: StackSubject, path: tuple[str, ...]) -> str:
    """Return the API that answers at a base path, by the blueprint."""
    domains = stack.blueprint.domains if stack.blueprint is not None else ()
    found = (
        base.api
        for domain in domains
        for base in domain.base_paths
        if (domain.name, f"/{base.path}") == (path[1], path[3])
    )
    return next(found, "")


def _default_endpoints(stack: StackSubject, plan: TerraformPlan) -> Iterator[Noticed]:
    for each in _updated(plan, "aws_api_gateway_rest_api"):
        was, will = (attribute(side, _DISABLED) is True for side in (each.before, each.after))
        if will and not was:
            name = text(each.before, "name").removeprefix(f"{stack.stack}-")
            sentence = f"{name} is no longer reached by the address that AWS gives it"
            yield about(stack.place, _NARROWED, sentence, ("apis", name, "default_endpoint"))


def _domains(stack: StackSubject, plan: TerraformPlan) -> Iterator[Noticed]:
    for each in _updated(plan, "aws_api_gateway_domain_name"):
        name = text(each.before, "domain_name")
        if _has_mutual_tls(each.after) and not _has_mutual_tls(each.before):
            sentence = f"clients of {name} have to show a certificate"
            yield about(stack.place, _NARROWED, sentence, ("domains", name, "mutual_tls"))
        policies = tuple(text(side, "security_policy") for side in (each.before, each.after))
        if policies == (_OLD, _NEW):
            sentence = f"{name} takes no TLS below 1.2 any more"
            yield about(stack.place, _NARROWED, sentence, ("domains", name, "tls"))


def _updated(plan: TerraformPlan, kind: str) -> Iterator[ResourceChange]:
    return (each for each in made(plan, kind) if each.before is not None)


def _has_mutual_tls(values: object) -> bool:
    return bool(attribute(values, "mutual_tls_authentication"))
