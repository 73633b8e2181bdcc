"""Texts that a build's log may show: nothing in them is a command to what runs the build; pure.

GitHub's runner obeys lines that begin with `::`, and `##[…]` anywhere in a line
(actions/runner, src/Runner.Common/ActionCommand.cs); Azure's agent and TeamCity obey `##vso[…]` and
`##teamcity[…]`.
"""

from __future__ import annotations

import json
import re
from typing import Any

_COMMAND = re.compile(r"^(\s*):(?=:)", re.MULTILINE)
_OLDER = re.compile(r"##(?=(?:vso|teamcity)?\[)")


def inert_json(data: Any) -> str:
    """Return data as JSON, of ASCII alone; a reader of JSON sees no difference."""
    return inert_json_text(json.dumps(data, indent=2))


def inert_json_text(text: str) -> str:
    """Return a text of JSON so; a reader of JSON sees no difference."""
    return text.replace("##", r"#\u0023")


def inert_text(text: str) -> str:
    """Return a text for people, in which such commands are shown as `visible` shows others."""
    return _COMMAND.sub(r"\1\\u003a", text.replace("##", r"#\u0023"))


def inert_markdown(text: str) -> str:
    """Return Markdown, in which such commands are shown as they were written."""
    # A backslash would be seen within code; a space without width is not.
    return _COMMAND.sub(r"\1\\:", _OLDER.sub("#\u200b#", text))


def inert_html(text: str) -> str:
    """Return a page, in which such commands are shown as they were written.

    No line of it begins with a text of somebody else.
    """
    return _OLDER.sub("#&#35;", text)
