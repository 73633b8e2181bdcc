"""A0: what a hostile user would think of next."""

from dataclasses import replace

from tests.attacks.attack import ENVIRONMENT, Attack, warned

_POST = "        function: update_pets\n"
_ENDPOINT = "region: us-east-2\n"


def _http(name: str, written: str) -> Attack:
    return Attack("A0", name, (_POST, f"        http: »{written}\n"), "wrong-form")


def _endpoint(name: str, written: str) -> Attack:
    edit = (_ENDPOINT, f"{_ENDPOINT}endpoint: »{written}\n")
    return Attack("A0", name, edit, "wrong-endpoint", ENVIRONMENT)


def _variable(name: str, written: str, code: str) -> Attack:
    return Attack("A0", name, ("{TABLE: pets}", f"{{»{written}: x}}"), code)


def _tag(name: str, written: str, code: str) -> Attack:
    return Attack("A0", name, ("{cost-center: shop}", f"{{»{written}: x}}"), code, ENVIRONMENT)


ATTACKS = (
    _http("a stage variable for a host", '"https://${stageVariables.host}/x"'),
    _http("a file", "file:///etc/passwd"),
    _http("a user in an address", '"https://user:word@a.example/x"'),
    _http("a query in an address", '"https://a.example/x?y=1"'),
    _http("a newline in an address", r'"https://a.example/x\n"'),
    _http("a star for a host", '"https://*/x"'),
    _endpoint("a host that begins like loopback", "http://127.0.0.1.evil.example:80"),
    _endpoint("loopback for a user", "http://localhost:80@evil.example"),
    _endpoint("all addresses", "http://0.0.0.0:4599"),
    _endpoint("AWS's metadata", "http://169.254.169.254:80"),
    _endpoint("loopback as a number", "http://2130706433:80"),
    _endpoint("a path of an endpoint", "http://127.0.0.1:4599/x"),
    _variable("Lambda's own credentials", "AWS_ACCESS_KEY_ID", "reserved-name"),
    _variable("Lambda's wrapper", "AWS_LAMBDA_EXEC_WRAPPER", "reserved-name"),
    _variable("the handler", "_HANDLER", "wrong-form"),
    _tag("a tag of AWS", "aws:x", "reserved-name"),
    replace(_tag("a tag of AWS in capitals", "AWS:x", "reserved-name"), names="aws:"),
    _tag("a tag of gateprint", "gateprint:blueprint", "reserved-name"),
    Attack(
        "A0", "the stacks of the account", ("name: pets\n", "name: »account\n"), "reserved-name"
    ),
    Attack("A0", "a path for a name", ("name: pets\n", "name: »../x\n"), "wrong-name"),
    Attack(
        "A0",
        "the name of the preflight's function",
        ("  list_pets: {", "  »noop: {", "function: list_pets", "function: noop"),
        "reserved-name",
    ),
    Attack(
        "A0",
        "a function of Python itself",
        ("handler: app.get_pet\n", "handler: »os.system\n"),
        "unknown-handler",
    ),
    Attack(
        "A0",
        "upwards in the state's key",
        ("prefix: gateprint", "prefix: »a/../../b"),
        "wrong-form",
        ENVIRONMENT,
    ),
    Attack(
        "A0",
        "a bucket with a path",
        ("acme-terraform-state", "»acme/other"),
        "wrong-form",
        ENVIRONMENT,
    ),
    Attack(
        "A0",
        "an environment upwards",
        ("  prod: {environment: nonprod}", "  prod: {environment: »../nonprod}"),
        "unknown-environment",
    ),
    Attack(
        "A0",
        "a terminal's escape in a name",
        ("owner: team-pets", 'owner: team-pets\n»"\\e[31m": x'),
        "unknown-field",
        names="31m",
    ),
    Attack(
        "A0",
        "a workflow command of GitHub",
        ("  prod: {", '  »"a\\n::error::x": {'),
        "wrong-name",
        names="::error::x",
    ),
    Attack(
        "A0",
        "a huge number",
        ("memory_mib: 128", "memory_mib: »" + "9" * 5000),
        "wrong-number",
        names="10240",
    ),
    Attack("A0", "not a number", ("memory_mib: 128", "memory_mib: ».nan"), "wrong-number"),
    Attack("A0", "another base", ("memory_mib: 128", "memory_mib: »0x100"), "wrong-number"),
    Attack(
        "A0",
        "a reason that begins one",
        (
            "        routes: [GET /prices]\n",
            '        routes: [GET /prices]\n        overreach: »"accepted because "\n',
        ),
        "wrong-overreach",
    ),
    Attack(
        "A0",
        "another role's permissions and a trust of one's own",
        (
            "    max_session: 1h\n",
            "    existing: true\n",
            "    identity_provider: auth0\n",
            "    »identity_provider: auth0\n",
        ),
        "existing-role",
    ),
    Attack(
        "A0",
        "the role of the stack's functions",
        ("  pets-reader:", "  »pets-nonprod-functions:"),
        "role-taken",
    ),
    warned(
        "A0",
        "a sign that IAM refuses in tags",
        ("owner: team-pets", "owner: »team&pets"),
        "odd-tag",
    ),
)
