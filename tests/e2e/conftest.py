"""One project with a running embedded cloud for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.project import Project, make_project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project with the pets blueprint alone, whose cloud runs, and stops afterwards."""
    project = make_project(tmp_path_factory.mktemp("project"))
    (project.root / "blueprints" / "orders.yaml").unlink()
    project.gateprint("local", "start")
    yield project
    project.gateprint("local", "stop")


def state_keys(project: Project) -> list[str]:
    found = project.client("s3").list_objects_v2(Bucket="gateprint-local-state")
    return [each["Key"] for each in found.get("Contents", [])]
