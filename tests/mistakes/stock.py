"""Mistakes in blueprints/stock.yaml of this folder."""

from tests.mistakes.mistake import Mistake

MISTAKES = (
    Mistake(
        "a private API without its door",
        (
            "    endpoint: private\n    vpc_endpoints: [vpce-0123456789abcdef0]\n",
            "    endpoint: »private\n",
        ),
        "private-endpoint",
        "add vpc_endpoints",
        (
            "  counts:\n    endpoint: private\n",
            "  counts:\n    endpoint: private\n    vpc_endpoints: [vpce-0123456789abcdef0]\n",
        ),
    ),
    Mistake(
        "no API named where there are two",
        ("      - api: counts\n        stages: all\n", "      - »stages: all\n"),
        "missing-api",
        "add api: with one of shelves, counts",
        (
            "      - stages: all\n        routes: [POST /counts",
            "      - api: counts\n        stages: all\n        routes: [POST /counts",
        ),
    ),
    Mistake(
        "one door, not in a list",
        (
            "vpc_endpoints: [vpce-0123456789abcdef0]\n",
            "vpc_endpoints: »vpce-0123456789abcdef0\n",
        ),
        "wrong-type",
        "put it in brackets: [vpce-0123456789abcdef0]",
        (": vpce-0123456789abcdef0\n", ": [vpce-0123456789abcdef0]\n"),
    ),
    Mistake(
        "a letter is missing",
        (
            "    description: Where everything lies.\n    endpoint: private",
            "    description: Where everything lies.\n    endpoint: »privat",
        ),
        "unknown-value",
        "did you mean private?",
        ("privat\n", "private\n"),
    ),
    Mistake(
        "a digit of an account is missing",
        (
            "arn:aws:lambda:us-east-2:123456789012:function:counts",
            "»arn:aws:lambda:us-east-2:12345678912:function:counts",
        ),
        "wrong-form",
        "such as arn:aws:lambda:us-east-2:123456789012:function:prices",
        (":12345678912:", ":123456789012:"),
    ),
    Mistake(
        "two backends",
        (
            "        function: counts\n",
            "        function: counts\n        »mock: {status: 200}\n",
        ),
        "wrong-backend",
        "keep one of them",
        ("        mock: {status: 200}\n", ""),
    ),
    Mistake(
        "an API's name in the singular",
        ("- api: counts", "- api: »count"),
        "unknown-api",
        "did you mean counts?",
        ("api: count\n", "api: counts\n"),
    ),
    Mistake(
        "a role's name with a space",
        ("  stock-picker:", "  »stock picker:"),
        "wrong-name",
        "write a letter, then letters, digits and _+=.@-, such as pets-reader",
        ("stock picker", "stock-picker"),
    ),
    Mistake(
        "a grant of a public route",
        ("          - GET /shelves\n", "          - »GET /health\n          - GET /shelves\n"),
        "grant-without-iam",
        "remove it here",
        ("          - GET /health\n", ""),
    ),
    Mistake(
        "an API copied and not renamed",
        ("  counts:\n    endpoint", "  »shelves:\n    endpoint"),
        "duplicate-key",
        "keep one of the two",
        ("  shelves:\n    endpoint: private\n    vpc", "  counts:\n    endpoint: private\n    vpc"),
    ),
    Mistake(
        "a reason where callers are checked",
        (
            "      GET /shelves:\n        function: shelves\n",
            "      GET /shelves:\n        function: shelves\n        »public: for all\n",
        ),
        "public-without-none",
        "remove public",
        ("        public: for all\n", ""),
    ),
    Mistake(
        "a path that ends with a slash",
        ("      GET /shelves/{shelf}:\n", "      »GET /shelves/{shelf}/:\n"),
        "wrong-path",
        "do not end with it",
        ("GET /shelves/{shelf}/:", "GET /shelves/{shelf}:"),
    ),
    Mistake(
        "allow beside its role",
        (
            "    allow:\n      - api: shelves\n        stages: all\n",
            "  »allow:\n      - api: shelves\n        stages: all\n",
        ),
        "unknown-field",
        'indent it below "stock-picker"',
        (
            "  allow:\n      - api: shelves\n        stages: all",
            "    allow:\n      - api: shelves\n        stages: all",
        ),
    ),
    Mistake(
        "stages beside the list of grants",
        (
            "      - api: counts\n        stages: all\n        routes",
            "      - api: counts\n    stages: all\n        »routes",
        ),
        "not-yaml",
        "indent both alike",
        ("    stages: all\n        routes: [POST", "        stages: all\n        routes: [POST"),
    ),
    Mistake(
        "stages of the role rather than of a grant",
        (
            "    max_session: 4h\n",
            "    max_session: 4h\n    »stages: [dev]\n",
            "        stages: [dev]\n        routes: all",
            "        routes: all",
        ),
        "unknown-field",
        "write it in an entry of allow",
        (
            "    stages: [dev]\n",
            "",
            "      - api: shelves\n        routes: all",
            "      - api: shelves\n        stages: [dev]\n        routes: all",
        ),
    ),
    Mistake(
        "a field below one that has a value",
        ("    log_level: error", "      »log_level: error"),
        "not-yaml",
        "indent both alike",
        ("      log_level", "    log_level"),
    ),
    Mistake(
        "a stage's field in a function",
        ("    timeout: 5s\n", "    timeout: 5s\n    »metrics: detailed\n"),
        "unknown-field",
        "move it to a stage",
        (
            "    metrics: detailed\n",
            "",
            "    log_level: error\n",
            "    log_level: error\n    metrics: detailed\n",
        ),
    ),
    Mistake(
        "a role without what it may call",
        (
            (
                "    allow:\n      - api: shelves\n        stages: all\n        routes:\n"
                "          - GET /shelves\n          - GET /shelves/{shelf}\n"
            ),
            "",
            "  stock-picker:",
            "  »stock-picker:",
        ),
        "missing-field",
        "add allow: …",
        (
            "    description: Finds what was ordered.\n",
            (
                "    description: Finds what was ordered.\n"
                "    allow: [{api: shelves, stages: all, routes: all}]\n"
            ),
        ),
    ),
)
