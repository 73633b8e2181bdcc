"""A11 to A23: what YAML makes of a text."""

from tests.attacks.attack import ENVIRONMENT, Attack, plain

_POST = "      POST /pets:\n        function: update_pets\n"
_PROD = "  prod: {environment: nonprod}"
_LAUGHS = "".join(
    f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" if n else "l0: &l0 [x, x]\n"
    for n in range(9)
)
_LAUGHS_MARKED = _LAUGHS.replace("*", "»*").replace("&", "»&")
_LAUGHS_CODES = tuple("anchor" if each == "&" else "alias" for each in _LAUGHS if each in "&*")


def _post(row: str, name: str, more: str, codes: str | tuple[str, ...]) -> Attack:
    return Attack(row, name, (_POST, f"{_POST}        {more}\n"), codes)


def _account(row: str, name: str, written: str) -> Attack:
    return Attack(row, name, ('"123456789012"', f"»{written}"), "wrong-account", ENVIRONMENT)


ATTACKS = (
    Attack(
        "A11",
        "an open door below a closed one",
        (_POST, f"{_POST}        auth: iam\n        »auth: none\n"),
        "duplicate-key",
    ),
    Attack(
        "A11",
        "one of the two in quotes",
        (_POST, f'{_POST}        auth: iam\n        »"auth": none\n'),
        "duplicate-key",
    ),
    Attack(
        "A11",
        "in braces",
        (_PROD, "  prod: {environment: nonprod, »environment: prod}"),
        "duplicate-key",
    ),
    Attack(
        "A11",
        "a whole route",
        (
            "functions:\n",
            "      »POST /pets: {auth: none, public: x, function: get_pet}\nfunctions:\n",
        ),
        "duplicate-key",
    ),
    Attack(
        "A11",
        "written with an escape",
        (_POST, f'{_POST}        auth: iam\n        »"\\u0061uth": none\n'),
        "duplicate-key",
    ),
    Attack("A12", "billion laughs", ("apis:\n", f"{_LAUGHS_MARKED}apis:\n"), _LAUGHS_CODES),
    Attack("A12", "one alias", ("owner: team-pets", "owner: »*x"), "alias"),
    Attack(
        "A13",
        "a list that holds itself",
        ("owner: team-pets", "owner: »&a [»*a]"),
        ("anchor", "alias"),
    ),
    Attack(
        "A13",
        "a mapping that holds itself",
        ("owner: team-pets", "owner: »&a {x: »*a}"),
        ("anchor", "alias"),
    ),
    Attack(
        "A14",
        "3,000 lists",
        ("owner: team-pets", "owner: " + "[" * 39 + "»" + "[" * 2961),
        "too-deep",
    ),
    Attack(
        "A14",
        "3,000 mappings",
        ("owner: team-pets", "owner: " + "{a: " * 39 + "»" + "{a: " * 2961),
        "too-deep",
    ),
    Attack(
        "A14",
        "3,000 dashes",
        ("owner: team-pets", "owner:\n" + "- " * 39 + "»" + "- " * 2961 + "x"),
        "too-deep",
    ),
    _post("A15", "off for a word", "auth: »off", "unknown-value"),
    _post("A15", "on for a name", "»on: push", "unknown-field"),
    Attack(
        "A15",
        "NO for false",
        ("app.update_pets}", "app.update_pets, proxy: »NO}"),
        "wrong-type",
    ),
    plain("A15", "NO for a country", ("{TABLE: pets}", "{TABLE: pets, COUNTRY: NO}")),
    plain(
        "A15", "off where it is a word", (_PROD, "  prod: {environment: nonprod, log_level: off}")
    ),
    _account("A16", "an octal number", "012345670123"),
    _account("A17", "a leading zero, not quoted", "012345678901"),
    plain("A17", "a leading zero", ('"123456789012"', '"012345678901"'), ENVIRONMENT),
    _account("A18", "underscores", "1234_5678_9012"),
    _account("A18", "quoted underscores", '"1234_5678_9012"'),
    _account("A18", "a hexadecimal number", "0x1234"),
    _account("A18", "a number to the base of 60", "190:20:30"),
    _account("A18", "an exponent", "1e11"),
    _account("A18", "a plus", '"+12345678901"'),
    Attack("A19", "a stage 1.10", ("  prod: {", "  »1.10: {"), "wrong-name", names="1.10"),
    Attack("A19", "a stage ~", ("  prod: {", "  »~: {"), "wrong-name", names='"~"'),
    plain("A19", "a stage that looks like a day", ("  prod: {", "  2024-01-01: {")),
    plain("A19", "a stage that looks like nothing", ("  prod: {", "  null: {")),
    plain("A19", "a stage that looks like a number", ("  prod: {", "  0x10: {")),
    Attack(
        "A19",
        "a grant on 1.10",
        ("stages: [dev]", "stages: [»1.10]"),
        "unknown-stage",
        names='"1.10"',
    ),
    Attack("A19", "a grant on ~", ("stages: [dev]", "stages: [»~]"), "unknown-stage", names='"~"'),
    Attack(
        "A19",
        "a grant on nothing",
        ("stages: [dev]", "»stages: []"),
        "wrong-type",
        names="stage names",
    ),
    Attack(
        "A20",
        "a call",
        ("owner: team-pets", 'owner: »!!python/object/apply:os.system ["id"]'),
        "tag",
    ),
    Attack("A20", "a name", ("owner: team-pets", "owner: »!!python/name:os.system x"), "tag"),
    Attack("A20", "a tag of one's own", ("owner: team-pets", "owner: »!env x"), "tag"),
    Attack(
        "A20",
        "a tag written out",
        ("owner: team-pets", "owner: »!<tag:yaml.org,2002:str> x"),
        "tag",
    ),
    Attack(
        "A21",
        "a merge of an anchor",
        ("apis:\n", "x: »&base {auth: none}\napis:\n", _POST, f"{_POST}        »<<: »*base\n"),
        ("anchor", "merge-key", "alias"),
    ),
    _post("A21", "a merge written out", "»<<: {auth: none}", "merge-key"),
    _post("A21", "the sign in quotes", '»"<<": {auth: none}', "unknown-field"),
    Attack("A22", "a second document", ("apis:\n", "»---\napis:\n"), "second-document"),
    Attack(
        "A22",
        "a second document after an end",
        ("apis:\n", "...\n»---\napis:\n"),
        "second-document",
    ),
    Attack("A22", "!!binary", ("owner: team-pets", "owner: »!!binary aGVsbG8="), "tag"),
    Attack("A22", "!!set", ("{table: pets-dev}", "»!!set {table}"), "tag"),
    plain(
        "A22", "a byte order mark, as some editors write", ("blueprint: 1", "\ufeffblueprint: 1")
    ),
    Attack("A22", "a byte order mark within", ("  prod: {", "  »\ufeffprod: {"), "wrong-name"),
    Attack(
        "A22",
        "a directive",
        ("blueprint: 1", "%TAG ! tag:x,2000:\n---\nowner2: »!env x\nblueprint: 1"),
        "tag",
    ),
    Attack(
        "A23", "over 1 MiB", ("blueprint: 1", "»blueprint: 1\n#" + "x" * 1024 * 1024), "too-large"
    ),
    Attack(
        "A23",
        "metadata above config/",
        ("identity/auth0.xml", "»../identity/auth0.xml"),
        "wrong-metadata-path",
        ENVIRONMENT,
    ),
    Attack(
        "A23",
        "metadata above config/, later",
        ("identity/auth0.xml", "»identity/../../x.xml"),
        "wrong-metadata-path",
        ENVIRONMENT,
    ),
    Attack(
        "A23",
        "metadata anywhere",
        ("identity/auth0.xml", "»/etc/passwd"),
        "wrong-metadata-path",
        ENVIRONMENT,
    ),
    Attack(
        "A23",
        "metadata with a backslash",
        ("identity/auth0.xml", "»..\\x.xml"),
        "wrong-metadata-path",
        ENVIRONMENT,
    ),
    Attack(
        "A23",
        "a source above lambdas/",
        ("    source: pets\n", "    source: »../pets\n"),
        "wrong-form",
    ),
    Attack(
        "A23",
        "the folder that all share",
        ("    source: pets\n", "    source: »shared\n"),
        "unknown-source",
    ),
    Attack(
        "A23",
        "a handler above the source",
        ("    handler: app.get_pet\n", "    handler: »../app.get_pet\n"),
        "wrong-form",
    ),
)
