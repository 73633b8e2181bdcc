"""A1 to A10: templates, tokens and code in texts. What is neutralised is in test_neutralised.py."""

from tests.attacks.attack import ENVIRONMENT, Attack

_TOKEN = "${TfToken[TOKEN.0]}"
_DESCRIPTION = "description: Where we try things."
_ORIGIN = '"https://shop.example.com"'


def _origin(row: str, name: str, written: str) -> Attack:
    return Attack(row, name, (_ORIGIN, f"»{written}"), "wrong-origin")


ATTACKS = (
    Attack("A4", "a token", (_DESCRIPTION, f'description: »"{_TOKEN}"'), "terraform-token"),
    Attack("A4", "a bare token", (_DESCRIPTION, "description: »TfToken[T.1]"), "terraform-token"),
    Attack("A4", "escaped", (_DESCRIPTION, f'description: »"${_TOKEN}"'), "terraform-token"),
    Attack(
        "A4", "a number's token", (_DESCRIPTION, 'description: »"#{TfToken[1]}"'), "terraform-token"
    ),
    Attack(
        "A4",
        "with an escape",
        (_DESCRIPTION, r'description: »"Tf\u0054oken[1]"'),
        "terraform-token",
    ),
    Attack(
        "A4",
        "in a tag's value",
        ("{cost-center: shop}", f'{{cost-center: »"{_TOKEN}"}}'),
        "terraform-token",
        ENVIRONMENT,
    ),
    Attack(
        "A4",
        "in a tag's key",
        ("{cost-center: shop}", f'{{»"{_TOKEN}": shop}}'),
        "terraform-token",
        ENVIRONMENT,
    ),
    Attack("A4", "in a variable", ("{TABLE: pets}", f'{{TABLE: »"{_TOKEN}"}}'), "terraform-token"),
    Attack("A4", "in a body", ('body: "{}"', f'body: »"{_TOKEN}"'), "terraform-token"),
    Attack(
        "A5", "a tag of the caller", ("[staff]", '[»"${aws:PrincipalTag/x}"]'), "policy-variable"
    ),
    Attack("A5", "the caller", ("[staff]", '[»"${saml:sub}"]'), "policy-variable"),
    Attack("A5", "the sign for a star", ("[staff]", '[»"${*}"]'), "policy-variable"),
    Attack("A5", "beginning only", ("[staff]", '[»"staff${"]'), "policy-variable"),
    Attack(
        "A5",
        "in the issuer",
        ("urn:acme.auth0.com", '»"urn:${saml:sub}"'),
        "wrong-form",
        ENVIRONMENT,
    ),
    Attack(
        "A5",
        "in a path",
        ("functions:\n", '      »"GET /${saml:sub}": {mock: {status: 200}}\nfunctions:\n'),
        "wrong-path",
    ),
    Attack("A5", "in a stage's name", ("  prod: {", '  »"${aws:username}": {'), "wrong-name"),
    Attack("A5", "in a role's name", ("  pets-reader:", '  »"${aws:username}":'), "wrong-name"),
    Attack(
        "A7",
        "a provisioner of a function",
        (
            "    memory_mib: 128\n",
            "    memory_mib: 128\n    »provisioner: {local-exec: {command: id}}\n",
        ),
        "unknown-field",
    ),
    Attack(
        "A7",
        "raw resources",
        ("apis:\n", "»resource: {null_resource: {x: {}}}\napis:\n"),
        "unknown-field",
    ),
    Attack(
        "A7",
        "overrides of an API",
        ("    cors:\n", "    »overrides: {policy: x}\n    cors:\n"),
        "unknown-field",
    ),
    Attack(
        "A7", "terraform's own settings", ("apis:\n", "»terraform: {}\napis:\n"), "unknown-field"
    ),
    Attack(
        "A7",
        "another backend of the state",
        ("  prefix: gateprint", "  »backend: {local: {path: /tmp/x}}"),
        "unknown-field",
        ENVIRONMENT,
    ),
    _origin("A8", "a quote and more", '"https://a\' + x"'),
    _origin("A8", "a quote alone", '"https://a\'"'),
    _origin("A8", "a mapping expression", "integration.response.header.X"),
    _origin("A8", "a method's header", "method.request.header.Origin"),
    _origin("A9", "a directive", "'\") #set($x=1)'"),
    _origin("A9", "a directive after a host", '"https://a.example#set($x=1)"'),
    _origin("A9", "$util", '"$util.parseJson($x)"'),
    _origin("A9", "$context in the host", '"https://$context.domainName"'),
    _origin("A9", "a reference in braces", '"https://${origin}"'),
    _origin("A10", "a newline in a header's value", r'"https://shop.example.com\nX: y"'),
    _origin("A10", "a newline at the end", r'"https://shop.example.com\n"'),
    _origin("A10", "a carriage return", r'"https://shop.example.com\r"'),
    *(
        Attack(
            "A10",
            f"{name} in a description",
            (_DESCRIPTION, f'description: »"a{sign}b"'),
            "control-character",
        )
        for name, sign in (
            ("a newline", r"\n"),
            ("a carriage return", r"\r"),
            ("NEL", r"\N"),
            ("a tab", r"\t"),
            ("NUL", r"\0"),
            ("an escape", r"\e"),
            ("DEL", r"\x7f"),
            ("U+2028", r"\L"),
            ("U+2029", r"\P"),
        )
    ),
    Attack(
        "A10",
        "a newline in a role's description",
        ("description: Reads pets.", r'description: »"Reads\npets."'),
        "control-character",
    ),
    Attack(
        "A10",
        "a block of text",
        ("description: Reads pets.", "description: »|\n      Reads\n      pets."),
        "control-character",
    ),
    Attack(
        "A10", "a newline in a role's name", ("  pets-reader:", '  »"pets\\nreader":'), "wrong-name"
    ),
    Attack(
        "A10",
        "an escape sequence in the file",
        ("owner: team-pets", "owner: »\x1b[31m"),
        "control-character",
    ),
    Attack(
        "A10", "NUL in the file", ("owner: team-pets", "owner: team»\0pets"), "control-character"
    ),
    Attack(
        "A10",
        "a turn of the writing",
        ("description: Reads pets.", "description: »Reads \u202estep."),
        "wrong-description",
    ),
)
