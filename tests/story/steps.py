"""What happens in the story: the blueprints at its beginning, and the edit of each step."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.edits import Edit

PETS = """\
blueprint: 1
name: pets
description: The pets that the shop has.
stages:
  beta: {environment: nonprod, throttle: {rate: 100, burst: 50}, access_log: {retention_days: 30}}
  prod: {environment: prod, throttle: {rate: 100, burst: 50}, access_log: {retention_days: 30}}
apis:
  pets:
    routes:
      GET /pets:
        mock: {status: 200}
      POST /pets:
        mock: {status: 201}
      GET /pets/{id}:
        mock: {status: 200}
      DELETE /pets/{id}:
        mock: {status: 204}
roles:
  pets-reader:
    identity_provider: auth0
    when: {edupersonaffiliation: [staff]}
    allow:
      - {stages: all, routes: [GET /pets, "GET /pets/{id}"]}
  pets-keeper:
    identity_provider: auth0
    when: {edupersonaffiliation: [keeper]}
    allow:
      - {stages: all, routes: [POST /pets, "DELETE /pets/{id}"]}
"""
WAIVERS = """\
waivers:
  - rule: auth-weakened
    address: pets-local/route GET /pets of pets
    reason: the catalogue is printed in every newspaper
    until: @until@
"""
METADATA = "identity/auth0.xml"
WITH_METADATA = f"issuer: urn:acme.auth0.com\n    metadata: {METADATA}\n"
_SHOP = """\
blueprint: 1
name: @name@
stages:
  prod: {environment: prod, throttle: {rate: 100, burst: 50}, access_log: {retention_days: 30}}
apis:
  @name@:
    routes:
      GET /orders:
        mock: {status: 200}
      POST /orders:
        mock: {status: 201}
roles:
  @name@-clerk:
    identity_provider: auth0
    when: {edupersonaffiliation: [staff]}
    allow:
      - {stages: all, routes: [GET /orders]}
"""
_RATE, _LOG = "{rate: 100, burst: 50}", ", access_log: {retention_days: 30}}\n"
_BETA, _PROD = "  beta: {environment: nonprod, throttle: ", "  prod: {environment: prod, throttle: "


@dataclass(frozen=True, slots=True)
class Step:
    """A change of blueprints/pets.yaml; one that is not applied is taken back after its review."""

    name: str
    edit: Edit
    is_applied: bool = False


NEW_API = Step("1-new-api", (), is_applied=True)
PUBLIC = Step(
    "2-route-made-public",
    (
        "      GET /pets:\n        mock: {status: 200}\n",
        (
            "      GET /pets:\n        mock: {status: 200}\n        auth: none\n"
            "        public: the catalogue is open to visitors\n"
        ),
        'routes: [GET /pets, "GET /pets/{id}"]',
        'routes: ["GET /pets/{id}"]',
    ),
    is_applied=True,
)
WIDENED = Step(
    "3-role-widened",
    (
        '      - {stages: all, routes: ["GET /pets/{id}"]}\n',
        (
            '      - {stages: all, routes: ["GET /pets/{id}"]}\n'
            "      - {stages: [beta], routes: [POST /pets]}\n"
        ),
    ),
)
NARROWED = Step(
    "4-role-narrowed",
    (
        '      - {stages: all, routes: [POST /pets, "DELETE /pets/{id}"]}\n',
        (
            "      - {stages: all, routes: [POST /pets]}\n"
            '      - {stages: [beta], routes: ["DELETE /pets/{id}"]}\n'
        ),
    ),
)
STAGE_REMOVED = Step(
    "5-stage-removed", (f"{_BETA}{_RATE}, access_log: {{retention_days: 30}}}}\n", "")
)
OF_PETS = (NEW_API, PUBLIC, WIDENED, NARROWED, STAGE_REMOVED)
REFUSED = "2-route-made-public-refused"
ROTATED = "6-provider-rotated"
MANY = "7-many-stacks"
BY_TERRAFORM = (
    *(NEW_API.name, REFUSED, PUBLIC.name, WIDENED.name, NARROWED.name, STAGE_REMOVED.name),
    ROTATED,
)
NAMES = (*BY_TERRAFORM, MANY)

# What the last step does in many stacks, in the one that Terraform knows.
FASTER = (
    *(f"{_BETA}{_RATE}", f"{_BETA}{{rate: 200, burst: 50}}"),
    *(f"{_PROD}{_RATE}", f"{_PROD}{{rate: 200, burst: 50}}"),
    *WIDENED.edit,
)
SHOPS = tuple(f"shop-{number:02}" for number in range(1, 63))
WRONG, GENEROUS = "shop-17", "shop-42"


def shop(name: str) -> str:
    """Return the blueprint of one of many shops."""
    return _SHOP.replace("@name@", name)


def of_shop(name: str) -> Edit:
    """Return what the last step changes in a shop: the same in all but two."""
    if name == WRONG:
        return (_RATE, "{rate: 2000, burst: 50}")
    faster = (_RATE, "{rate: 200, burst: 50}")
    if name == GENEROUS:
        return (*faster, "routes: [GET /orders]", "routes: [GET /orders, POST /orders]")
    return faster
