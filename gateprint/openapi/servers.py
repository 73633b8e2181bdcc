"""What a description's servers say: a base path, and the doors of a private API; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gateprint.openapi import words
from gateprint.openapi.own import Own
from gateprint.openapi.reading import Node

# The first part of such an address's path is the stage.
_INVOKE_URL = re.compile(r"https://[^/]*\.execute-api\.[^/]*(/.*)?")
_HOST = re.compile(r"[a-z][a-z0-9+.-]*://[^/]*", re.IGNORECASE)


def base_path(whole: Node) -> str:
    """Return the path of the first server, without a slash at its end; empty where it has none.

    Swagger 2.0 says it in `basePath`. An invoke URL's path is the stage's.
    """
    if not whole.mapping().get("servers"):
        host, path = whole.text("host") or "", whole.text("basePath") or ""
        return "" if ".execute-api." in host else path.rstrip("/")
    url = whole.text("servers", 0, "url") or ""
    if _INVOKE_URL.fullmatch(url):
        return ""
    for name, variable in whole.at("servers", 0, "variables").items():
        url = url.replace(f"{{{name}}}", variable.text("default") or "")
    path = _HOST.sub("", url, count=1).rstrip("/")
    return path if path.startswith("/") else ""


def has_own_base(part: Node) -> bool:
    """Tell whether a path or an operation lies below another base path than the document."""
    return "servers" in part.mapping() and base_path(part) != base_path(Node(part.document))


def stage_of(whole: Node) -> str | None:
    """Return the stage that the first server's invoke URL names."""
    url = whole.text("servers", 0, "url") or ""
    found = _INVOKE_URL.fullmatch(url)
    path = (found[1] or "") if found else ""
    if ".execute-api." in (whole.text("host") or ""):
        path = whole.text("basePath") or ""
    if path == "/{basePath}":
        path = whole.text("servers", 0, "variables", "basePath", "default") or ""
    name = path.strip("/")
    return name if re.fullmatch(r"[A-Za-z0-9_-]{1,128}", name, re.ASCII) else None


def endpoint(whole: Node, own: Own, kind: str) -> Mapping[str, Any]:
    """Return how the API is reached; listed VPC endpoints make it private, whatever `kind` says."""
    if own.is_there:
        return {}
    found = whole.at("servers", 0, words.ENDPOINTS, "vpcEndpointIds").data
    found = found or whole.at(words.ENDPOINTS, "vpcEndpointIds").data
    if isinstance(found, list):
        return {"endpoint": "private", "vpc_endpoints": [str(each) for each in found]}
    return {} if kind == "regional" else {"endpoint": kind}
