"""AWS's quotas, met before anything is applied."""

from __future__ import annotations

import pytest

from gateprint.access.quotas import check_quotas, check_shared_quotas
from gateprint.errors import Diagnostic
from gateprint.model import quotas
from gateprint.model.blueprint import Blueprint
from gateprint.model.document import Document
from gateprint.model.environment import Quotas
from gateprint.model.quotas import QUOTAS
from gateprint.model.resolve import resolve
from gateprint.model.resolved import Environment
from tests.model.made import NONPROD, SMALL, blueprint_of, edited, environment_of

ROUTE = "      GET /pets/{id}: {function: get_pet}\n"


def found(text: str, environment: Environment | None = None) -> list[Diagnostic]:
    document, blueprint = blueprint_of(text)
    where = environment or environment_of()
    return list(check_quotas(document, resolve(blueprint, where, all_stages=True)))


def with_paths(count: int) -> str:
    """Return a blueprint with so many path resources: /pets, /pets/{id} and others."""
    others = "".join(f"      GET /r{each}: {{function: get_pet}}\n" for each in range(count - 2))
    return edited(SMALL, {ROUTE: ROUTE + others})


@pytest.mark.parametrize(
    ("count", "expected"),
    [(240, []), (241, ["near-quota"]), (300, ["near-quota"]), (301, ["over-quota"])],
)
def test_eighty_in_a_hundred_is_near_and_more_than_all_is_over(
    count: int, expected: list[str]
) -> None:
    assert [each.code for each in found(with_paths(count))] == expected


def test_the_measured_size_the_limit_and_the_cure_are_said() -> None:
    (one,) = found(with_paths(301))
    assert one.severity == "error"
    assert one.problem == "path resources of an API: 301 of 300 path resources in nonprod"
    assert one.remedy == (
        "divide the API into several; "
        "where AWS has raised it, add quotas: {path_resources: …} to nonprod"
    )


def test_a_path_resource_counts_once_however_many_routes_share_it() -> None:
    routes = "".join(f"      {each} /a/b/c: {{function: get_pet}}\n" for each in ("GET", "POST"))
    text = edited(with_paths(300), {ROUTE: routes})
    (one,) = found(text)
    assert "301 of 300" in one.problem


def test_an_environment_may_say_that_a_quota_was_raised() -> None:
    raised = environment_of(NONPROD + "quotas: {path_resources: 400}\n")
    assert [each.code for each in found(with_paths(301), raised)] == []


def values(count: int) -> str:
    listed = ", ".join(f"group-{each:04}" for each in range(count))
    trust = f"    identity_provider: auth0\n    when: {{edupersonaffiliation: [{listed}]}}\n"
    return edited(SMALL, {"    identity_provider: auth0\n": trust})


def test_a_trust_policy_is_measured() -> None:
    sizes = {each: [one.problem for one in found(values(each))] for each in (60, 100, 130)}
    assert sizes[60] == []
    assert [problem.split(": ")[0] for problem in sizes[100]] == ["trust policy of a role"]
    assert found(values(100))[0].code == "near-quota"
    assert found(values(130))[0].code == "over-quota"


def test_the_door_of_a_private_api_is_measured() -> None:
    routes = "".join(
        f"      GET /{'p' * 60}{each}: {{function: get_pet, auth: none, public: visitors}}\n"
        for each in range(70)
    )
    door = "    endpoint: private\n    vpc_endpoints: [vpce-0123456789abcdef0]\n    routes:\n"
    text = edited(SMALL, {ROUTE: ROUTE + routes, "    routes:\n": door})
    assert [(one.code, one.location.line) for one in found(text)] == [("over-quota", 8)]


def test_what_a_function_is_told_is_measured() -> None:
    long = f"environment: {{AA: {'a' * 2000}, BB: {'b' * 2100}}}"
    text = edited(SMALL, {"app.get_pet}": f"app.get_pet, {long}}}"})
    (one,) = found(text)
    assert (one.code, one.problem.split(": ")[1]) == (
        "over-quota",
        "4,104 of 4,096 bytes in nonprod",
    )


def test_the_longest_stage_counts_for_the_arn_of_a_method() -> None:
    path = "/".join(["a" * 102] * 14)
    text = edited(SMALL, {"GET /pets/{id}:": f"? GET /{path}\n      :"})
    assert [one.code for one in found(text)] == ["near-quota"]
    longer = edited(text, {"  dev:": f"  {'d' * 128}:"})
    assert [one.code for one in found(longer)] == ["over-quota"]


def whole(*texts: str) -> list[tuple[Document, Blueprint]]:
    return [blueprint_of(text) for text in texts]


def shared(*texts: str) -> list[Diagnostic]:
    here = environment_of()
    return list(
        check_shared_quotas(
            [(document, resolve(each, here, all_stages=True)) for document, each in whole(*texts)]
        )
    )


def test_inline_policies_of_a_role_add_up_over_blueprints_whatever_their_case() -> None:
    routes = "".join(f"      GET /r{each}: {{function: get_pet}}\n" for each in range(80))
    first = edited(SMALL, {ROUTE: routes})
    second = edited(
        SMALL,
        {
            ROUTE: routes,
            "name: pets": "name: cats",
            "  pets:\n": "  cats:\n",
            "pets-reader:": "Pets-Reader:",
            "identity_provider: auth0": "existing: true",
        },
    )
    assert shared(first) == []
    (one,) = shared(first, second)
    assert (one.code, one.location.line) == ("over-quota", 93)
    arns = [
        f"arn:aws:execute-api:us-east-2:123456789012:0123456789/dev/GET/r{i}" for i in range(80)
    ]
    statement = ["execute-api:Invoke", "Allow", *arns, "invoke", "2012-10-17"]
    keys = '{"Statement":[{"Action":,"Effect":,"Resource":[],"Sid":}],"Version":}'
    size = len(keys) + sum(len(f'"{each}"') for each in statement) + len(arns) - 1
    assert one.problem.endswith(f" ({size:,} from pets, {size:,} from cats)")


def test_what_an_account_has_too_much_of_is_a_warning() -> None:
    texts = [
        edited(SMALL, {"name: pets": f"name: p{each}", "pets-reader": f"reader-{each}"})
        for each in range(601)
    ]
    (apis, *others) = shared(*texts)
    assert (apis.code, apis.severity) == ("near-quota", "warning")
    assert apis.problem == "regional APIs of an account in a region: 601 of 600 APIs in nonprod"
    assert [each.problem.split(":")[0] for each in others] == ["roles of an account"]


def test_every_quota_has_a_source_and_a_remedy_and_a_name_of_its_own() -> None:
    assert len({each.name for each in QUOTAS}) == len(QUOTAS)
    assert all(each.source and each.remedy and each.limit > 0 for each in QUOTAS)
    declared = [each for each in vars(quotas).values() if isinstance(each, quotas.Quota)]
    assert declared == list(QUOTAS)


def test_an_environment_can_raise_exactly_the_raisable_quotas() -> None:
    assert set(Quotas.model_fields) == {each.name for each in QUOTAS if each.is_raisable}
