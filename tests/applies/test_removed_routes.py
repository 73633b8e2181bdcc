"""What an apply removes is no longer served when it has ended, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import urllib3

from gateprint.terraform.runs.folder import RunFolder
from tests.applies.tiny import Tiny, blueprint, in_cloud, tiny_estate
from tests.support.estate import reviewed

pytestmark = [pytest.mark.terraform, pytest.mark.cdktf]

STACK = "shop-local"
_SECRET = """\
      GET /secret:
        mock: {status: 200, body: "secret"}
        auth: none
        public: for a while
"""
_ELSEWHERE = "https://ping.example.com/"
_NO_ROUTE = (403, '{"message":"Missing Authentication Token"}')


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    """Two public routes, deployed."""
    text = blueprint("shop") + _SECRET
    with tiny_estate(tmp_path_factory.mktemp("shop") / "project", shop=text) as tiny:
        done = tiny.estate.apply_here(reviewed(tiny.plan("first", STACK)))
        assert done.code == 0, done.outcomes
        yield tiny


def _asked(tiny: Tiny, path: str) -> tuple[int, str]:
    (api,) = in_cloud(tiny.estate, STACK).apis
    url = f"{tiny.estate.project.endpoint}/_aws/execute-api/{api}/dev{path}"
    answer = urllib3.request("GET", url, retries=False, timeout=10)
    return answer.status, answer.data.decode()


def _describe(tiny: Tiny, text: str) -> None:
    (api,) = in_cloud(tiny.estate, STACK).apis
    change = {"op": "replace", "path": "/description", "value": text}
    gateway = tiny.estate.project.client("apigateway")
    gateway.update_rest_api(restApiId=api, patchOperations=[change])


def test_a_removed_route_is_closed_however_the_apply_is_cut_off(tiny: Tiny) -> None:
    """Killed just before it publishes anew, refused when something else is to change, resumed."""
    assert _asked(tiny, "/secret") == (200, "secret")
    tiny = _without_secret(tiny)
    run = reviewed(tiny.plan("removed", STACK))
    _kill_before_it_publishes(tiny, run)
    assert _asked(tiny, "/secret") == (200, "secret")
    _describe(tiny, "by hand")
    done = tiny.estate.apply(run, "--resume")
    assert (done.code, "what was removed is still served" in done.output) == (4, True)
    assert "aws_api_gateway_rest_api.shop: update was not approved" in done.output
    assert _asked(tiny, "/secret") == (200, "secret")
    _describe(tiny, "")
    done = tiny.estate.apply(run, "--resume")
    assert done.code == 0, done.output
    assert "published anew (shop_dev)" in done.output
    assert _asked(tiny, "/secret") == _NO_ROUTE
    assert tiny.is_planned_empty("next", STACK)


def _without_secret(tiny: Tiny) -> Tiny:
    """Remove a route, and give the other one a backend of another type."""
    text = blueprint("shop").replace("mock: {status: 200, body: \"pong\"}", f"http: {_ELSEWHERE}")
    return tiny.changed(shop=text)


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
