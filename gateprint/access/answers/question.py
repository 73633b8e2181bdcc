"""Reads a concrete request, `GET /pets/7`, as somebody asks about it; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address

from gateprint.access.whereabouts import Whereabouts
from gateprint.model.resolved import METHODS
from gateprint.model.words import shortened, suggest

_LONGEST = 2_000
_REQUEST_METHODS = (*(each for each in METHODS if each != "ANY"), "OPTIONS")
# RFC 3986, "pchar", without what is refused below with a reason of its own.
_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()+,;=:@/-]*", re.ASCII)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/]*(?:/[^/]*)?(/.*)?")
_ENDPOINT = re.compile(r"vpce-[0-9a-f]{8,17}", re.ASCII)
_UNDOCUMENTED = "AWS does not document which spelling IAM compares, so there is no sure answer"


class WrongQuestion(Exception):
    """A question that cannot be asked so: what is wrong with it, and what to write instead.

    `subject` names the part of the command line.
    """

    def __init__(self, problem: str, remedy: str, subject: str = "REQUEST") -> None:
        self.problem = problem
        self.remedy = remedy
        self.subject = subject
        super().__init__(f"{problem}: {remedy}")


@dataclass(frozen=True, slots=True)
class Call:
    """One request to an API: a method, and a path without parameters."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def read_call(text: str) -> Call:
    """Return the request that is written `METHOD /path`.

    Raises:
        WrongQuestion: it is written otherwise, or AWS does not document what IAM makes of it.
    """
    if len(text) > _LONGEST:
        raise WrongQuestion(f'"{shortened(text)}" has {len(text):,} characters', "shorten it")
    method, space, path = text.strip(" ").partition(" ")
    path = path.lstrip(" ")
    if not space:
        raise WrongQuestion(f'"{text}" is not METHOD /path', f"did you mean {_whole(method)}?")
    _check_method(method, path)
    _check_path(method, path)
    return Call(method, path)


def read_whereabouts(source: str | None, vpc_endpoint: str | None) -> Whereabouts:
    """Return where a request comes from, as far as it is said.

    Raises:
        WrongQuestion: an address or an id is none.
    """
    if source is not None:
        try:
            source = str(ip_address(source))
        except ValueError:
            problem = f'"{shortened(source)}" is not an IP address'
            raise WrongQuestion(problem, "write one, such as 203.0.113.7", "--from") from None
    if vpc_endpoint is not None and not _ENDPOINT.fullmatch(vpc_endpoint):
        problem = f'"{shortened(vpc_endpoint)}" is not a VPC endpoint\'s id'
        raise WrongQuestion(problem, "write one, such as vpce-0123456789abcdef0", "--vpc-endpoint")
    return Whereabouts(source, vpc_endpoint=vpc_endpoint)


def _whole(text: str) -> str:
    """Return a request for a text that is a method or a path alone."""
    if text.upper() in _REQUEST_METHODS:
        return f'"{text.upper()} /"'
    return f'"GET {_slashed(_path_of(text))}"'


def _path_of(text: str) -> str:
    """Return the path of a URL below its stage; any other text as it is."""
    found = _URL.fullmatch(text)
    return (found[1] or "/") if found else text


def _slashed(path: str) -> str:
    return path if path.startswith("/") else f"/{path}"


def _check_method(method: str, path: str) -> None:
    if method in _REQUEST_METHODS:
        return
    if method == "ANY":
        remedy = f"ask for one of them, as in GET {path}"
        raise WrongQuestion("ANY is a route's method: a request has one of its own", remedy)
    if method.upper() in _REQUEST_METHODS:
        remedy = f'write "{method.upper()} {path}"'
        raise WrongQuestion(f'"{method}" is not a method: methods are in capitals', remedy)
    remedy = suggest(method, _REQUEST_METHODS)
    raise WrongQuestion(f'"{shortened(method)}" is not a method', remedy)


def _check_path(method: str, path: str) -> None:
    if _URL.fullmatch(path):
        problem = "a request names its path alone, and the stage apart from it"
        raise WrongQuestion(problem, f'write "{method} {_path_of(path)}"')
    if not path.startswith("/"):
        problem = f'the path "{shortened(path)}" does not begin with /'
        raise WrongQuestion(problem, f'write "{method} /{path}"')
    for mark, what in (("?", "query string"), ("#", "fragment")):
        if mark in path:
            problem = f"a decision does not depend on the {what}"
            raise WrongQuestion(problem, f'write "{method} {path.partition(mark)[0]}"')
    if "{" in path or "}" in path:
        problem = "{…} is a route's parameter: a request has a value there"
        raise WrongQuestion(problem, f'write "{method} {re.sub("[{][^}]*[}]?", "7", path)}"')
    _check_spelling(path)


def _check_spelling(path: str) -> None:
    """Refuse what IAM and API Gateway may see differently."""
    if "%" in path:
        raise WrongQuestion(f"the path is percent-encoded; {_UNDOCUMENTED}", "ask without %")
    if "*" in path:
        problem = f"the path holds *, which policies read as a wildcard; {_UNDOCUMENTED}"
        raise WrongQuestion(problem, "ask for a path without *")
    if {".", ".."} & set(path.split("/")):
        raise WrongQuestion(f"the path has a segment . or ..; {_UNDOCUMENTED}", "ask without it")
    if "//" in path:
        raise WrongQuestion(f"two slashes follow each other; {_UNDOCUMENTED}", "ask with one")
    if path != "/" and path.endswith("/"):
        problem = f"the path ends with /; {_UNDOCUMENTED}"
        raise WrongQuestion(problem, f"ask for {path.rstrip('/')}")
    if not _PATH.fullmatch(path):
        odd = next(each for each in path if not _PATH.fullmatch(f"/{each}"))
        problem = f"a URL holds {odd!r} percent-encoded at most; {_UNDOCUMENTED}"
        raise WrongQuestion(problem, "ask for a path of letters, digits and - . _ ~ ! $ & ' ( )")
