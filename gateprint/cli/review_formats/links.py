"""Where a line of a blueprint is shown in the browser, as the CI's environment tells; pure."""

from __future__ import annotations

import os.path
import re
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from urllib.parse import quote

from gateprint.errors import Location

Link = Callable[[Location], str | None]
"""Returns the address of a line; None where there is none."""

_SITE = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9._~/-]*)?")
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def no_link(place: Location) -> str | None:  # noqa: ARG001 - it is what others are like
    """Return no address."""
    return None


def ci_links(environ: Mapping[str, str], folder: Path) -> Link:
    """Return what finds the address of a line at the commit that a job of CI has checked out.

    `folder` is what paths are relative to. GitHub's and GitLab's variables are trusted no further
    than their form: docs.github.com/actions, Variables reference; docs.gitlab.com/ci/variables,
    Predefined CI/CD variables.
    """
    base = _github(environ) or _gitlab(environ)
    root = environ.get("GITHUB_WORKSPACE") or environ.get("CI_PROJECT_DIR") or str(folder)
    if base is None:
        return no_link

    def link(place: Location) -> str | None:
        path = _within(PurePath(root), folder / place.path)
        return None if path is None else f"{base}/{quote(path)}#L{place.line}"

    return link


def _github(environ: Mapping[str, str]) -> str | None:
    site, repository = environ.get("GITHUB_SERVER_URL", ""), environ.get("GITHUB_REPOSITORY", "")
    if not _REPOSITORY.fullmatch(repository):
        return None
    return _at_commit(f"{site}/{repository}", "/blob", environ.get("GITHUB_SHA", ""))


def _gitlab(environ: Mapping[str, str]) -> str | None:
    return _at_commit(
        environ.get("CI_PROJECT_URL", ""), "/-/blob", environ.get("CI_COMMIT_SHA", "")
    )


def _at_commit(project: str, between: str, commit: str) -> str | None:
    is_known = _SITE.fullmatch(project) and _COMMIT.fullmatch(commit)
    return f"{project}{between}/{commit}" if is_known else None


def _within(root: PurePath, path: PurePath) -> str | None:
    """Return a path as the repository has it; None if it is somewhere else."""
    whole = PurePath(os.path.normpath(path))
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else None
