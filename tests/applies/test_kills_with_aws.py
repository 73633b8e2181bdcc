"""kill -9 with the AWS provider: what was made and not recorded is found, and not made again.

The dearest step is tried by `make test`, with one process of the provider for all commands; all of
them, each with the provider's own processes, where CRASH_POINTS=all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
import urllib3

from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.journal import read_journal
from tests.applies.tiny import Tiny, blueprint, in_cloud, tiny_estate
from tests.support.estate import reviewed

pytestmark = [pytest.mark.terraform, pytest.mark.cdktf]

IS_LONG = os.environ.get("CRASH_POINTS") == "all"


@dataclass(frozen=True, slots=True)
class Step:
    """A request of an apply; Terraform is killed before the cloud gets it, or with the answer."""

    method: str
    ending: str
    is_answered: bool

    @property
    def name(self) -> str:
        """Return a name for a blueprint."""
        last = "state" if "@" in self.ending else self.ending.rstrip("/").rpartition("/")[2].lower()
        place = "lock" if self.ending.endswith(".tflock") else last
        return f"{'after' if self.is_answered else 'before'}-{self.method.lower()}-{place}"


def _both(method: str, ending: str) -> tuple[Step, Step]:
    return Step(method, ending, is_answered=False), Step(method, ending, is_answered=True)


STATE = Step("PUT", "/gateprint/@stack@.tfstate", is_answered=False)
ALL = (
    *_both("PUT", "/gateprint/@stack@.tfstate.tflock"),
    *_both("POST", "/restapis"),
    *_both("POST", "/resources/"),
    *_both("PUT", "/methods/GET"),
    *_both("PUT", "/integration"),
    *_both("PUT", "/responses/200"),
    *_both("POST", "/deployments"),
    *_both("POST", "/stages"),
    *_both("PUT", "/gateprint/@stack@.tfstate"),
    *_both("DELETE", "/gateprint/@stack@.tfstate.tflock"),
)
STEPS = ALL if IS_LONG else (STATE,)
SHOP = "shop-local"
SECRET = """\
      GET /secret:
        mock: {status: 200, body: "secret"}
        auth: none
        public: for a while
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    root = tmp_path_factory.mktemp("tiny") / "project"
    names, shop = [each.name for each in STEPS], blueprint("shop") + SECRET
    with tiny_estate(root, *names, is_served=not IS_LONG, shop=shop) as tiny:
        yield tiny


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_what_was_made_is_found_and_made_once(step: Step, tiny: Tiny) -> None:
    stack = f"{step.name}-local"
    run = reviewed(tiny.plan(step.name, stack))
    _kill(step, tiny, run, stack)
    done = tiny.estate.apply(run, "--resume", "--lock-timeout", "20")
    assert done.code == 0, done.output
    found = in_cloud(tiny.estate, stack)
    assert (len(found.apis), found.stages, found.paths) == (1, ("dev",), ("/", "/ping"))
    assert not tiny.estate.is_locked(stack)
    assert tiny.is_planned_empty(f"{step.name}-next", stack)
    assert not (tiny.estate.root / ".gateprint" / "work" / step.name).exists()


def _kill(step: Step, tiny: Tiny, run: RunFolder, stack: str) -> None:
    ending = step.ending.replace("@stack@", stack)
    with tiny.estate.cloud.gate(step.method, ending, is_answered=step.is_answered) as gate:
        applying = tiny.estate.start(run)
        gate.wait()
        applying.kill()
        tiny.estate.terraform.kill(tiny.estate.terraform.commands[-1].pid)
        # A provider of the test's own lives on, and what it has asked for is done.
        is_of_terraform = "tfstate" in step.ending
        gate.drop() if IS_LONG or is_of_terraform else gate.open()


def test_resources_without_a_state_are_imported(tiny: Tiny) -> None:
    events = read_journal(tiny.estate.root / "runs" / STATE.name / "journal.jsonl")
    adopted = {each["address"].split(".")[0] for each in events if each["event"] == "adopted"}
    assert adopted == {
        "aws_api_gateway_rest_api",
        "aws_api_gateway_resource",
        "aws_api_gateway_method",
        "aws_api_gateway_method_response",
        "aws_api_gateway_method_settings",
        "aws_api_gateway_integration",
        "aws_api_gateway_integration_response",
        "aws_api_gateway_stage",
    }


def test_a_removed_route_is_closed_although_gateprint_was_killed_before(tiny: Tiny) -> None:
    """The plan is applied, and not published anew; the resume does that, and restores the rest."""
    assert tiny.estate.apply_here(reviewed(tiny.plan("shop", SHOP))).code == 0
    changed = replace(tiny, documents={SHOP: _without_secret(tiny.documents[SHOP])})
    run = reviewed(changed.plan("closed", SHOP))
    _kill_before_it_publishes(tiny, run)
    assert _asked(tiny, "/secret") == (200, "secret")
    done = tiny.estate.apply(run, "--resume")
    assert done.code == 0, done.output
    assert "published anew (shop_dev)" in done.output
    assert _asked(tiny, "/secret") == (403, '{"message":"Missing Authentication Token"}')
    assert changed.is_planned_empty("closed-next", SHOP)


def _without_secret(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stack without a route, and with another type of backend for the other one."""
    found: dict[str, Any] = json.loads(json.dumps(document))
    for kind, resources in found["resource"].items():
        kept = {name: each for name, each in resources.items() if "secret" not in name}
        for each in kept.values():
            each["depends_on"] = [one for one in each.get("depends_on", ()) if "secret" not in one]
        found["resource"][kind] = kept
    backend = {"type": "HTTP", "integration_http_method": "GET", "uri": "https://ping.example.com/"}
    found["resource"]["aws_api_gateway_integration"]["shop_get_ping"] |= backend
    (deployment,) = found["resource"]["aws_api_gateway_deployment"].values()
    deployment["triggers"] = {"published": "another"}
    return found


def _kill_before_it_publishes(tiny: Tiny, run: RunFolder) -> None:
    terraform = tiny.estate.terraform
    terraform.hold("plan")
    applying = tiny.estate.start(run)
    pid = terraform.wait("plan")
    applying.kill()
    terraform.kill(pid)
    terraform.let_go("plan")
    (ended,) = applying.events("applied")
    assert ended["unpublished"] == ["aws_api_gateway_deployment.shop_dev"]


def _asked(tiny: Tiny, path: str) -> tuple[int, str]:
    (api,) = in_cloud(tiny.estate, SHOP).apis
    url = f"{tiny.estate.project.endpoint}/_aws/execute-api/{api}/dev{path}"
    answer = urllib3.request("GET", url, retries=False, timeout=10)
    return answer.status, answer.data.decode()
