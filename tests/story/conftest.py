"""The story is told once for all tests of the folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.story.project import StoryProject
from tests.story.telling import Whole, tell
from tests.support.project import make_project
from tests.support.served_provider import served_provider


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    project = make_project(tmp_path_factory.mktemp("story") / "project")
    for each in (project.root / "blueprints").iterdir():
        each.unlink()
    project.gateprint("local", "start")
    try:
        with served_provider(project.root, project.endpoint) as served:
            environ = {**served, "GATEPRINT_ENVIRONMENT": "local", "CI": "true"}
            yield tell(StoryProject(project, environ))
    finally:
        project.gateprint("local", "stop")
