"""Finds the APIs of the deployed examples."""

from __future__ import annotations

from typing import Any

from tests.support.project import Project


def rest_api(project: Project, name: str) -> dict[str, Any]:
    """Return the REST API of this name, as the embedded cloud describes it."""
    found = project.client("apigateway").get_rest_apis(limit=500)["items"]
    (api,) = (dict(each) for each in found if each["name"] == name)
    return api
