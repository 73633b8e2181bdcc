"""A stack that adds permissions to another stack's role comes after it."""

from __future__ import annotations

from gateprint.access.order import check_order, check_retired_roles, prerequisites
from gateprint.model.document import Document
from gateprint.model.resolved import ResolvedBlueprint
from tests.model.made import SMALL, edited, environment_of, resolved_of

OWN = "  pets-reader:\n    identity_provider: auth0\n"
ALLOW = "    allow:\n      - {stages: all, routes: all}\n"


RETIRED = "retired: {reason: it moved, by: team-pets}\n"


def blueprint(
    name: str, *, own: str = "", existing: str = "", retired: bool = False
) -> ResolvedBlueprint:
    """A blueprint that has the roles `own` and adds to the roles `existing`, in words."""
    roles = [f"  {role}:\n    identity_provider: auth0\n{ALLOW}" for role in own.split()]
    roles += [f"  {role}:\n    existing: true\n{ALLOW}" for role in existing.split()]
    front = f"name: {name}\n{RETIRED if retired else ''}"
    edits = {"name: pets\n": front, OWN + ALLOW: "".join(roles)}
    return resolved_of(edited(SMALL, edits))


def test_who_adds_to_a_role_comes_after_its_owner() -> None:
    pets = blueprint("pets", own="reader")
    orders = blueprint("orders", own="packer", existing="reader")
    for found in (prerequisites([pets, orders]), prerequisites([orders, pets])):
        assert found == {"orders-nonprod": ("pets-nonprod",), "pets-nonprod": ()}


def test_several_owners_are_named_once_each_and_in_order() -> None:
    cats, dogs = blueprint("cats", own="a b"), blueprint("dogs", own="c")
    orders = blueprint("orders", existing="c b a")
    found = prerequisites([dogs, orders, cats])
    assert found["orders-nonprod"] == ("cats-nonprod", "dogs-nonprod")


def test_names_of_roles_are_compared_without_case() -> None:
    found = prerequisites([blueprint("pets", own="Reader"), blueprint("orders", existing="reader")])
    assert found["orders-nonprod"] == ("pets-nonprod",)


def test_a_role_that_no_blueprint_has_is_waited_for_by_nobody() -> None:
    found = prerequisites([blueprint("pets", own="reader"), blueprint("orders", existing="admin")])
    assert found == {"orders-nonprod": (), "pets-nonprod": ()}


def test_a_stack_does_not_wait_for_itself() -> None:
    assert prerequisites([blueprint("pets", own="Reader", existing="reader")]) == {
        "pets-nonprod": ()
    }


def test_a_role_of_another_environment_is_another_role() -> None:
    text = edited(SMALL, {OWN: "  pets-reader:\n    existing: true\n", "name: pets\n": "name: x\n"})
    other = environment_of(
        "environment: other\naccount: '111111111111'\nregion: us-east-2\nstate: {bucket: abc}\n", {}
    )
    elsewhere = resolved_of(text, other, all_stages=True)
    assert prerequisites([resolved_of(SMALL), elsewhere])["x-other"] == ()


def test_a_role_that_is_granted_nothing_here_needs_no_owner_here() -> None:
    text = edited(SMALL, {OWN: "  pets-reader:\n    existing: true\n", "name: pets\n": "name: x\n"})
    text = edited(text, {"stages: all": "stages: [prod]"})
    text = edited(text, {"nonprod}\n": "nonprod}\n  prod: {environment: prod}\n"})
    assert prerequisites([resolved_of(SMALL), resolved_of(text)])["x-nonprod"] == ()


def test_stacks_that_wait_for_each_other_are_refused_by_name() -> None:
    cats = blueprint("cats", own="a", existing="b")
    dogs = blueprint("dogs", own="b", existing="a")
    empty = Document("dogs.yaml", {})
    (found,) = check_order([(Document("cats.yaml", {}), cats), (empty, dogs)])
    assert (found.code, found.location.path) == ("role-cycle", "dogs.yaml")
    assert found.problem.startswith("cats-nonprod and dogs-nonprod add to each other's roles")


def test_an_order_that_can_be_kept_is_no_problem() -> None:
    chain = [blueprint("a", own="x"), blueprint("b", own="y", existing="x")]
    chain.append(blueprint("c", existing="x y"))
    assert list(check_order([(Document("", {}), each) for each in chain])) == []


def test_of_retired_blueprints_who_adds_to_a_role_is_destroyed_before_its_owner() -> None:
    pets = blueprint("pets", own="Reader", retired=True)
    orders = blueprint("orders", existing="reader", retired=True)
    for found in (prerequisites([pets, orders]), prerequisites([orders, pets])):
        assert found == {"orders-nonprod": (), "pets-nonprod": ("orders-nonprod",)}
    assert list(check_retired_roles([(Document("", {}), each) for each in (pets, orders)])) == []


def test_a_retired_blueprint_waits_for_no_role_that_stays() -> None:
    pets = blueprint("pets", own="reader")
    orders = blueprint("orders", existing="reader", retired=True)
    assert prerequisites([pets, orders]) == {"orders-nonprod": (), "pets-nonprod": ()}
    assert list(check_retired_roles([(Document("", {}), each) for each in (pets, orders)])) == []


def test_retired_blueprints_that_wait_for_each_other_are_refused_too() -> None:
    cats = blueprint("cats", own="a", existing="b", retired=True)
    dogs = blueprint("dogs", own="b", existing="a", retired=True)
    (found,) = check_order([(Document(f"{each.name}.yaml", {}), each) for each in (cats, dogs)])
    assert (found.code, found.location.path) == ("role-cycle", "dogs.yaml")


def test_nobody_adds_to_a_role_that_goes_away() -> None:
    pets = blueprint("pets", own="Reader", retired=True)
    orders = blueprint("orders", own="packer", existing="reader admin")
    whole = [(Document(f"{each.name}.yaml", {}), each) for each in (orders, pets)]
    (found,) = check_retired_roles(whole)
    assert (found.code, found.location.path) == ("retired-role", "orders.yaml")
    assert "its blueprint is retired, at pets.yaml:1:1" in found.problem
    assert prerequisites([orders, pets]) == {"orders-nonprod": (), "pets-nonprod": ()}


def test_who_grants_a_role_nothing_where_it_goes_away_may_name_it() -> None:
    text = edited(SMALL, {OWN: "  reader:\n    existing: true\n", "name: pets\n": "name: x\n"})
    text = edited(text, {"stages: all": "stages: [prod]"})
    text = edited(text, {"nonprod}\n": "nonprod}\n  prod: {environment: prod}\n"})
    both = (blueprint("pets", own="reader", retired=True), resolved_of(text))
    assert list(check_retired_roles([(Document("", {}), each) for each in both])) == []
