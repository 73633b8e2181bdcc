"""A34 to A47: paths, grants, and who is checked."""

from dataclasses import replace

from tests.attacks.attack import Attack

_GRANT = "routes: [GET /prices]"
_POST = "      POST /pets:\n        function: update_pets\n"


def _path(row: str, name: str, written: str) -> Attack:
    return _beside(row, name, written, "wrong-path")


def _slashes(name: str, written: str) -> Attack:
    return replace(_path("A34", name, written), names="two slashes")


def _grant(row: str, name: str, written: str, code: str = "unknown-route") -> Attack:
    return Attack(row, name, (_GRANT, f"routes: [»{written}]"), code)


def _auth(name: str, written: str, code: str = "unknown-value") -> Attack:
    return Attack("A43", name, (_POST, f"{_POST}        auth: »{written}\n"), code)


def _route_field(row: str, name: str, written: str) -> Attack:
    return Attack(row, name, (_POST, f"{_POST}        »{written}\n"), "unknown-field")


def _beside(row: str, name: str, other: str, code: str) -> Attack:
    """Return a route beside GET /pets/{id}."""
    return Attack(
        row,
        name,
        ("functions:\n", f"      »{other}: {{mock: {{status: 200}}}}\nfunctions:\n"),
        code,
    )


ATTACKS = (
    _path("A34", "upwards", "GET /a/../admin"),
    _path("A34", "here", "GET /./x"),
    _slashes("two slashes", "GET //x"),
    _slashes("two slashes within", "GET /a//x"),
    _path("A34", "escaped dots", "GET /%2e%2e/admin"),
    _path("A34", "an escaped slash", "GET /a%2Fb"),
    _path("A34", "a path's own parameter", "GET /a;x"),
    _path("A34", "a backslash", "GET /a\\b"),
    _path("A34", "a query", "GET /a?x=1"),
    _path("A34", "a fragment", '"GET /a#x"'),
    _path("A34", "a space", '"GET /a b"'),
    _beside("A34", "a space at the end", '"GET /a "', "wrong-route"),
    _path("A34", "a newline at the end", r'"GET /a\n"'),
    _path("A34", "a slash of full width", "GET /a\uff0fb"),
    _path("A34", "a slash at the end", "GET /a/"),
    _path("A34", "no slash at the beginning", "GET a"),
    _slashes("a host", "GET //evil.example/a"),
    _path("A35", "a star", '"GET /*"'),
    _path("A35", "a star in a segment", '"GET /pri*"'),
    _path("A35", "a question mark", '"GET /price?"'),
    _grant("A35", "a star in a grant", '"GET /*"'),
    _grant("A35", "a star for all", '"*"'),
    _grant("A35", "a question mark in a grant", '"GET /price?"'),
    Attack(
        "A36",
        "a deeper route that nobody granted",
        (
            "functions:\n",
            "      GET /pets/{id}/owner: {mock: {status: 200}}\nfunctions:\n",
            'routes: [POST /pets, "GET /pets/{id}"]',
            'routes: [POST /pets, »"GET /pets/{id}"]',
        ),
        "overreach",
    ),
    _grant("A37", "neither stage nor verb", '"*/pets/purchase"'),
    _grant("A37", "no verb", "/prices"),
    _grant("A37", "a stage and a verb", '"dev/GET/prices"'),
    _grant("A38", "a slash at the end", "GET /prices/"),
    _grant("A39", "no such route", "GET /price"),
    _grant("A39", "no such method", "PUT /prices"),
    _grant("A39", "other letters", "GET /Prices"),
    Attack("A39", "no such stage", ("stages: [dev]", "stages: [»tset]"), "unknown-stage"),
    Attack("A39", "other letters of a stage", ("stages: [dev]", "stages: [»Dev]"), "unknown-stage"),
    _grant("A40", "a public route", "GET /pets", "grant-without-iam"),
    Attack(
        "A41",
        "no role may call it",
        (
            "      GET /pets/{id}:\n",
            "      »DELETE /pets: {function: update_pets}\n      GET /pets/{id}:\n",
        ),
        "uncallable-route",
        outcome="warned",
    ),
    _beside("A42", "two names at one place", "GET /pets/{name}", "sibling-parameters"),
    _beside(
        "A42", "two names at one place, deeper", "GET /pets/{name}/owner", "sibling-parameters"
    ),
    _beside("A42", "a greedy one beside", '"GET /pets/{proxy+}"', "sibling-parameters"),
    _path("A42", "greedy and not last", "GET /{proxy+}/x"),
    _path("A42", "a part of a segment", "GET /x{id}"),
    _path("A42", "two in a segment", "GET /{a}{b}"),
    replace(_path("A42", "no name", '"GET /{}"'), names="{}"),
    _path("A42", "a star for a name", '"GET /{*}"'),
    _path("A42", "one in the other", '"GET /{a{b}}"'),
    _path("A42", "the same name twice", "GET /{a}/{a}"),
    _path("A42", "not closed", '"GET /{id"'),
    _beside("A42", "other letters", "GET /Pets", "twin-routes"),
    _auth("a letter too many", "AWS_IAMM"),
    _auth("the right letters in small", "aws_iam"),
    _auth("an authorizer without one", "CUSTOM"),
    _auth("an authorizer of Cognito", "COGNITO_USER_POOLS"),
    _auth("none in capitals", "NONE"),
    replace(_auth("nothing in quotes", '""'), names='""'),
    Attack(
        "A43",
        "a list",
        (_POST, f"{_POST}        »auth: [none]\n"),
        "unknown-value",
        names="a list",
    ),
    _auth("false", "false"),
    Attack("A43", "nothing", (_POST, f"{_POST}        »auth:\n"), "empty-value"),
    Attack(
        "A43",
        "open without a reason, and granted",
        (_POST, f"{_POST}        auth: »none\n", "[POST /pets,", "[»POST /pets,"),
        ("public-without-reason", "grant-without-iam"),
    ),
    Attack(
        "A43",
        "open with an empty reason",
        (
            "functions:\n",
            '      PUT /pets: {function: get_pet, auth: none, public: »""}\nfunctions:\n',
        ),
        "wrong-size",
        names="0 characters",
    ),
    _route_field("A44", "a key for a caller's check", "api_key_required: true"),
    _route_field("A44", "a key, as others call it", "apiKey: true"),
    _path("A45", "OPTIONS as a segment", "GET /OPTIONS"),
    _path("A45", "OPTIONS as a deeper segment", "GET /a/OPTIONS/b"),
    Attack(
        "A46",
        "a policy of the API",
        ("    cors:\n", "    »policy: {}\n    cors:\n"),
        "unknown-field",
    ),
    Attack(
        "A46",
        "a resource policy",
        ("    cors:\n", "    »resource_policy: {}\n    cors:\n"),
        "unknown-field",
    ),
    Attack(
        "A46",
        "principals of a grant",
        ("      - stages: [dev]\n", '      - stages: [dev]\n        »principal: "*"\n'),
        "unknown-field",
    ),
    Attack(
        "A47",
        "a deny of one's own",
        ("    max_session: 1h\n", "    max_session: 1h\n    »deny: [GET /pets]\n"),
        "unknown-field",
    ),
    Attack(
        "A47",
        "a deny where nothing is reached",
        (
            "        routes: [GET /prices]\n",
            "        routes: [GET /prices]\n        effect: Deny\n".replace("effect", "»effect"),
        ),
        "unknown-field",
    ),
)
