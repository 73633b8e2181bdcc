"""Terraform's own events, as `-json` prints them; pure.

Source: developer.hashicorp.com/terraform/internals/machine-readable-ui
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

Event = Mapping[str, Any]

STALE = "Saved plan is stale"
LOCKED = "Error acquiring the state lock"


def read_event(line: str) -> Event:
    """Return the event of a line; what is not JSON becomes an event of type `text`."""
    try:
        found = json.loads(line)
    except ValueError:
        return {"type": "text", "@message": line}
    return found if isinstance(found, dict) else {"type": "text", "@message": line}


def errors_in(events: Iterable[Event]) -> tuple[str, ...]:
    """Return what Terraform says is wrong, each with the address that it is about."""
    found = []
    for event in events:
        diagnostic = event.get("diagnostic")
        if isinstance(diagnostic, dict) and diagnostic.get("severity") == "error":
            found.append(_diagnostic_text(diagnostic))
    return tuple(found)


def has_error(events: Iterable[Event], summary: str) -> bool:
    """Tell whether Terraform ended with an error of this summary."""
    return any(
        str(event["diagnostic"].get("summary", "")).startswith(summary)
        for event in events
        if isinstance(event.get("diagnostic"), dict)
    )


def _diagnostic_text(diagnostic: Mapping[str, Any]) -> str:
    address = diagnostic.get("address")
    summary, detail = diagnostic.get("summary", ""), diagnostic.get("detail", "")
    place = f" ({address})" if address else ""
    return f"{summary}{place}" + (f": {detail}" if detail else "")


def plain_text(events: Iterable[Event]) -> str:
    """Return what was printed that is no event."""
    return "\n".join(str(each.get("@message", "")) for each in events if each.get("type") == "text")


def resource_of(event: Event) -> tuple[str, str, str]:
    """Return address, resource type and action of an event about a resource; else empty texts."""
    hook = event.get("hook") or event.get("change")
    if not isinstance(hook, dict) or "resource" not in hook:
        return "", "", ""
    resource = hook["resource"]
    return resource.get("addr", ""), resource.get("resource_type", ""), hook.get("action", "")
