"""Who may assume the role of a pipeline: the jobs of one repository, through OpenID Connect; pure.

GitHub Docs, "OpenID Connect reference" (subject claims; since July 2026 those of new repositories
have the ids of owner and repository: `OWNER@123/REPO@456`) and "Configuring OpenID Connect in
Amazon Web Services". GitLab Docs, "Configure OpenID Connect in AWS to retrieve temporary
credentials". IAM user guide, "Create a role for OpenID Connect federation".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gateprint.access.policy import VERSION
from gateprint.model.resolved import Environment
from gateprint.terraform.permissions.table import Purpose

_GITHUB = "token.actions.githubusercontent.com"
_GITLAB = "gitlab.com"
_NAME = r"[A-Za-z0-9_.-]+(?:@[0-9]+)?"
_GITHUB_PLACE = re.compile(rf"({_NAME}/{_NAME})(?::(.+))?", re.ASCII)
_GITLAB_PLACE = re.compile(r"([A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+)(?::(.+))?", re.ASCII)
_ENVIRONMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_REF = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_./-]*", re.ASCII)
_HOST = re.compile(r"[a-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9_./-]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Trusted:
    """The jobs that may assume the role; `subject` is a pattern where `is_pattern`."""

    kind: Literal["github", "gitlab"]
    subject: str
    is_pattern: bool = False


def parse_trust(written: str, purpose: Purpose, environment: str) -> Trusted:
    """Return who is meant by `github:OWNER/REPO[:WHAT]` or `gitlab:GROUP/PROJECT[:WHAT]`.

    WHAT is `pull_request`, `ref:refs/heads/main` or `environment:NAME` at GitHub, `branch:main` or
    `tag:v1` at GitLab; any other word at GitHub is an environment. Without it the purpose decides:
    plans are made in pull requests, applies in the environment, drift is looked for on main.

    Raises:
        ValueError: it is none of these; the message says what is wrong.
    """
    kind, _, rest = written.partition(":")
    if kind == "github" and (found := _GITHUB_PLACE.fullmatch(rest)):
        what = found[2] or _github_default(purpose, environment)
        return Trusted("github", f"repo:{found[1]}:{_github_what(what)}")
    if kind == "gitlab" and (found := _GITLAB_PLACE.fullmatch(rest)):
        return _gitlab(found[1], found[2] or ("" if purpose == "plan" else "branch:main"))
    problem = "write github:OWNER/REPO[:ENVIRONMENT] or gitlab:GROUP/PROJECT[:branch:NAME]"
    raise ValueError(f"{written!r} is no repository: {problem}")


def _github_default(purpose: Purpose, environment: str) -> str:
    defaults: dict[Purpose, str] = {"plan": "pull_request", "drift": "ref:refs/heads/main"}
    return defaults.get(purpose, f"environment:{environment}")


def _github_what(what: str) -> str:
    if what == "pull_request":
        return what
    kind, _, name = what.rpartition(":")
    if kind in {"", "environment"} and _ENVIRONMENT.fullmatch(name):
        return f"environment:{name}"
    if kind == "ref" and name.startswith("refs/") and _REF.fullmatch(name):
        return what
    problem = "pull_request, ref:refs/heads/NAME, environment:NAME or an environment's name"
    raise ValueError(f"{what!r} is not one of {problem}")


def _gitlab(project: str, what: str) -> Trusted:
    if not what:
        # A merge request runs on its own branch, and the subject has no other mark of it.
        return Trusted("gitlab", f"project_path:{project}:ref_type:branch:ref:*", is_pattern=True)
    kind, _, name = what.partition(":")
    if kind in {"branch", "tag"} and _REF.fullmatch(name):
        return Trusted("gitlab", f"project_path:{project}:ref_type:{kind}:ref:{name}")
    raise ValueError(f"{what!r} is not one of branch:NAME or tag:NAME")


def checked_issuer(written: str) -> str:
    """Return the issuer as IAM names it: its address without `https://`.

    Raises:
        ValueError: it is no such address.
    """
    bare = written.removeprefix("https://").rstrip("/")
    if not _HOST.fullmatch(bare):
        raise ValueError(f"{written!r} is no address such as https://gitlab.example.com")
    return bare


def trust_of(environment: Environment, trusted: Sequence[Trusted], issuer: str = "") -> Any:
    """Return the trust policy of a role; `issuer` is that of a GitHub or GitLab of one's own.

    Raises:
        ValueError: they are not all of one kind.
    """
    kinds = {each.kind for each in trusted}
    if len(kinds) != 1:
        raise ValueError("a role trusts GitHub or GitLab: give one kind of repository")
    (kind,) = kinds
    host = issuer or (_GITHUB if kind == "github" else _GITLAB)
    exact: dict[str, Any] = {f"{host}:aud": _audience(kind, host, environment.partition)}
    condition: dict[str, Any] = {"StringEquals": exact}
    subjects = [each.subject for each in trusted]
    if any(each.is_pattern for each in trusted):
        condition["StringLike"] = {f"{host}:sub": subjects}
    else:
        exact[f"{host}:sub"] = subjects
    provider = f"arn:{environment.partition}:iam::{environment.account}:oidc-provider/{host}"
    statement = {
        "Sid": "Jobs",
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": provider},
        "Condition": condition,
    }
    return {"Version": VERSION, "Statement": [statement]}


def _audience(kind: str, host: str, partition: str) -> str:
    """Return who the token is for: what GitHub's action asks for, or the server's own address."""
    if kind == "gitlab":
        return f"https://{host}"
    return "sts.amazonaws.com.cn" if partition == "aws-cn" else "sts.amazonaws.com"
