"""What `review` leaves in the run for `comment`: the report as Markdown, in both lengths."""

from __future__ import annotations

import os
from pathlib import Path

from gateprint.cli.review_formats.inert import inert_markdown
from gateprint.cli.review_formats.links import Link, ci_links
from gateprint.cli.review_formats.markdown import review_markdown
from gateprint.cli.review_formats.masking import without_secrets
from gateprint.review.review import Review
from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.review_reports import LONG, SHORT, keep_reports
from gateprint.workflow.comments.comment import ROOM_FOR_LONG_REPORT, ROOM_FOR_REPORT

_ROOMS = {SHORT: ROOM_FOR_REPORT, LONG: ROOM_FOR_LONG_REPORT}


def keep(folder: RunFolder, found: Review, link: Link | None = None) -> None:
    """Write the reports of a review that has just been recorded in the run.

    Lines are linked as this job's CI shows them, unless told otherwise.
    """
    safe, shown = without_secrets(found), link or ci_links(os.environ, Path.cwd())
    texts = {name: review_markdown(safe, room, shown) for name, room in _ROOMS.items()}
    keep_reports(folder, {name: inert_markdown(text) for name, text in texts.items()})
