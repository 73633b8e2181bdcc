"""Mistakes in blueprints/links.yaml of this folder."""

from tests.mistakes.mistake import Mistake

MISTAKES = (
    Mistake(
        "stages as a list",
        ("stages:\n  live: {environment: prod}\n", "»stages:\n  - live: {environment: prod}\n"),
        "wrong-type",
        'write name: value, each on its own line, without [ ] and without "- "',
        ("  - live", "  live"),
    ),
    Mistake(
        "retired without a reason",
        ("name: links\n", "name: links\nretired: »true\n"),
        "wrong-type",
        "write {reason: …, by: …}",
        ("retired: true", "retired: {reason: nobody calls it, by: team-links}"),
    ),
    Mistake(
        "retired by nobody",
        ("name: links\n", "name: links\n»retired: {reason: nobody calls it}\n"),
        "missing-field",
        "add by: …",
        ("nobody calls it}", "nobody calls it, by: team-links}"),
    ),
    Mistake(
        "one stage, not in a list",
        ("stages: [live]", "stages: »live"),
        "wrong-type",
        "write all, or a list of stage names in [ ]",
        ("stages: live", "stages: [live]"),
    ),
    Mistake(
        "an address without its scheme",
        ("POST /links:\n        http: https://", "POST /links:\n        http: »"),
        "wrong-form",
        "write an http(s) URL, such as https://",
        ("http: links.example.com", "http: https://links.example.com"),
    ),
    Mistake(
        "a route without its backend",
        (
            "      POST /links:\n        http: https://links.example.com/v1/links\n",
            "      »POST /links:\n",
        ),
        "empty-value",
        "write its value, or remove it",
        ("      POST /links:\n", "      POST /links: {mock: {status: 200}}\n"),
    ),
    Mistake(
        "a version with a point",
        ("blueprint: 1\n", "blueprint: »1.0\n"),
        "unknown-value",
        "use 1",
        ("1.0", "1"),
    ),
    Mistake(
        "no name",
        ("blueprint: 1\nname: links\n", "»blueprint: 1\n"),
        "missing-field",
        "add name: …",
        ("blueprint: 1\n", "blueprint: 1\nname: links\n"),
    ),
    Mistake(
        "a section without its last letter",
        ("apis:\n", "»api:\n"),
        "unknown-field",
        "did you mean apis?",
        ("api:\n", "apis:\n"),
    ),
    Mistake(
        "a field as other tools call it",
        ("POST /links:\n        http:", "POST /links:\n        »url:"),
        "unknown-field",
        "use one of description, function, lambda_arn, http, mock, auth, authorizer, scopes, "
        "api_key, identity_token, throttle, public, request",
        ("url:", "http:"),
    ),
    Mistake(
        "a path without its slash",
        ("      POST /links:\n", "      »POST links:\n"),
        "wrong-path",
        "begin with /",
        ("POST links", "POST /links"),
    ),
    Mistake(
        "two spaces after the method",
        ("      POST /links:\n", "      »POST  /links:\n"),
        "wrong-route",
        "did you mean POST /links?",
        ("POST  /links", "POST /links"),
    ),
    Mistake(
        "a field of the environment",
        ("stages:\n", "»tags: {team: shop}\nstages:\n"),
        "unknown-field",
        "write it in a file of config/",
        ("tags: {team: shop}\n", ""),
    ),
    Mistake(
        "a parameter as Express writes it",
        (
            "GET /links/{link}:\n        http: https://links.example.com/v1/links/{link}",
            "»GET /links/:link:\n        http: https://links.example.com/v1/links",
        ),
        "wrong-path",
        "write {link}",
        ("GET /links/:link:", "GET /links/{link}:"),
    ),
    Mistake(
        "a parameter in angle brackets",
        ("GET /links/{link}:", "»GET /links/<link>:"),
        "wrong-path",
        "a whole segment {name}",
        ("<link>", "{link}"),
    ),
    Mistake(
        "an origin with a slash",
        ('"https://shop.example.com"', '»"https://shop.example.com/"'),
        "wrong-origin",
        "scheme, host and port alone",
        ('example.com/"', 'example.com"'),
    ),
    Mistake(
        "an origin without its scheme",
        ('"https://shop.example.com"', "»shop.example.com"),
        "wrong-origin",
        "such as https://shop.example.com",
        ("[shop.example.com]", '["https://shop.example.com"]'),
    ),
    Mistake(
        "true for what has fields",
        ('cors:\n      origins: ["https://shop.example.com"]\n', "cors: »true\n"),
        "wrong-type",
        "write {origins: …}",
        ("cors: true", 'cors: {origins: ["https://shop.example.com"]}'),
    ),
    Mistake(
        "a role's field beside the role",
        ("    identity_provider: auth0\n    allow", "  identity_provider: auth0\n    »allow"),
        "not-yaml",
        "indent both alike",
        ("  identity_provider", "    identity_provider"),
    ),
    Mistake(
        "a quote is not closed",
        ('["https://shop.example.com"]', '[»"https://shop.example.com]'),
        "not-yaml",
        'close it: "',
        ("example.com]", 'example.com"]'),
    ),
    Mistake(
        "a brace is not closed",
        ("  live: {environment: prod}", "  live: »{environment: prod"),
        "not-yaml",
        "write a comma between the entries, and } at the end",
        ("prod\n", "prod}\n"),
    ),
    Mistake(
        "roles as a list",
        ("roles:\n  links-editor:", "»roles:\n  - links-editor:"),
        "wrong-type",
        'without "- "',
        ("  - links-editor", "  links-editor"),
    ),
    Mistake(
        "routes without the name of their API",
        (
            'apis:\n  links:\n    cors:\n      origins: ["https://shop.example.com"]\n    routes:',
            "apis:\n    »routes:",
        ),
        "unknown-field",
        "write the name above it, and indent it below",
        ("apis:\n    routes:", "apis:\n  links:\n    routes:"),
    ),
    Mistake(
        "OPTIONS declared",
        (
            "      POST /links:\n",
            "      »OPTIONS /links:\n        mock: {status: 200}\n      POST /links:\n",
        ),
        "wrong-route",
        "remove it: OPTIONS is generated from cors",
        ("      OPTIONS /links:\n        mock: {status: 200}\n", ""),
    ),
    Mistake(
        "the second field of a grant beside its dash",
        (
            "      - stages: [live]\n        routes: all",
            "      - stages: [live]\n      »routes: all",
        ),
        "not-yaml",
        "indent it like the fields of the entry above",
        ("      routes: all", "        routes: all"),
    ),
    Mistake(
        "another identity provider",
        ("identity_provider: auth0", "identity_provider: »okta"),
        "unknown-identity-provider",
        "use auth0",
        ("okta", "auth0"),
    ),
    Mistake(
        "no identity provider",
        ("  links-editor:\n    identity_provider: auth0\n", "  »links-editor:\n"),
        "missing-field",
        "add identity_provider: <name>",
        ("  links-editor:\n", "  links-editor:\n    identity_provider: auth0\n"),
    ),
    Mistake(
        "the word routes forgotten",
        ("    routes:\n      GET /links:\n", "      »GET /links:\n"),
        "unknown-field",
        'write routes: above it, indented like "cors"',
        ("      GET /links:\n", "    routes:\n      GET /links:\n"),
    ),
    Mistake(
        "a route before the word routes",
        (
            (
                "    routes:\n      GET /links:\n"
                "        http: https://links.example.com/v1/links\n      GET"
            ),
            (
                "    »GET /links:\n      http: https://links.example.com/v1/links\n"
                "    routes:\n      GET"
            ),
        ),
        "unknown-field",
        "indent it below routes",
        (
            (
                "    GET /links:\n      http: https://links.example.com/v1/links\n"
                "    routes:\n      GET"
            ),
            (
                "    routes:\n      GET /links:\n"
                "        http: https://links.example.com/v1/links\n      GET"
            ),
        ),
    ),
    Mistake(
        "an API not indented",
        ("apis:\n  links:\n", "apis:\n»links:\n"),
        "unknown-field",
        'indent it below "apis"',
        ("apis:\nlinks:\n", "apis:\n  links:\n"),
    ),
    Mistake(
        "a field of cors beside it",
        (
            '    cors:\n      origins: ["https://shop.example.com"]\n',
            '    »origins: ["https://shop.example.com"]\n',
        ),
        "unknown-field",
        "write it below cors",
        ("    origins:", "    cors:\n      origins:"),
    ),
    Mistake(
        "roles below the APIs",
        ("roles:\n", "  »roles:\n"),
        "unknown-field",
        'indent it like "apis"',
        ("  roles:\n", "roles:\n"),
    ),
    Mistake(
        "a section's content not indented",
        ("stages:\n  live: {environment: prod}\n", "stages:\n»live: {environment: prod}\n"),
        "unknown-field",
        'indent it below "stages"',
        ("live: {environment", "  live: {environment"),
    ),
)
