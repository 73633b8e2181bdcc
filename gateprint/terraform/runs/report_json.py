"""A report as the text of report.json, and back; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from gateprint.model.words import shortened
from gateprint.terraform.runs.record import Orphan, Versions
from gateprint.terraform.runs.report import Part, Report, StackReport
from gateprint.terraform.runs.report_schema import FORMAT, report_schema

# What is worked out from the rest, for readers who do not want to.
_DERIVED = ("format", "started", "ended", "exit_code", "summary")


def report_json(report: Report) -> str:
    """Return the text of `report.json`, as `report_schema` describes it."""
    return json.dumps(report_data(report), indent=2, ensure_ascii=True) + "\n"


def report_data(report: Report) -> dict[str, Any]:
    """Return what `report.json` says, as plain data."""
    found = asdict(report)
    lists = {name: found.pop(name) for name in ("manifest", "shards", "runs", "stacks", "orphans")}
    return {
        "format": FORMAT,
        **found,
        "started": report.started,
        "ended": report.ended,
        "exit_code": report.exit_code,
        "summary": {
            "stacks": len(report.stacks),
            "outcomes": report.outcomes,
            "counts": report.counts,
            "drifted": report.drifted,
            "missing_shards": list(report.missing),
        },
        **{name: list(each) if isinstance(each, tuple) else each for name, each in lists.items()},
    }


def read_report(text: str) -> Report:
    """Return the report of a `report.json`, which may have come from anywhere.

    Raises:
        ValueError: it is not one, or is of another version.
    """
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("not a report of gateprint") from error
    if isinstance(found, dict) and found.get("format", FORMAT) != FORMAT:
        raise ValueError("made by another version of gateprint")
    _check(found)
    return _report(found)


def _check(found: Any) -> None:
    # Imported here: it takes time, and only what comes from elsewhere is checked.
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    problem = next(Draft202012Validator(report_schema()).iter_errors(found), None)
    if problem is not None:
        where = problem.json_path
        raise ValueError(f"not a report of gateprint: {where}: {shortened(problem.message)}")


def _report(found: Mapping[str, Any]) -> Report:
    fields = {name: value for name, value in found.items() if name not in _DERIVED}
    fields["versions"] = Versions(**fields["versions"])
    fields["runs"] = tuple(Part(**each) for each in fields["runs"])
    fields["stacks"] = tuple(StackReport(**each) for each in fields["stacks"])
    fields["orphans"] = tuple(Orphan(**each) for each in fields["orphans"])
    return Report(**fields)
