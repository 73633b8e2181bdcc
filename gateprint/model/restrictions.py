"""Checks where an API's callers must come from against how it is reached; pure.

Like the other rules it reads the document as written.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from gateprint.errors import Diagnostic
from gateprint.model.document import Document, KeyPath
from gateprint.model.restriction import Network, collapsed, is_inner
from gateprint.model.words import listed


def check_restriction(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    """Yield what `only_from` of the API at `path` says and cannot mean."""
    place: KeyPath = (*path, "only_from")
    if not isinstance(document.get(*place), dict):
        return
    if not any(document.get(*place, each) for each in ("source_ips", "vpcs", "organization")):
        problem, remedy = "only_from asks for nothing", "give source_ips, vpcs or organization"
        yield document.reject(place, "wrong-restriction", problem, remedy, key=True)
    if (document.text(*path, "endpoint") or "regional") in {"regional", "edge"}:
        yield from _of_the_internet(document, place)
    yield from _every_address(document, (*place, "source_ips"))
    yield from _of_nobody_known(document, path)


def _of_the_internet(document: Document, place: KeyPath) -> Iterator[Diagnostic]:
    if document.get(*place, "vpcs"):
        problem = "a request from the internet comes from no VPC, so that everybody is refused"
        remedy = "add endpoint: private, or remove vpcs"
        yield document.reject((*place, "vpcs"), "wrong-restriction", problem, remedy, key=True)
    for index, text in enumerate(document.sequence(*place, "source_ips")):
        network = _network(text)
        if network is not None and is_inner(network):
            problem = f"{network} is no network of the internet, where AWS sees public addresses"
            remedy = "write the public address that callers leave by, or add endpoint: private"
            path: KeyPath = (*place, "source_ips", index)
            yield document.reject(path, "wrong-restriction", problem, remedy)


def _every_address(document: Document, place: KeyPath) -> Iterator[Diagnostic]:
    """Networks that are halves of the whole restrict nothing."""
    found = [_network(each) for each in document.sequence(*place)]
    whole = collapsed(str(each) for each in found if each is not None and each.prefixlen)
    if any(each.prefixlen == 0 for each in whole):
        problem = "together the networks are every address there is"
        yield document.reject(
            place,
            "wrong-restriction",
            problem,
            "write the networks that callers come from",
            key=True,
        )


def _of_nobody_known(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    """Whoever signs nothing belongs to no organization: a Deny meets them all.

    IAM user guide, "AWS global condition context keys": aws:PrincipalOrgID is there only for
    principals of an organization; "IAM JSON policy elements: Condition operators": a negated
    operator is met where the key is missing.
    """
    place: KeyPath = (*path, "only_from", "organization")
    if document.text(*place) is None:
        return
    routes = document.mapping(*path, "routes").items()
    unsigned = [
        key for key, one in routes if isinstance(one, dict) and one.get("auth", "iam") != "iam"
    ]
    if unsigned:
        them = "it" if len(unsigned) == 1 else "them"
        problem = f"nobody signs {listed(unsigned, most=3)}, so nobody may call {them}"
        remedy = "make every route auth: iam, remove organization, or divide the API"
        yield document.reject(place, "wrong-restriction", problem, remedy, key=True)


def _network(text: object) -> Network | None:
    """Return a network; None where its own field has refused it already."""
    try:
        return ip_network(str(text))
    except ValueError:
        return None
