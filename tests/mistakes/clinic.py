"""Mistakes in blueprints/clinic.yaml of this folder."""

from tests.mistakes.mistake import Mistake

MISTAKES = (
    Mistake(
        "a stage renamed, and a role that is granted it",
        ("  training:\n", "  school:\n", "[dev, test, training]", "[dev, test, »training]"),
        "unknown-stage",
        "use one of dev, test, school, pilot, prod",
        ("test, training]", "test, school]"),
    ),
    Mistake(
        "no decision about an overreach",
        (
            (
                "          - GET /patients/{patient}\n          - GET /patients/{patient}/visits\n"
                "          - POST /patients/{patient}/visits\n        overreach: deny\n"
            ),
            (
                "          - »GET /patients/{patient}\n          - GET /patients/{patient}/visits\n"
                "          - POST /patients/{patient}/visits\n"
            ),
        ),
        "overreach",
        "grant it as well",
        (
            "          - POST /patients/{patient}/visits\n  clinic-admin",
            (
                "          - POST /patients/{patient}/visits\n"
                "          - GET /patients/{patient}/bills\n  clinic-admin"
            ),
        ),
    ),
    Mistake(
        "a word that decides nothing",
        ("overreach: deny", "overreach: »accept"),
        "wrong-overreach",
        'write deny, or "accepted because …" with the reason',
        ("overreach: accept\n", "overreach: deny\n"),
    ),
    Mistake(
        "a colon in the reason",
        (
            '"accepted because the insurer may read the visits that it pays for"',
            "accepted because»: it pays for them",
        ),
        "not-yaml",
        'put what follows "overreach: " in quotes',
        ("accepted because: it pays for them", '"accepted because it pays for them"'),
    ),
    Mistake(
        "overreach of the role rather than of the grant",
        ("        overreach: deny\n", "    »overreach: deny\n"),
        "unknown-field",
        "write it in an entry of allow",
        ("    overreach: deny\n", "        overreach: deny\n"),
    ),
    Mistake(
        "an attribute that SAML does not have",
        ('{edupersonentitlement: ["urn:acme:clinic:admin"]}', "{»groups: [admin]}"),
        "unknown-value",
        "edupersonaffiliation",
        ("groups", "edupersonaffiliation"),
    ),
    Mistake(
        "functions below the APIs",
        ("\nfunctions:\n", "\n  »functions:\n"),
        "unknown-field",
        'indent it like "apis"',
        ("\n  functions:\n", "\nfunctions:\n"),
    ),
    Mistake(
        "attributes beside the word when",
        (
            "    when:\n      edupersonaffiliation: [staff]\n    allow",
            "    when:\n    »edupersonaffiliation: [staff]\n    allow",
        ),
        "unknown-field",
        'indent it below "when"',
        (
            "    edupersonaffiliation: [staff]\n    allow",
            "      edupersonaffiliation: [staff]\n    allow",
        ),
    ),
    Mistake(
        "a role copied and not renamed",
        ("  clinic-admin:\n", "  »clinic-vet:\n"),
        "duplicate-key",
        "keep one of the two",
        (
            "  clinic-vet:\n    identity_provider: auth0\n    when: {",
            "  clinic-admin:\n    identity_provider: auth0\n    when: {",
        ),
    ),
    Mistake(
        "two roles that differ in the case of letters",
        ("  clinic-admin:\n", "  »Clinic-Vet:\n"),
        "role-taken",
        "name one of the two otherwise",
        ("Clinic-Vet", "clinic-admin"),
    ),
    Mistake(
        "a number for what has fields",
        ("throttle: {rate: 50, burst: 100}", "throttle: »50"),
        "wrong-type",
        "write {rate: …, burst: …}",
        ("throttle: 50", "throttle: {rate: 50, burst: 50}"),
    ),
    Mistake(
        "a field is forgotten",
        ("throttle: {rate: 50, burst: 100}", "»throttle: {rate: 50}"),
        "missing-field",
        "add burst: …",
        ("{rate: 50}", "{rate: 50, burst: 100}"),
    ),
    Mistake(
        "a size that API Gateway does not offer",
        ("size_gb: 0.5", "size_gb: »1"),
        "unknown-value",
        "use one of 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237",
        ("size_gb: 1,", "size_gb: 1.6,"),
    ),
    Mistake(
        "variables as a list",
        (
            "    variables: {table: clinic-training}",
            "    »variables:\n      - table: clinic-training",
        ),
        "wrong-type",
        'without "- "',
        ("- table", "table"),
    ),
    Mistake(
        "a session of a day",
        ("max_session: 12h", "max_session: »1d"),
        "wrong-duration",
        "write a whole number and s, m or h, from 1h to 12h",
        ("1d", "12h"),
    ),
    Mistake(
        "a variable without its value",
        ("      LANGUAGE: en\n", "      »LANGUAGE:\n"),
        "empty-value",
        "write its value, or remove it",
        ("      LANGUAGE:\n", ""),
    ),
    Mistake(
        "variables as a shell writes them",
        (
            '    environment:\n      LANGUAGE: en\n      COUNTRY: "NO"\n',
            "    »environment:\n      - LANGUAGE=en\n",
        ),
        "wrong-type",
        "write name: value, each on its own line",
        ("- LANGUAGE=en", "LANGUAGE: en"),
    ),
    Mistake(
        "another name for a parameter in a grant",
        (
            (
                "          - GET /patients/{patient}\n          - GET /patients/{patient}/bills\n"
                "        overreach"
            ),
            (
                "          - »GET /patients/{id}\n          - GET /patients/{patient}/bills\n"
                "        overreach"
            ),
        ),
        "unknown-route",
        "did you mean GET /patients/{patient}?",
        ("{id}", "{patient}"),
    ),
    Mistake(
        "a colon after a granted route",
        (
            "          - GET /patients/{patient}/bills\n  clinic-vet",
            "          - »GET /patients/{patient}/bills:\n  clinic-vet",
        ),
        "wrong-type",
        "remove the colon at its end",
        ("bills:\n  clinic-vet", "bills\n  clinic-vet"),
    ),
    Mistake(
        "a star in a granted route",
        (
            "      - {stages: all, routes: all}",
            '      - {stages: all, routes: [»"DELETE /patients/*"]}',
        ),
        "unknown-route",
        "did you mean DELETE /patients/{patient}?",
        ("DELETE /patients/*", "DELETE /patients/{patient}"),
    ),
    Mistake(
        "all in brackets",
        ("      - {stages: all, routes: all}", "      - {stages: [»all], routes: [»all]}"),
        "unknown-stage",
        "write stages: all, without [ ]",
        ("{stages: [all], routes: [all]}", "{stages: all, routes: all}"),
        also=(("unknown-route", "write routes: all, without [ ]"),),
    ),
    Mistake(
        "a star for all stages",
        ("      - {stages: all, routes: all}", '      - {stages: »"*", routes: all}'),
        "wrong-type",
        "write all",
        ('"*"', "all"),
    ),
    Mistake(
        "stages without brackets",
        ("- stages: [dev, test, training]", "- stages: »dev, test, training"),
        "wrong-type",
        "write all, or a list of stage names in [ ]",
        ("dev, test, training", "[dev, test, training]"),
    ),
    Mistake(
        "the second field of a grant too far to the right",
        (
            "      - stages: [dev, test, training]\n        routes: all",
            "      - stages: [dev, test, training]\n          »routes: all",
        ),
        "not-yaml",
        "indent both alike",
        ("          routes: all", "        routes: all"),
    ),
    Mistake(
        "a status in words",
        ("status: 200", "status: »OK"),
        "wrong-number",
        "write a whole number from 200 to 599",
        ("OK", "200"),
    ),
    Mistake(
        "a list goes on without its dash",
        (
            "        - https://clinic.example.com\n        - https://desk.example.com\n",
            "        - »https://clinic.example.com\n          https://desk.example.com\n",
        ),
        "wrong-origin",
        'begin it with "- "',
        ("          https://desk", "        - https://desk"),
    ),
    Mistake(
        "two fields by the names of other tools",
        ("    log_retention_days: 90\n", "    »log_retention: 90\n    »memory: 256\n"),
        "unknown-field",
        "did you mean log_retention_days?",
        ("log_retention:", "log_retention_days:", "memory:", "memory_mib:"),
        also=(("unknown-field", "did you mean memory_mib?"),),
    ),
    Mistake(
        "a name with a capital and a space",
        ("name: clinic\n", "name: »Clinic API\n"),
        "wrong-name",
        "write small letters, digits and hyphens, such as pets",
        ("Clinic API", "clinic-api"),
    ),
    Mistake(
        "an environment's file rather than its name",
        ("dev: {environment: nonprod}", "dev: {environment: »nonprod.yaml}"),
        "unknown-environment",
        "did you mean nonprod?",
        ("nonprod.yaml", "nonprod"),
    ),
    Mistake(
        "an apostrophe in single quotes",
        (
            "description: Patients of the pets clinic, and",
            "description: 'Patients of the pet»'s clinic, and",
            "their visits.",
            "their visits.'",
        ),
        "not-yaml",
        "write '' for an apostrophe",
        ("pet's", "pet''s"),
    ),
    Mistake(
        "a description that begins with an @",
        ("description: Patients of", "description: »@clinic: Patients of"),
        "not-yaml",
        "put it in quotes",
        ("@clinic: Patients of the pets clinic, and their visits.", '"@clinic"'),
    ),
    Mistake(
        "a function's folder with lambdas/",
        (
            "    source: pets\n    handler: app.get_pet",
            "    source: »lambdas/pets\n    handler: app.get_pet",
        ),
        "wrong-form",
        "write a folder of lambdas/, such as pets",
        ("lambdas/pets", "pets"),
    ),
    Mistake(
        "a function's folder by the blueprint's name",
        (
            "    source: pets\n    handler: app.get_pet",
            "    source: »clinic\n    handler: app.get_pet",
        ),
        "unknown-source",
        "use one of noop, orders, pets",
        ("source: clinic", "source: pets"),
    ),
)
