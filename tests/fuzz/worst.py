"""The worst files of the full size: each is as large as the cap allows, and hard in its own way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from gateprint.model.source import VALUES_LIMIT

SIZE = 1024 * 1024

_HEAD = "blueprint: 1\nname: pets\nstages:\n  dev: {environment: nonprod}\n"
_API = "apis:\n  pets:\n    routes:\n"
_ROUTE = "      GET /pets: {mock: {status: 200}}\n"
_START = _HEAD + _API + _ROUTE
Line = Callable[[int], str]
Make = Callable[[], str]


class Files(Mapping[str, str]):
    """Texts by their names, each made when it is asked for: together they take 170 MB."""

    def __init__(self, makes: Mapping[str, Make]) -> None:
        self._makes = makes

    def __getitem__(self, name: str) -> str:
        return self._makes[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makes)

    def __len__(self) -> int:
        return len(self._makes)


_ROLE = "    identity_provider: auth0\n    allow:\n"


def _fill(head: str, line: Line, tail: str = "", most: int = SIZE) -> str:
    """Repeat numbered parts up to the size, or up to a number of them; a comment fills the rest."""
    room = SIZE - len((head + tail).encode()) - 2
    parts: list[str] = []
    while len(parts) < most and (size := len((part := line(len(parts))).encode())) <= room:
        parts.append(part)
        room -= size
    is_block = most < SIZE and (head + "".join(parts) + tail).endswith("\n")
    return head + "".join(parts) + tail + (f"#{'x' * room}\n" if is_block else "")


def _filled(head: str, line: Line, tail: str = "", most: int = SIZE) -> Make:
    return partial(_fill, head, line, tail, most)


def _both(
    name: str, head: str, line: Line, each: int, tail: str = ""
) -> Iterator[tuple[str, Make]]:
    """Yield the file of the full size, and one with as many values as are read.

    `each` is how many values a part has.
    """
    yield name, _filled(head, line, tail)
    yield (
        f"{name}, as many as are read",
        _filled(head, line, tail, (VALUES_LIMIT - 40) // each),
    )


def _repeat(head: str, part: str, tail: str) -> str:
    count = (SIZE - len((head + tail).encode())) // len(part.encode())
    return head + part * count + tail


def _repeated(head: str, part: str, tail: str = "") -> Make:
    return partial(_repeat, head, part, tail)


def _field(head: str, before: str, after: str, part: str) -> Make:
    return _repeated(head + before, part, after)


def _flat() -> Iterator[tuple[str, Make]]:
    yield from _both("shallow lists", "[", lambda _: "[],", 1, "[]]\n")
    yield "open brackets", _repeated("", "[")
    yield "open braces", _repeated("", "{")
    yield "braces and keys", _repeated("", "{a: ")
    yield from _both("list items", "", lambda _: "- a\n", 1)
    yield "list items of one byte", _repeated("", "-\n")
    yield from _both("items in one line", "[", lambda _: "a,", 1, "a]\n")
    yield "nested list items", _repeated("", "- " * 39 + "a\n")
    yield "questions", _repeated("", "? ")
    yield "complex keys", _repeated("", "? a\n")
    yield "colons", _repeated("", ": ")
    yield "one line", _repeated("", "a")
    yield "one scalar", _repeated('a: "', "b", '"\n')
    yield "one scalar of many lines", _repeated("a: |\n", "  b\n")
    yield "one plain scalar of many lines", _repeated("a: b\n", "  b\n")
    yield "one folded scalar", _repeated("a: >\n", "  b\n\n")
    yield "one key", _repeated("", "a", ": b\n")
    yield "one quoted key", _repeated('"', "a", '": b\n')
    yield "comments", _repeated("", "#\n")
    yield "one comment", _repeated("#", "a")
    yield "quotes", _repeated("", '"')
    yield "single quotes", _repeated("", "'")
    yield "empty quotes", _repeated("[", '"",', '""]')
    yield "newlines", _repeated("", "\n")
    yield "carriage returns", _repeated("", "\r")
    yield "newlines before an error", _repeated("", "\n", "]\n")
    yield "escapes", _repeated('a: "', "\\x61", '"\n')
    yield "backslashes", _repeated('a: "', "\\\\", '"\n')
    yield "tabs", _repeated("", "\t")
    yield "tabs in a value", _repeated("a: b", "\t", "c\n")
    yield "blanks", _repeated("", " ")
    yield "byte order marks", _repeated("", "\ufeff")
    yield "emoji", _repeated("a: ", "\U0001f600", "\n")
    yield "next lines", _repeated("", "\x85")
    yield from _both("anchors", "", lambda n: f"a{n}: &a{n} b\n", 1)
    yield "aliases", _repeated("a: &a b\nc: [", "*a,", "*a]\n")
    yield from _both("tags", "", lambda n: f"a{n}: !!str b\n", 1)
    yield "documents", _repeated("", "---\n")
    yield "documents with values", _repeated("", "--- a\n")
    yield "merge keys", _repeated("", "<<: {}\n")
    yield "duplicate keys", _repeated("", "a: b\n")
    yield "duplicate keys of one byte", _repeated("{", "a,", "a}")
    yield from _both("unknown fields", _START, lambda n: f"x{n}: y\n", 1)
    yield from _both("empty values", _START, lambda n: f"x{n}:\n", 1)
    yield from _both("empty items", _START + "roles:\n", lambda _: "-\n", 1)
    yield "lists as keys", _repeated("{", "[]: a,", "[]: a}")
    yield "invalid directives", _repeated("", "%A b\n")
    yield "tokens", _repeated(_START, "x: TfToken[\n")
    yield from _both("tokens under names", _START, lambda n: f"x{n}: TfToken[\n", 1)


def _long_lines() -> Iterator[tuple[str, Make]]:
    """Every diagnostic of these carries the same line of a million characters."""
    yield from _both("unknown fields in one line", "{", lambda n: f"x{n}: y,", 1, "z: z}\n")
    yield "duplicate keys in one line", _repeated("{", "a: b,", "a: b}")
    yield from _both("tags in one line", "[", lambda _: "!a b,", 1, "b]\n")
    yield "anchors in one line", _filled("[", lambda n: f"&a{n} b,", "b]")
    yield "aliases in one line", _repeated("[&a b,", "*a,", "*a]")
    routes = _START + "roles: {r: {identity_provider: auth0, allow: [{stages: all, routes: ["
    yield from _both("unknown routes in one line", routes, lambda n: f"GET /{n},", 1, "a]}]}}\n")
    words = _START + "roles: {r: {identity_provider: auth0, allow: [{stages: all, routes: ["
    long = "x" * 40
    yield from _both("long words in one line", words, lambda n: f"{long}{n},", 1, "a]}]}}\n")


def _routes() -> Iterator[tuple[str, Make]]:
    head, mock = _HEAD + _API, "{mock: {status: 200}}"
    yield from _both("routes", head, lambda n: f"      GET /{n:x}: {mock}\n", 3)
    yield from _both("bad routes", head, lambda n: f"      GET //{n}: {mock}\n", 3)
    yield from _both("bad routes of few bytes", head + "      {", lambda n: f"{n:x},", 1, "}\n")
    yield from _both("routes without a backend", head, lambda n: f"      GET /{n:x}: {{}}\n", 1)
    yield from _both("sibling parameters", head, lambda n: f"      GET /{{p{n:x}}}: {mock}\n", 3)
    yield from _both("twin routes", head, lambda n: f"      GET /{_cased(n)}: {mock}\n", 3)
    yield "a path of many segments", _repeated(head + "      GET ", "/a", f": {mock}\n")
    yield (
        "a path of many parameters",
        _filled(head + '      ? "GET ', lambda n: f"/{{a{n:x}}}", f'"\n      : {mock}\n'),
    )
    wrong = "      GET /%x: {function: list_petz%x}\n"
    yield from _both("unknown functions", head, lambda n: wrong % (n, n), 2, _FUNCTIONS)
    placed = _field(head, "      GET /a: {http: 'https://a.example/", "'}\n", "{b}")
    yield "unknown parameters", placed
    api = f"  a%x: {{routes: {{GET /: {mock}}}}}\n"
    yield from _both("APIs", _HEAD + "apis:\n", lambda n: api % n, 5)
    stage = "  s%x: {environment: nonprod}\n"
    few = "blueprint: 1\nname: pets\nstages:\n"
    yield from _both("stages", few, lambda n: stage % n, 2, _API + _ROUTE)


def _cased(number: int) -> str:
    return "".join(
        letter.upper() if number >> place & 1 else letter
        for place, letter in enumerate("abcdefghijklmnop")
    )


_FUNCTIONS = "functions:\n  list_pets: {source: pets, handler: app.list_pets}\n"


def _roles() -> Iterator[tuple[str, Make]]:
    everything = "      - {stages: all, routes: all}\n"
    yield from _both("roles", _START + "roles:\n", lambda n: f"  r{n}:\n{_ROLE}{everything}", 6)
    yield from _both("grants", f"{_START}roles:\n  r:\n{_ROLE}", lambda _: everything, 3)
    flow = "existing: true, allow: [{stages: all, routes: all}]"
    mock, one = "{mock: {status: 200}}\n", f"  r:\n{_ROLE}"
    yield from _halves(
        "roles beside routes",
        (lambda n: f"      GET /{n:x}: {mock}", 3),
        (lambda n: f"  r{n}: {{{flow}}}\n", 6),
    )
    yield from _halves(
        "overreaches of one role",
        (lambda n: f"      GET /{{a}}/{n:x}: {mock}", 3),
        (lambda n: f"      - {{stages: all, routes: ['GET /{{a}}/{n:x}']}}\n", 4),
        one,
    )
    yield from _halves(
        "overreaches of many roles",
        (lambda n: f"      GET /{{a}}/{n:x}: {mock}", 3),
        (lambda n: f"  r{n}:\n{_ROLE}      - {{stages: all, routes: ['GET /{{a}}/{n:x}']}}\n", 7),
    )
    names = _START.replace("dev:", "development-of-all-the-pets:")
    near = "      - {stages: [development-of-all-teh-pets%x], routes: all}\n"
    yield from _both("misspelt stages", f"{names}roles:\n  r:\n{_ROLE}", lambda n: near % n, 4)
    yield from _halves(
        "misspelt routes",
        (lambda n: f"      GET /pets/{{id}}/owners/{n:x}: {mock}", 3),
        (lambda n: f"      - {{stages: all, routes: ['GET /pets/{{id}}/onwers/{n:x}']}}\n", 4),
        one,
    )
    providers = "  r%x: {identity_provider: auth%x, allow: [{stages: all, routes: all}]}\n"
    yield from _both("unknown providers", _START + "roles:\n", lambda n: providers % (n, n), 6)
    claims = _START + "roles:\n  r:\n    when: {edupersonaffiliation: ["
    tail = f"]}}\n{_ROLE}{everything}"
    yield from _both("accepted values", claims, lambda n: f"v{n:x},", 1, tail)
    keys, rest = _START + "roles:\n  r:\n    when: {", f"}}\n{_ROLE}{everything}"
    yield from _both("unknown attributes", keys, lambda n: f"mial{n:x}: [a],", 2, rest)
    yield from _both(
        "roles of one name", _START + "roles:\n", lambda n: f"  {_cased(n)}: {{{flow}}}\n", 6
    )


def _halves(
    name: str, first: tuple[Line, int], second: tuple[Line, int], between: str = ""
) -> Iterator[tuple[str, Make]]:
    """Spend half of the room on routes and half on roles: of bytes, and of values."""
    yield name, partial(_half_and_half, first, second, between, SIZE)
    values = VALUES_LIMIT // 2 - 20
    yield (
        f"{name}, as many as are read",
        partial(_half_and_half, first, second, between, values),
    )


def _half_and_half(
    first: tuple[Line, int], second: tuple[Line, int], between: str, values: int
) -> str:
    lines = [first[0](number) for number in range(values // first[1])]
    while sum(map(len, lines)) > SIZE // 2:
        del lines[len(lines) * 9 // 10 :]
    head = _HEAD + _API + "".join(lines) + "roles:\n" + between
    return _fill(head, second[0], "", values // second[1])


def _words() -> Iterator[tuple[str, Make]]:
    """One huge text in every field, of the kind that its pattern reads longest."""
    yield "beginnings of secrets", _field(_START, "description: ", "\n", "eyJ-")
    yield "beginnings of keys", _field(_START, "description: '", "'\n", "-----BEGIN ")
    yield "words of capitals", _field(_START, "description: ", "\n", "AKIA ")
    route = "      GET /pets: {mock: {status: 200}"
    api, role = _HEAD + _API, _START + "roles:\n"
    everything = "    allow:\n      - {stages: all, routes: all}\n"
    function = _START + "functions:\n  f: {source: pets, handler: "
    yield "a long near miss of a field", _repeated(_START, "descriptio", ": x\n")
    yield "a long near miss of a value", _field(_START, "    endpoint: ", "\n", "regional")
    yield (
        "a long near miss of a log level",
        _field(_HEAD.replace("}", ", log_level: "), "", f"}}\n{_API}{_ROUTE}", "info"),
    )
    yield "a long name", _field("blueprint: 1\nname: ", "", "!\n", "a-")
    yield "a long description", _field(_START, "description: ", "\n", "a ")
    yield "a long handler", _field(function, "", "!}\n", "a.")
    yield "a long handler without a dot", _field(function, "", "!}\n", "a")
    yield (
        "a long source",
        _field(_START + "functions:\n  f: {handler: app.f, source: ", "", "}\n", "p"),
    )
    yield "a long origin", _field(_START, "    cors: {origins: ['https://", "!']}\n", "a-")
    yield (
        "a long origin of dots",
        _field(_START, "    cors: {origins: ['https://", "!']}\n", "a."),
    )
    yield (
        "a long origin of digits",
        _field(_START, "    cors: {origins: ['https://[", "!']}\n", "0:"),
    )
    yield (
        "a long address",
        _field(api + "      GET /: {http: 'https://", "", "!'}\n", "a."),
    )
    yield (
        "a long path of an address",
        _field(api + "      GET /: {http: 'https://a/", "", "\"'}\n", "a/"),
    )
    yield (
        "open parameters of an address",
        _field(api + "      GET /: {http: 'https://a/", "", "'}\n", "{"),
    )
    yield (
        "a long ARN",
        _field(api + "      GET /: {lambda_arn: 'arn:aws", "", "'}\n", "-a"),
    )
    yield "a long media type", _field(_START, "    binary_types: ['", "']\n", "a/")
    yield "a long endpoint id", _field(_START, "    vpc_endpoints: ['vpce-", "']\n", "0")
    yield (
        "a long web ACL",
        _field(_HEAD.replace("}", ", waf_acl: 'arn:aws"), "", f"'}}\n{_API}{_ROUTE}", ":a"),
    )
    yield (
        "a long variable",
        _field(_HEAD.replace("}", ", variables: {a: '"), "", f"!'}}}}\n{_API}{_ROUTE}", "a"),
    )
    yield "a long number", _field(api + route[:-4] + "", "", "}}\n", "9")
    yield (
        "a long rate",
        _field(
            _HEAD.replace("}", ", throttle: {burst: 1, rate: 1."), "", f"}}}}\n{_API}{_ROUTE}", "1"
        ),
    )
    yield (
        "a long duration",
        _field(role + "  r:\n    max_session: ", "", f"h\n{everything}", "1"),
    )
    yield (
        "a long overreach",
        _field(
            role
            + "  r:\n    allow:\n      - {stages: all, routes: all, overreach: 'accepted because ",
            "",
            "'}\n",
            "a ",
        ),
    )
    yield (
        "a long claim",
        _field(role + "  r:\n    when: {mail: ['", "", f"']}}\n{everything}", "é"),
    )
    yield (
        "a long attribute",
        _field(role + "  r:\n    when: {", "", f": [a]}}\n{everything}", "mail"),
    )
    yield (
        "a long role name",
        _field(role + "  ? '", "", f"'\n  :\n{_ROLE}      - {{stages: all, routes: all}}\n", "a-"),
    )
    yield (
        "a long stage",
        _field(role + f"  r:\n{_ROLE}      - {{stages: ['", "", "'], routes: all}\n", "dev"),
    )
    yield (
        "a long route",
        _field(role + f"  r:\n{_ROLE}      - {{stages: all, routes: ['", "", "']}\n", "GET /pets"),
    )
    yield (
        "a long API",
        _field(
            role + f"  r:\n{_ROLE}      - {{stages: all, routes: all, api: '", "", "'}\n", "pets"
        ),
    )
    yield (
        "a long function",
        _field(api + "      GET /: {function: '", "", f"'}}\n{_FUNCTIONS}", "list_pets"),
    )
    yield (
        "a long provider",
        _field(role + "  r:\n    identity_provider: '", "", f"'\n{everything}", "auth0"),
    )
    yield (
        "a long environment",
        _field(_HEAD.replace("nonprod}", "'"), "", f"'}}\n{_API}{_ROUTE}", "nonprod"),
    )
    yield (
        "a long path segment",
        _field(api + '      ? "GET /', "", '"\n      : {mock: {status: 200}}\n', "a"),
    )
    yield (
        "a long path parameter",
        _field(api + '      ? "GET /{', "", '}"\n      : {mock: {status: 200}}\n', "a"),
    )
    yield (
        "open parameters of a path",
        _field(api + '      ? "GET /', "", '"\n      : {mock: {status: 200}}\n', "{"),
    )
    yield (
        "a long method",
        _field(api + '      ? "', "", ' /"\n      : {mock: {status: 200}}\n', "GET"),
    )


def blueprints() -> Files:
    """Return the worst blueprints, by what is wrong with them."""
    return Files(dict((*_flat(), *_long_lines(), *_routes(), *_roles(), *_words())))


_ENVIRONMENT = 'environment: nonprod\naccount: "123456789012"\nregion: us-east-2\n'
_STATE = "state: {bucket: acme-terraform-state}\n"


def environments() -> Files:
    """Return the worst environments, by what is wrong with them."""
    head, provider = _ENVIRONMENT + _STATE, "{issuer: 'urn:a', metadata: identity/auth0.xml}"
    providers = head + "identity_providers:\n"
    makes: dict[str, Make] = {
        **dict(_both("tags", head + "tags:\n", lambda n: f"  t{n}: a\n", 1)),
        **dict(_both("providers", providers, lambda n: f"  p{n:x}: {provider}\n", 3)),
        "a long region": _field(
            _ENVIRONMENT.removesuffix("us-east-2\n"), "us", "!\n" + _STATE, "-a"
        ),
        "a long account": _field('environment: nonprod\naccount: "', "", '"\n', "1"),
        "a long bucket": _field(_ENVIRONMENT, "state: {bucket: '", "!'}\n", "a."),
        "a long prefix": _field(_ENVIRONMENT, "state: {bucket: abc, prefix: '", "!'}\n", "a/"),
        "a long prefix of dots": _field(
            _ENVIRONMENT, "state: {bucket: abc, prefix: '", "!'}\n", "."
        ),
        "a long key": _field(_ENVIRONMENT, "state: {bucket: abc, kms_key: 'alias/", "!'}\n", ":/"),
        "a long project": _field(
            _ENVIRONMENT, "state: {hcp: {organization: a, project: '", "'}}\n", "a "
        ),
        "a long issuer": _field(providers, "  a: {metadata: a, issuer: '", "!'}\n", "a:"),
        "a long metadata path": _field(providers, "  a: {issuer: a, metadata: '", "!'}\n", "a/"),
        "a long metadata name": _field(providers, "  a: {issuer: a, metadata: '", "'}\n", "a"),
        "a long endpoint": _field(head, "endpoint: 'http://127.0.0.1:1", "'\n", "0"),
        "a long tag": _field(head, "tags: {a: '", "'}\n", "é"),
        **dict(_both("unknown fields", head, lambda n: f"x{n}: y\n", 1)),
    }
    return Files(makes)
