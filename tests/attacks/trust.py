"""A48 to A64: who is trusted, what browsers may do, and secrets."""

from dataclasses import replace

from tests.attacks.attack import ENVIRONMENT, Attack, plain, warned

_CORS = '      origins: ["https://shop.example.com"]\n'
_SESSION = "    max_session: 1h\n"
_WHEN = "{edupersonaffiliation: [staff]}"
_MEMORY = "    memory_mib: 128\n"
_POST = "      POST /pets:\n        function: update_pets\n"
_GROUPS = f"[{', '.join(f'department-number-{n:02}-of-the-shop' for n in range(60))}]"
# Of the forms of secrets, and of nobody: AWS's own example, and letters that mean nothing.
_ACCESS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"
_GITHUB = "ghp_" + "x" * 36
_JSON_WEB_TOKEN = "eyJhbGciOiJub25l.eyJzdWIiOiJub2JvZHkifQ."
_PRIVATE_KEY = "-----BEGIN " + "PRIVATE KEY-----"


def _issuer(row: str, name: str, written: str) -> Attack:
    return Attack(row, name, ("urn:acme.auth0.com", f"»{written}"), "wrong-form", ENVIRONMENT)


def _environment_field(row: str, name: str, written: str) -> Attack:
    edit = ("    issuer:", f"    »{written}\n    issuer:")
    return Attack(row, name, edit, "unknown-field", ENVIRONMENT)


def _role_field(row: str, name: str, written: str) -> Attack:
    return Attack(row, name, (_SESSION, f"{_SESSION}    »{written}\n"), "unknown-field")


def _when(row: str, name: str, written: str, code: str) -> Attack:
    return Attack(row, name, (_WHEN, written), code)


def _provider(row: str, name: str, written: str) -> Attack:
    edit = ("identity_provider: auth0", f"identity_provider: »{written}")
    return Attack(row, name, edit, "unknown-identity-provider")


def _session(name: str, written: str) -> Attack:
    return Attack("A55", name, ("max_session: 1h", f"max_session: »{written}"), "wrong-duration")


def _origin(name: str, written: str) -> Attack:
    return Attack("A57", name, ('"https://shop.example.com"', f"»{written}"), "wrong-origin")


def _cors_field(row: str, name: str, written: str) -> Attack:
    return Attack(row, name, (_CORS, f"{_CORS}      »{written}\n"), "unknown-field")


def _authorizer(name: str, field: str, code: str) -> Attack:
    """An authorizer of which one field is hostile."""
    usual = "issuer: https://a.example/, audience: [pets]"
    section = f"authorizers: {{a: {{{usual}, {field}}}}}\nfunctions:\n"
    return Attack("A63", f"an authorizer: {name}", ("functions:\n", section), code)


ATTACKS = (
    _issuer("A48", "a star", '"urn:*"'),
    _issuer("A48", "a question mark", '"urn:acme?"'),
    _issuer("A48", "a list", "[urn:a, urn:b]".replace("[urn:a, urn:b]", '"urn:a, urn:b"')),
    _environment_field(
        "A49", "an audience of one's own", "audience: https://signin.aws.amazon.com.evil/saml"
    ),
    _role_field("A49", "an audience of a role", "audience: https://signin.aws.amazon.com/saml/"),
    _when(
        "A49",
        "an audience among the attributes",
        '{»aud: ["https://evil.example/saml"]}',
        "unknown-value",
    ),
    _when("A49", "an issuer among the attributes", "{»iss: [urn:evil]}", "unknown-value"),
    _when(
        "A50", "ForAllValues", '{»"ForAllValues:edupersonaffiliation": [staff]}', "unknown-value"
    ),
    _when("A50", "IfExists", "{»StringEqualsIfExists: [staff]}", "unknown-value"),
    _when("A50", "a negation", "{»StringNotEquals: [x]}", "unknown-value"),
    _when(
        "A50", "the key with its prefix", "{»saml:edupersonaffiliation: [staff]}", "unknown-value"
    ),
    _when("A50", "a star for a value", '{edupersonaffiliation: [»"*"]}', "wrong-claim"),
    _when("A50", "the beginning of a value", '{edupersonaffiliation: [»"staff*"]}', "wrong-claim"),
    _when("A50", "a question mark", '{edupersonaffiliation: [»"staf?"]}', "wrong-claim"),
    _when("A50", "no value", "{»edupersonaffiliation: []}", "wrong-size"),
    replace(
        _when("A50", "an empty value", '{edupersonaffiliation: [»""]}', "wrong-size"),
        names="0 characters",
    ),
    _provider("A51", "a star", '"*"'),
    _provider("A51", "any provider of the account", '"saml-provider/*"'),
    _provider(
        "A51", "a provider of another account", "arn:aws:iam::210987654321:saml-provider/auth0"
    ),
    replace(_provider("A51", "nothing", '""'), names='""'),
    Attack("A51", "a star declared", ("  auth0:\n", '  »"*":\n'), "wrong-name", ENVIRONMENT),
    Attack("A51", "a path declared", ("  auth0:\n", "  »a/auth0:\n"), "wrong-name", ENVIRONMENT),
    _role_field("A51", "principals of one's own", 'principal: {AWS: "*"}'),
    _role_field("A51", "a trust policy of one's own", "trust: {}"),
    _provider("A52", "not the declared one", "Auth0"),
    _provider("A52", "the tutorial's", "auth0-provider"),
    plain(
        "A53",
        "chosen, as the format has it",
        (_SESSION, f"{_SESSION}    assumed_by_gateway: true\n"),
    ),
    _role_field("A53", "other services", "assumed_by: [lambda.amazonaws.com]"),
    Attack(
        "A53",
        "a service for true",
        (_SESSION, f"{_SESSION}    assumed_by_gateway: »lambda.amazonaws.com\n"),
        "wrong-type",
    ),
    _role_field("A54", "tags of a session", "session_tags: true"),
    _role_field("A54", "tags that go on", "transitive_tags: [team]"),
    _session("one second over the most", "43201s"),
    _session("bare seconds over the most", "43201"),
    _session("bare seconds below the least", "900"),
    _session("a quarter of an hour", "15m"),
    _session("13 hours", "13h"),
    _session("nothing", "0h"),
    _session("less than nothing", "-1h"),
    _session("a fraction", "1.5h"),
    _session("two units", "1h30m"),
    _session("a number of many digits", "9" * 5000 + "h"),
    plain("A55", "an hour, which the format wants", ("max_session: 1h", "max_session: 1h")),
    Attack(
        "A56",
        "60 groups",
        (
            f"when: {_WHEN}",
            f"»when: {{edupersonaffiliation: {_GROUPS}}}",
        ),
        "over-quota",
        names="2,048",
    ),
    _cors_field("A57", "credentials", "credentials: true"),
    _cors_field("A57", "credentials, as others call them", "allow_credentials: true"),
    _origin("null", "null"),
    _origin("null in quotes", '"null"'),
    _origin("a star for a host", '"https://*.x"'),
    _origin("a path", '"https://a.example/x"'),
    _origin("a slash", '"https://a.example/"'),
    _origin("a user", '"https://user@a.example"'),
    _origin("a user and a password", '"https://a:b@a.example"'),
    _origin("no scheme", "a.example"),
    _origin("another scheme", '"file://a.example"'),
    _origin("capitals", '"https://A.example"'),
    _origin("two origins", '"https://a.example https://b.example"'),
    _origin("a comma", '"https://a.example,https://b.example"'),
    _origin("a letter that looks like another", '"https://\u0430.example"'),
    _origin("a port of many digits", '"https://a.example:999999"'),
    replace(
        _origin("a port beyond the last", '"https://a.example:70000"'),
    ),
    Attack(
        "A57",
        "a star beside another",
        (_CORS, '      origins: ["https://a.example", »"*"]\n'),
        "wrong-origin",
    ),
    warned("A58", "any page", (_CORS, '      origins: [»"*"]\n'), "any-origin"),
    _cors_field("A59", "all headers", 'headers: ["*"]'),
    _cors_field("A59", "headers without the signature's", "allow_headers: [Content-Type]"),
    Attack(
        "A60",
        "a preflight that checks",
        (_POST, "      »OPTIONS /pets: {auth: iam, mock: {status: 200}}\n" + _POST),
        "wrong-route",
    ),
    Attack(
        "A60",
        "a key for the preflight",
        (_CORS, f"{_CORS}      »api_key_required: true\n"),
        "unknown-field",
    ),
    Attack(
        "A63",
        "an authorizer",
        ("    cors:\n", "    »authorizer: {ttl: 300}\n    cors:\n"),
        "unknown-field",
    ),
    Attack(
        "A63",
        "a token of one's own",
        (_POST, f"{_POST}        »jwt: {{alg: none}}\n"),
        "unknown-field",
    ),
    _authorizer("a secret for a key", "algorithms: [»HS256]", "unknown-value"),
    _authorizer("no signature", "algorithms: [»none]", "unknown-value"),
    _authorizer("no algorithm", "»algorithms: []", "wrong-size"),
    _authorizer("keys without TLS", "jwks: »http://keys.example.com/", "wrong-issuer"),
    _authorizer(
        "keys of somebody else", 'jwks: »"https://a.example@evil.example/"', "wrong-issuer"
    ),
    _authorizer("keys of the cloud itself", "jwks: »http://169.254.169.254/", "wrong-issuer"),
    _authorizer("keys from a file", "jwks: »file:///etc/passwd", "wrong-issuer"),
    _authorizer("a cache of a day", "cache: »24h", "wrong-duration"),
    _authorizer("clocks that differ by an hour", "leeway: »1h", "wrong-duration"),
    _authorizer("a secret of one's own", "»secret: abc", "unknown-field"),
    Attack(
        "A64",
        "bodies in the log",
        ("    variables: {table: pets-dev}\n", "    »data_trace: true\n"),
        "unknown-field",
    ),
    Attack(
        "A64",
        "bodies in the log, as a level",
        ("    variables: {table: pets-dev}\n", "    log_level: »debug\n"),
        "unknown-value",
    ),
    Attack(
        "A64",
        "an access key in a variable",
        ("{TABLE: pets}", f"{{KEY_ID: »{_ACCESS_KEY}}}"),
        "secret",
    ),
    Attack(
        "A64",
        "an access key in a text",
        ("owner: team-pets", f"owner: »team {_ACCESS_KEY}"),
        "secret",
    ),
    Attack("A64", "a key of GitHub", ("{TABLE: pets}", f"{{X1: »{_GITHUB}}}"), "secret"),
    Attack("A64", "a token in a body", ('body: "{}"', f'body: »"{_JSON_WEB_TOKEN}"'), "secret"),
    Attack("A64", "a private key", ("{TABLE: pets}", f'{{X1: »"{_PRIVATE_KEY}"}}'), "secret"),
    Attack("A64", "a secret for a name", ("{TABLE: pets}", f"{{»{_ACCESS_KEY}: x}}"), "secret"),
    Attack(
        "A64",
        "a secret in a tag",
        ("{cost-center: shop}", f"{{x: »{_ACCESS_KEY}}}"),
        "secret",
        ENVIRONMENT,
    ),
    warned(
        "A64",
        "a password in a variable",
        ("{TABLE: pets}", "{»DB_PASSWORD: hunter2}"),
        "secret-name",
    ),
    warned("A64", "a token in a stage", ("{table: pets-dev}", "{»api_token: abc}"), "secret-name"),
    warned(
        "A64",
        "a secret in a tag's name",
        ("{cost-center: shop}", "{»secret: abc}"),
        "secret-name",
        ENVIRONMENT,
    ),
    plain("A64", "where a secret is", ("{TABLE: pets}", "{DB_PASSWORD_ARN: pets}")),
)
