"""A24 to A33: names, and what ARNs are made of."""

from tests.attacks.attack import ENVIRONMENT, Attack, warned

_ROLE = "  pets-reader:"
_STAGE = "  prod: {"
_ROUTE = "      GET /prices:"


def _role(row: str, name: str, written: str, code: str = "wrong-name") -> Attack:
    return Attack(row, name, (_ROLE, f"  »{written}:"), code)


def _stage(name: str, written: str) -> Attack:
    return Attack("A30", name, (_STAGE, f"  »{written}: {{"), "wrong-name")


def _account(row: str, name: str, written: str) -> Attack:
    return Attack(row, name, ('"123456789012"', f"»{written}"), "wrong-account", ENVIRONMENT)


def _route(name: str, written: str) -> Attack:
    edit = ("functions:\n", f"      »{written}: {{mock: {{status: 200}}}}\nfunctions:\n")
    return Attack("A31", name, edit, "wrong-route")


ATTACKS = (
    _role("A24", "a second pair after a comma", '"x,arn:aws:iam::1:saml-provider/evil"'),
    _role("A24", "a comma alone", '"a,b"'),
    _role("A25", "a path", "a/b"),
    _role("A25", "a path upwards", "../admin"),
    _role("A25", "a star", "r*"),
    _role("A25", "a question mark", "r?"),
    _role("A25", "65 characters", "r" * 65),
    Attack("A25", "nothing", (_ROLE, '  »"":'), "wrong-name", names='""'),
    _role("A26", "a Cyrillic letter", "\u0430dmin"),
    _role("A26", "a letter of full width", "admi\uff4e"),
    _role("A26", "the sign for Kelvin", "\u212aeeper"),
    _role("A26", "a sign of no width", "ad\u200bmin"),
    _account("A26", "digits of full width", '"\uff11\uff12\uff13456789012"'),
    _account("A26", "Arabic digits", '"\u0661\u0662\u0663456789012"'),
    Attack(
        "A26",
        "a duration in digits of full width",
        ("max_session: 1h", "max_session: »\uff11h"),
        "wrong-duration",
    ),
    Attack(
        "A26",
        "a number in Arabic digits",
        ("memory_mib: 128", "memory_mib: »\u0661\u0662\u0668"),
        "wrong-number",
    ),
    Attack(
        "A26",
        "a letter of full width in a path",
        (_ROUTE, "      »GET /price\uff53:"),
        "wrong-path",
    ),
    Attack("A26", "a Cyrillic blueprint", ("name: pets\n", "name: »p\u0435ts\n"), "wrong-name"),
    Attack(
        "A27",
        "two roles in one blueprint",
        (
            _ROLE,
            (
                "  Pets-Reader: {identity_provider: auth0, "
                "allow: [{stages: all, routes: all}]}\n  »pets-reader:"
            ),
        ),
        "role-taken",
    ),
    _role("A28", "of Identity Center", "AWSReservedSSO_x", "reserved-name"),
    _role("A28", "of Identity Center, in capitals", "AWSRESERVEDSSO_x", "reserved-name"),
    _account("A29", "nine digits", '"012345670"'),
    _account("A29", "13 digits", '"1234567890123"'),
    _account("A29", "a star", '"*"'),
    _account("A29", "a newline at the end", r'"123456789012\n"'),
    _account("A29", "an ARN", '"arn:aws:iam::123456789012:root"'),
    _stage("a star", '"*"'),
    _stage("the beginning of some", "T*"),
    _stage("a slash", "a/b"),
    _stage("a stage and a method", "Test/GET"),
    Attack("A30", "nothing", (_STAGE, '  »"": {'), "wrong-name", names='""'),
    _stage("129 characters", "s" * 129),
    _stage("a newline at the end", r'"prod\n"'),
    _stage("a question mark", '"pro?"'),
    _stage("a space", "pro d"),
    _stage("dots", '".."'),
    _stage("an escaped slash", "a%2Fb"),
    _stage("a variable", '"${stageVariables.x}"'),
    _route("small letters", "get /prices"),
    _route("a star", '"* /prices"'),
    _route("no method of HTTP", "FOO /prices"),
    _route("a method that API Gateway lacks", "TRACE /prices"),
    _route("two methods", '"GET,POST /prices"'),
    _route("two methods with a bar", "GET|POST /prices"),
    _route("a tab", r'"GET\t/prices"'),
    _route("nothing but a path", "/prices"),
    Attack(
        "A31",
        "nothing",
        ("functions:\n", '      »"": {mock: {status: 200}}\nfunctions:\n'),
        "wrong-route",
        names='""',
    ),
    warned(
        "A31",
        "a grant of any method",
        (_ROUTE, "      ANY /prices:", "[GET /prices]", "[»ANY /prices]"),
        "any-method",
    ),
    Attack(
        "A32",
        "a function of another partition",
        (
            "        function: get_pet\n",
            "        lambda_arn: »arn:aws-cn:lambda:us-east-2:123456789012:function:x\n",
        ),
        "wrong-place",
    ),
    Attack(
        "A32",
        "a web ACL of another region",
        (
            "    variables: {table: pets-dev}\n",
            "    waf_acl: »arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shop/1a2b\n",
        ),
        "wrong-place",
        names="web ACL",
    ),
    Attack(
        "A32",
        "a web ACL of another account",
        (
            "    variables: {table: pets-dev}\n",
            "    waf_acl: »arn:aws:wafv2:us-east-2:210987654321:regional/webacl/shop/1a2b\n",
        ),
        "wrong-place",
        names="web ACL",
    ),
    Attack(
        "A32",
        "the state's key of another partition",
        (
            "  prefix: gateprint\n",
            "  prefix: gateprint\n  kms_key: »arn:aws-cn:kms:cn-north-1:123456789012:key/1\n",
        ),
        "wrong-place",
        ENVIRONMENT,
    ),
    Attack(
        "A32", "an isolated partition", ("us-east-2", "»us-iso-east-1"), "wrong-region", ENVIRONMENT
    ),
    Attack("A32", "a star for the region", ("us-east-2", '»"*"'), "wrong-region", ENVIRONMENT),
    Attack(
        "A32",
        "a host in the region",
        ("us-east-2", "»us-east-2.evil.example"),
        "wrong-region",
        ENVIRONMENT,
    ),
    Attack(
        "A33",
        "a star for the API",
        ("      - stages: [dev]\n", '      - stages: [dev]\n        api: »"*"\n'),
        "unknown-api",
    ),
    Attack(
        "A33",
        "an API and a stage",
        ("      - stages: [dev]\n", "      - stages: [dev]\n        api: »abc/Test\n"),
        "unknown-api",
    ),
    Attack(
        "A33",
        "an id of one's own",
        ("    cors:\n", "    »id: abc123\n    cors:\n"),
        "unknown-field",
    ),
)
