"""The text of a comment: its mark, its memory, the report and the earlier verdicts; pure.

Earlier verdicts are folded into the one comment. Comments of their own, hidden by GitHub's
GraphQL `minimizeComment`, would make a notification each, stay in the thread, and GitLab knows
nothing like it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gateprint.model.visible import plain_markdown
from gateprint.workflow.comments.since import when
from gateprint.workflow.comments.state import Shown, decode

_KEY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9:._/]|-(?!-)){0,98}[A-Za-z0-9]|[A-Za-z0-9]")
_MEMORY = re.compile(r"<!-- gateprint-memory: ([A-Za-z0-9+/=]*) -->")
_LONGEST_LINE = 160
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_MARKS = re.compile(r"[*`]|\\(?=[!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Said:
    """What a comment says beside the report: since an approval, before, and where there is more."""

    since: str = ""
    before: Sequence[Shown] = ()
    job_url: str = ""


def is_key(text: str) -> bool:
    """Tell whether a text can be a comment's key: it has to fit into an HTML comment."""
    return _KEY.fullmatch(text) is not None


def is_marked(body: str, key: str) -> bool:
    """Tell whether a comment begins with the mark; further down anybody may have put one."""
    return _lines(body)[0].rstrip() == _mark(key)


def memory_of(body: str) -> tuple[Shown, ...]:
    """Return what a comment has shown, newest first; nothing where it does not say."""
    lines = _lines(body)
    found = _MEMORY.fullmatch(lines[1].rstrip()) if len(lines) > 1 else None
    return decode(found[1]) if found else ()


def is_alike(one: str, other: str) -> bool:
    """Tell whether two comments read the same, whatever they remember."""
    return _visible(one) == _visible(other)


def first_line(report: str) -> str:
    """Return the verdict of a report, its first line, as plain text."""
    for line in _lines(report):
        plain = _MARKS.sub("", line.lstrip("#> ")).strip()
        if plain and not plain.startswith("<!--"):
            return plain if len(plain) <= _LONGEST_LINE else f"{plain[:_LONGEST_LINE]}…"
    return ""


def compose(key: str, report: str, memory: str, said: Said, limit: int) -> str:
    """Return a comment of at most `limit` bytes of UTF-8, which are never fewer than characters.

    A report that does not fit is cut between two of its parts, and what is missing is said.
    """
    head = f"{_mark(key)}\n<!-- gateprint-memory: {memory} -->\n"
    lead = f"\n{said.since}\n" if said.since else ""
    tail = _history(said.before)
    room = limit - _size(head + lead + tail) - len("\n\n")
    return f"{head}{lead}\n{cut(report.strip(), room, said.job_url)}\n{tail}"


def cut(report: str, room: int, job_url: str = "") -> str:
    """Return a report, or as many of its first parts as fit, and how much is missing.

    A part ends at an empty line that is in no code block and no folded section.
    """
    if _size(report) <= room:
        return report
    lines = _lines(report)
    note = _note(len(lines), job_url)
    left, kept, size = room - _size(note), 0, 0
    for number, is_end in enumerate(_ends(lines), start=1):
        size += _size(lines[number - 1]) + 1
        if size > left:
            break
        if is_end:
            kept = number
    return "\n".join([*lines[:kept], _note(len(lines) - kept, job_url)])


def _note(lines: int, job_url: str) -> str:
    where = f"; [the whole is on the job's page]({job_url})" if job_url.isprintable() else ""
    return f"**{lines:,} more lines of this report did not fit{where if job_url else ''}.**"


def _ends(lines: Sequence[str]) -> list[bool]:
    """Return for each line whether a part ends there."""
    found, fence, depth = [], "", 0
    for line in lines:
        mark = _FENCE.fullmatch(line)
        if fence:
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
        elif mark:
            fence = mark[1]
        else:
            depth = max(0, depth + line.count("<details") - line.count("</details"))
        found.append(not line.strip() and not fence and depth == 0)
    return found


def _history(shown: Sequence[Shown]) -> str:
    if not shown:
        return ""
    rows = [f"- {_row(each)}" for each in shown]
    summary = f"Earlier verdicts ({len(shown)})"
    parts = ["\n<details>", f"<summary>{summary}</summary>", "", *rows, "", "</details>", ""]
    return "\n".join(parts)


def _row(shown: Shown) -> str:
    commit = f", commit `{shown.commit}`" if shown.commit.isalnum() else ""
    return f"{when(shown.at)}{commit}: {plain_markdown(shown.line)}"


def _visible(body: str) -> list[str]:
    return [each.rstrip() for each in "\n".join(_lines(body)[2:]).strip().split("\n")]


def _mark(key: str) -> str:
    return f"<!-- {key} -->"


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
