"""blueprints/examples/api-keys.yaml with the real Terraform: keys are asked for, and counted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import urllib3

from tests.examples.verified import of_kind, verified, wrong
from tests.support.project import Project

pytestmark = [pytest.mark.cdktf, pytest.mark.terraform]

STACK = "rates-local"


@pytest.fixture(scope="module")
def rates(deployed: Mapping[str, Project]) -> Project:
    return deployed[STACK]


def values(project: Project) -> dict[str, str]:
    """The keys' values by name, as a person gets them."""
    found = project.client("apigateway").get_api_keys(includeValues=True)["items"]
    return {each["name"].removeprefix(f"{STACK}-"): each["value"] for each in found}


def ask(project: Project, request: str, key: str | None = None) -> tuple[int, Any]:
    found = project.client("apigateway").get_rest_apis()["items"]
    (api,) = [each for each in found if each["name"] == f"{STACK}-rates"]
    method, path = request.split()
    headers = {"x-api-key": key} if key else {}
    url = f"{project.endpoint}/_aws/execute-api/{api['id']}/dev{path}"
    answer = urllib3.request(method, url, headers=headers, retries=False)
    return answer.status, answer.json()


FORBIDDEN = (403, {"message": "Forbidden"})
UNSIGNED = (403, {"message": "Missing Authentication Token"})
FINE: tuple[int, Any] = (200, {"rates": []})


def test_keys_open_what_their_plans_say_and_are_counted(rates: Project) -> None:
    keys = values(rates)
    assert sorted(keys) == ["acme", "globex", "visitor"]
    assert ask(rates, "GET /health")[0] == 200, "needs no key"
    assert ask(rates, "GET /rates") == FORBIDDEN
    assert ask(rates, "GET /rates", "x" * 40) == FORBIDDEN
    assert ask(rates, "GET /rates", keys["acme"]) == FINE
    assert ask(rates, "POST /quotes", keys["acme"]) == UNSIGNED, "a key is no signature"
    # At once, and more than a slow machine earns meanwhile.
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda _: ask(rates, "GET /rates", keys["globex"])[0], range(60)))
    assert 429 in answers, "the route's own limit: 5 at once, 2 a second"


def test_nothing_shows_the_value_of_a_key(rates: Project) -> None:
    kept = [rates.stack(STACK) / "cdk.tf.json", *(rates.root / ".gateprint" / "local").glob("*")]
    texts = [each.read_text(errors="replace") for each in kept if each.is_file()]
    shown = rates.terraform(STACK, "plan", "-input=false", "-lock=false").output
    for value in values(rates).values():
        assert value not in "".join([*texts, shown])


def test_verify_sees_that_a_key_is_asked_for(rates: Project) -> None:
    rows = verified(rates, "rates")
    assert wrong(rows) == []
    found = {f"{each['role']} {each['route']}" for each in rows if "API key" in each["expected"]}
    assert found == {" GET /rates", "rates-partner GET /rates", "rates-partner POST /quotes"}


def test_verify_tries_a_key_of_each_plan_and_shows_none(rates: Project) -> None:
    rows = verified(rates, "rates")
    assert of_kind(rows, "keyed") == [("", "GET /rates", "let through", "before the backend")] * 2
    shown = json.dumps(rows)
    for value in values(rates).values():
        assert value not in shown
    untried = verified(rates, "rates", "--dry")
    assert of_kind(untried, "keyed") == []
    assert {
        each["why"].endswith("no key was tried")
        for each in untried
        if "an API key" in each["expected"]
    } == {True}


def test_verify_finds_a_key_that_opens_nothing(rates: Project) -> None:
    gateway = rates.client("apigateway")
    known = gateway.get_api_keys()["items"]
    (key,) = [each["id"] for each in known if each["name"] == f"{STACK}-visitor"]
    place = "/enabled"

    def turn(value: str) -> None:
        change = [{"op": "replace", "path": place, "value": value}]
        gateway.update_api_key(apiKey=key, patchOperations=change)

    turn("false")
    rows = verified(rates, "rates")
    turn("true")
    told = f"403 Forbidden (with the key {STACK}-visitor)"
    assert wrong(rows) == [("keyed", "", "GET /rates", told)]


def test_plans_keys_and_limits_change_in_place(rates: Project) -> None:
    rates.assert_unchanged(STACK)
    before = values(rates)
    data = rates.read("api-keys")
    data["stages"]["prod"] = {"environment": "prod"}
    data["plans"]["partner"] |= {
        "description": "Partners.",
        "throttle": {"rate": 10.5, "burst": 30},
        "quota": {"requests": 5, "per": "week"},
        "routes": {
            "GET /rates": {"rate": 100, "burst": 50},
            "POST /quotes": {"rate": 1, "burst": 1},
        },
        "keys": ["acme", "initech"],
    }
    data["plans"]["trial"] = {"api": "rates", "stages": "all", "keys": ["visitor"]}
    rates.write(data, "api-keys")
    output = rates.apply(STACK)
    assert "must be replaced" not in output
    rates.assert_unchanged(STACK)
    after = values(rates)
    assert sorted(after) == ["acme", "initech", "visitor"]
    assert (after["acme"], after["visitor"]) == (before["acme"], before["visitor"]), "stay valid"
    assert ask(rates, "GET /rates", before["globex"]) == FORBIDDEN, "its key is gone"
    answers = [ask(rates, "GET /rates", after["acme"]) for _ in range(6)]
    assert answers == [FINE] * 5 + [(429, {"message": "Limit Exceeded"})] or answers[-1][0] == 429
    assert [ask(rates, "GET /rates", after["visitor"]) for _ in range(9)] == [FINE] * 9


def test_all_of_it_goes_again(rates: Project) -> None:
    done = rates.terraform(STACK, "destroy", "-auto-approve", "-input=false")
    assert done.code == 0, done.output
    assert values(rates) == {}
