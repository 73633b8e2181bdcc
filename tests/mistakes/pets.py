"""Mistakes in blueprints/pets.yaml."""

from tests.mistakes.mistake import Mistake

_ROUTES = """\
    routes:                        # METHOD /path, as in the docs of HTTP APIs; OPTIONS is generated
      GET /pets:
        function: list_pets
        auth: none
        public: the catalogue is open to visitors     \
# the reason; required where no caller is checked
      POST /pets:
        function: update_pets      # auth: iam is the default
      GET /pets/{id}:
        function: get_pet
"""
_LEFT = "".join(f"{line[2:]}\n" for line in _ROUTES.splitlines())
_RIGHT = "".join(f"  {line}\n" for line in _ROUTES.splitlines())
_PUBLIC = (
    "        public: the catalogue is open to visitors"
    "     # the reason; required where no caller is checked\n"
)

MISTAKES = (
    Mistake(
        "a section's name is misspelt",
        ("functions:  ", "»functons:  "),
        "unknown-field",
        "did you mean functions?",
        ("functons:", "functions:"),
    ),
    Mistake(
        "a colon is missing after a route",
        ("      GET /pets:\n", "      »GET /pets\n"),
        "not-yaml",
        "write GET /pets:",
        ("GET /pets\n", "GET /pets:\n"),
    ),
    Mistake(
        "a colon is missing after a field",
        ("        function: list_pets\n", "        »function list_pets\n"),
        "not-yaml",
        "write function: list_pets",
        ("function list_pets", "function: list_pets"),
    ),
    Mistake(
        "a tab",
        ("      POST /pets:\n", "»\tPOST /pets:\n"),
        "not-yaml",
        "indent with spaces: YAML takes no tabs there",
        ("\tPOST", "      POST"),
    ),
    Mistake(
        "no space after a colon",
        ("    environment: prod\n", "    »environment:prod\n"),
        "not-yaml",
        "write environment: prod",
        ("environment:prod", "environment: prod"),
    ),
    Mistake(
        "None with a capital",
        ("auth: none", "auth: »None"),
        "unknown-value",
        "did you mean none?",
        ("auth: None", "auth: none"),
    ),
    Mistake(
        "a route with a parameter in brackets, not quoted",
        ('[POST /pets, "GET /pets/{id}"]', "[POST /pets, GET /pets/»{id}]"),
        "not-yaml",
        'quote a route with a parameter inside [ ] or { }, such as "GET /pets/{id}"',
        ("GET /pets/{id}]", '"GET /pets/{id}"]'),
    ),
    Mistake(
        "a route copied and not changed",
        (
            "      GET /pets/{id}:\n        function: get_pet\n",
            (
                "      GET /pets/{id}:\n        function: get_pet\n"
                "      »POST /pets:\n        function: update_pets\n"
            ),
        ),
        "duplicate-key",
        "keep one of the two",
        ("      POST /pets:\n        function: update_pets\n", ""),
    ),
    Mistake(
        "a session in bare seconds",
        ("max_session: 1h", "max_session: »3600"),
        "wrong-duration",
        "did you mean 3600s?",
        ("max_session: 3600", "max_session: 3600s"),
    ),
    Mistake(
        "an old runtime",
        ("app.get_pet,     runtime: python3.12", "app.get_pet,     runtime: »python3.8"),
        "unknown-value",
        "did you mean python3.10?",
        ("python3.8", "python3.10"),
    ),
    Mistake(
        "the runtime of another language",
        ("app.get_pet,     runtime: python3.12", "app.get_pet,     runtime: »nodejs20.x"),
        "unknown-value",
        "use one of python3.10, python3.11, python3.12, python3.13",
        ("nodejs20.x", "python3.13"),
    ),
    Mistake(
        "the wrong module of a handler",
        ("app.get_pet, ", "»pets.get_pet, "),
        "unknown-handler",
        "did you mean app.get_pet?",
        ("pets.get_pet", "app.get_pet"),
    ),
    Mistake(
        "a file as the handler",
        ("app.get_pet, ", "»app.py, "),
        "unknown-handler",
        "use one of app.get_identity, app.get_pet, app.list_pets, app.update_pets",
        ("app.py", "app.get_pet"),
    ),
    Mistake(
        "a handler without its module",
        ("app.get_pet, ", "»get_pet, "),
        "wrong-form",
        "write module.function, such as app.list_pets",
        (": get_pet, ", ": app.get_pet, "),
    ),
    Mistake(
        "a function's name in the plural",
        ("function: get_pet", "function: »get_pets"),
        "unknown-function",
        "did you mean get_pet?",
        ("function: get_pets", "function: get_pet"),
    ),
    Mistake(
        "allow as a mapping",
        ("    allow:\n      - {stages: [prod]", "    »allow:\n      {stages: [prod]"),
        "wrong-type",
        'begin each entry with "- "',
        ("      {stages: [prod]", "      - {stages: [prod]"),
    ),
    Mistake(
        "a stage's name misspelt in a grant",
        ("stages: [prod]", "stages: [»prd]"),
        "unknown-stage",
        "did you mean prod?",
        ("[prd]", "[prod]"),
    ),
    Mistake(
        "no reason for a public route",
        ("        auth: none\n" + _PUBLIC, "        auth: »none\n"),
        "public-without-reason",
        "add public: <the reason>",
        ("auth: none\n", "auth: none\n        public: everybody may look at the pets\n"),
    ),
    Mistake(
        "routes one level too far to the left",
        (_ROUTES, _LEFT.replace("routes:", "»routes:")),
        "unknown-field",
        'indent it below "pets"',
        (_LEFT, _ROUTES),
    ),
    Mistake(
        "only the word routes one level too far to the left",
        ("    routes:  ", "  »routes:  "),
        "unknown-field",
        'indent it below "pets"',
        ("  routes:  ", "    routes:  "),
    ),
    Mistake(
        "routes one level too far to the right",
        (_ROUTES, _RIGHT.replace("routes:", "»routes:")),
        "unknown-field",
        'indent it like "cors"',
        (_RIGHT, _ROUTES),
    ),
    Mistake(
        "only the word routes one level too far to the right",
        ("    routes:  ", "      »routes:  "),
        "unknown-field",
        'indent it like "cors"',
        ("      routes:  ", "    routes:  "),
    ),
    Mistake(
        "a route's field not indented",
        ("        function: update_pets", "      »function: update_pets"),
        "unknown-field",
        'indent it below "POST /pets"',
        ("      function: update_pets", "        function: update_pets"),
    ),
    Mistake(
        "one space too few",
        ("        auth: none\n", "       »auth: none\n"),
        "not-yaml",
        "indent both alike",
        ("       auth", "        auth"),
    ),
    Mistake(
        "one space too many",
        ("        auth: none\n", "         »auth: none\n"),
        "not-yaml",
        "indent both alike",
        ("         auth", "        auth"),
    ),
    Mistake(
        "any origin, not quoted",
        ('origins: ["*"]', "origins: [»*]"),
        "not-yaml",
        "put it in quotes",
        ("[*]", '["*"]'),
    ),
    Mistake(
        "any origin, not in a list",
        ('origins: ["*"]', 'origins: »"*"'),
        "wrong-type",
        'put it in brackets: ["*"]',
        ('origins: "*"', 'origins: ["*"]'),
    ),
    Mistake(
        "a description with a colon",
        ("The pets shop's catalogue, and its updates.", "Pets»: catalogue, updates."),
        "not-yaml",
        'put what follows "description: " in quotes',
        ("Pets: catalogue, updates.", '"Pets: catalogue, updates."'),
    ),
    Mistake(
        "a comma is missing",
        ("{source: pets, handler: app.get_pet,", "{source: pets handler»: app.get_pet,"),
        "not-yaml",
        "write a comma between the entries",
        ("pets handler", "pets, handler"),
    ),
    Mistake(
        "no space after the method",
        ("      GET /pets:\n", "      »GET/pets:\n"),
        "wrong-route",
        "did you mean GET /pets?",
        ("GET/pets:", "GET /pets:"),
    ),
    Mistake(
        "a method in small letters",
        ("      POST /pets:\n", "      »post /pets:\n"),
        "wrong-route",
        "did you mean POST /pets?",
        ("post /pets", "POST /pets"),
    ),
    Mistake(
        "an environment where a stage is described",
        ("  test: {environment: nonprod}", "  test: »nonprod"),
        "wrong-type",
        "write {environment: nonprod}",
        ("test: nonprod", "test: {environment: nonprod}"),
    ),
    Mistake(
        "False with a capital",
        ("app.list_pets,   runtime: python3.12, proxy: false", "app.list_pets, proxy: »False"),
        "wrong-type",
        "did you mean false?",
        ("False", "false"),
    ),
    Mistake(
        "a rate with its unit",
        ("{rate: 100, burst: 50}", "{rate: »100/s, burst: 50}"),
        "wrong-number",
        "write a number from 0 to 1000000",
        ("100/s", "100"),
    ),
    Mistake(
        "minutes in words",
        ("max_age: 10m", "max_age: »10 minutes"),
        "wrong-duration",
        "write a whole number and s, m or h, from 0s to 24h",
        ("10 minutes", "10m"),
    ),
)
