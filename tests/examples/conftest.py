"""All blueprints of blueprints/examples, deployed to one embedded cloud by the real Terraform.

A cloud and a synthesis cost seconds: `pytest_xdist_make_scheduler` keeps this folder on one core.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import pytest

from gateprint.terraform.environment import clean_environment
from tests.support.issuer import Issuer, issuing
from tests.support.project import ROOT, Project, make_project
from tests.support.quick_terraform import quick_environment, standing_provider

EXAMPLES = ROOT / "blueprints" / "examples"
OF_EXAMPLES = "https://acme.auth0.com/"


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    """Yield an issuer of tokens on loopback, instead of the one that the examples name."""
    with issuing() as found:
        yield found


@pytest.fixture(scope="session")
def deployed(
    tmp_path_factory: pytest.TempPathFactory, issuer: Issuer
) -> Iterator[Mapping[str, Project]]:
    """Yield, by the name of its stack, the project in which all examples are applied.

    What a test changes in a stack is seen by the tests of that stack alone.
    """
    project = make_project(tmp_path_factory.mktemp("examples") / "project")
    _put_examples(project, issuer)
    project.gateprint("local", "start")
    try:
        with ExitStack() as providers:
            yield _applied(project, providers)
    finally:
        project.gateprint("local", "stop")


def _applied(project: Project, providers: ExitStack) -> dict[str, Project]:
    environ = quick_environment(clean_environment(os.environ), project.endpoint)
    quick = replace(project, quick=environ)
    quick.synth()

    def apply(stack: str) -> Project:
        quick.init(stack)
        # A provider each: it reads archives relative to the folder that it was started in.
        attached = providers.enter_context(standing_provider(quick.stack(stack), environ))
        own = replace(quick, quick=attached)
        own.apply_again(stack)
        return own

    # The provider mostly waits, for what AWS takes a while to know. The account comes first.
    account, *others = sorted(each.name for each in quick.stack("").iterdir())
    applied = {account: apply(account)}
    with ThreadPoolExecutor(len(others)) as pool:
        return applied | dict(zip(others, pool.map(apply, others), strict=True))


ENDPOINT = "vpce-0123456789abcdef0"


def _put_examples(project: Project, issuer: Issuer) -> None:
    local = project.root / "config" / "local.yaml"
    text = local.read_text(encoding="utf-8")
    local.write_text(f"{text}vpc_endpoints: {{{ENDPOINT}: {{}}}}\n", encoding="utf-8")
    folder = project.root / "blueprints"
    shutil.rmtree(folder)
    shutil.copytree(EXAMPLES, folder)
    for each in folder.glob("*.yaml"):
        text = each.read_text(encoding="utf-8")
        each.write_text(text.replace(OF_EXAMPLES, issuer.url), encoding="utf-8")
