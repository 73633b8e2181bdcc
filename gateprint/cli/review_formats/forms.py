"""The formats of a review, what each is for, and the one way to all of them; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateprint.cli.review_formats import inert
from gateprint.cli.review_formats.links import Link, no_link

if TYPE_CHECKING:
    from gateprint.cli.review_formats.text import Look
    from gateprint.review.review import Review

FORMS: Mapping[str, str] = {
    "text": "for a terminal",
    "markdown": "for a comment on a request, or a job's summary",
    "html": "one page to read, print or archive",
    "json": "for programs; gateprint schema review describes it",
    "sarif": "for GitHub's code scanning, and editors",
    "github": "annotations of GitHub Actions, at the lines",
    "gitlab-terraform": "GitLab's report of what changes, in numbers",
    "gitlab-codequality": "GitLab's report of findings, at the lines",
    "junit": "JUnit's XML, for whatever shows tests",
}
NEED_A_PLAN = frozenset({"gitlab-terraform"})
"""The formats that have nothing to say of a preview without a plan."""


@dataclass(frozen=True, slots=True)
class Around:
    """What formats know of where they are read.

    `nowhere` is the path of what no line caused, for formats that have to have one.
    """

    nowhere: str = "blueprints"
    link: Link = no_link
    look: Look | None = None


def rendered(found: Review, form: str, around: Around | None = None) -> str:
    """Return the review in one of `FORMS`, its secrets masked.

    No text of a blueprint is a command to whatever shows the result, or runs the build.
    """
    from gateprint.cli.review_formats.masking import without_secrets  # noqa: PLC0415

    return _WRITERS[form](without_secrets(found), around or Around())


# Only the format that is asked for is imported.
def _text(found: Review, around: Around) -> str:
    from gateprint.cli.review_formats.text import Look, review_text  # noqa: PLC0415

    return inert.inert_text(review_text(found, around.look or Look()))


def _markdown(found: Review, around: Around) -> str:
    from gateprint.cli.review_formats.markdown import review_markdown  # noqa: PLC0415

    return inert.inert_markdown(review_markdown(found, link=around.link))


def _html(found: Review, around: Around) -> str:
    from gateprint.cli.review_formats.html import review_html  # noqa: PLC0415

    return inert.inert_html(review_html(found, around.link))


def _json(found: Review, _: Around) -> str:
    from gateprint.cli.review_formats.data import review_json  # noqa: PLC0415

    return review_json(found)


def _sarif(found: Review, around: Around) -> str:
    from gateprint.cli.review_formats.sarif import review_sarif  # noqa: PLC0415

    return review_sarif(found, around.nowhere)


def _github(found: Review, _: Around) -> str:
    from gateprint.cli.review_formats.annotations import review_annotations  # noqa: PLC0415

    return review_annotations(found)


def _gitlab_terraform(found: Review, _: Around) -> str:
    from gateprint.cli.review_formats.gitlab import terraform_report  # noqa: PLC0415

    return terraform_report(found)


def _gitlab_code_quality(found: Review, around: Around) -> str:
    from gateprint.cli.review_formats.gitlab import code_quality_report  # noqa: PLC0415

    return code_quality_report(found, around.nowhere)


def _junit(found: Review, _: Around) -> str:
    from gateprint.cli.review_formats.junit import review_junit  # noqa: PLC0415

    return review_junit(found)


_WRITERS: Mapping[str, Callable[[Review, Around], str]] = {
    "text": _text,
    "markdown": _markdown,
    "html": _html,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "gitlab-terraform": _gitlab_terraform,
    "gitlab-codequality": _gitlab_code_quality,
    "junit": _junit,
}
