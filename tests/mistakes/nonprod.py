"""Mistakes in config/nonprod.yaml."""

from tests.mistakes.mistake import Mistake

MISTAKES = (
    Mistake(
        "an account that is not quoted",
        ('"123456789012"', "»123456789012"),
        "wrong-account",
        'quote it, so that no zero is lost: "123456789012"',
        ("account: 123456789012", 'account: "123456789012"'),
    ),
    Mistake(
        "an account with hyphens",
        ('"123456789012"', '»"1234-5678-9012"'),
        "wrong-account",
        'write 12 digits in quotes, such as "123456789012"',
        ("1234-5678-9012", "123456789012"),
    ),
    Mistake(
        "a region by its place",
        ("region: us-east-2                  # the", "region: »Ohio                  # the"),
        "wrong-region",
        "such as us-east-2",
        ("Ohio", "us-east-2"),
    ),
    Mistake(
        "tags as a list",
        ("tags: {cost-center: shop}", "»tags:\n  - cost-center: shop"),
        "wrong-type",
        'without "- "',
        ("- cost", "cost"),
    ),
    Mistake(
        "a name that is not the file's",
        ("environment: nonprod ", "environment: »non-prod "),
        "environment-name",
        "write environment: nonprod",
        ("non-prod", "nonprod"),
    ),
    Mistake(
        "no issuer",
        (
            "  auth0:\n    issuer: urn:acme.auth0.com     # must equal the metadata's entityID\n",
            "  »auth0:\n",
        ),
        "missing-field",
        "add issuer: …",
        ("  auth0:\n", "  auth0:\n    issuer: urn:acme.auth0.com\n"),
    ),
    Mistake(
        "another issuer than the metadata's",
        ("issuer: urn:acme.auth0.com", "issuer: »urn:acme.eu.auth0.com"),
        "wrong-metadata",
        "urn:acme.auth0.com",
        ("acme.eu.auth0", "acme.auth0"),
    ),
    Mistake(
        "metadata relative to the project",
        ("identity/auth0.xml", "»config/identity/auth0.xml"),
        "unknown-metadata",
        "write identity/auth0.xml",
        ("config/identity", "identity"),
    ),
    Mistake(
        "a field of the blueprint",
        ("tags: {cost-center: shop}", "»owner: team-shop\ntags: {cost-center: shop}"),
        "unknown-field",
        "write it in a file of blueprints/",
        ("owner: team-shop\n", ""),
    ),
    Mistake(
        "a state's field beside the state",
        ("  prefix: gateprint                #", "»prefix: gateprint                #"),
        "unknown-field",
        "write it below state",
        ("prefix: gateprint", "  prefix: gateprint"),
    ),
)
