"""Mapping templates: what they print, and what is refused before it is deployed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateprint.local.gateway.exchange import Exchange
from gateprint.local.gateway.faults import Fault
from gateprint.local.gateway.stage import read_stage
from gateprint.local.gateway.variables import Context, escape_java_script, variables
from gateprint.local.gateway.vtl.parser import parse
from gateprint.local.gateway.vtl.render import render
from gateprint.local.gateway.vtl.syntax import TemplateRejected
from gateprint.stack.publish import _BAD_REQUEST_BODY, EVENT_TEMPLATE
from gateprint.stack.text import verbatim_template
from tests.local.data_plane.made import NOW, STAGE, method, request, snapshot

STAGE_SETTINGS = {"stageName": STAGE, "variables": {"table": "pets"}}


def printed(template: str, body: str = "", target: str = "/pets/7?kind=cat&kind=dog") -> str:
    return shown(template, body, target)[0]


def shown(template: str, body: str = "", target: str = "/pets") -> tuple[str, Context]:
    headers = (("Origin", "https://a.example"),)
    api = snapshot({"GET /pets/{id}": method()})
    made = request(target, headers=headers)
    exchange = Exchange(made, api, read_stage(STAGE_SETTINGS), "/", "id", NOW)
    exchange.path_parameters = {"id": "caf%C3%A9"}
    context = Context({"stage": "dev", "identity": {"userArn": "arn:x", "caller": None}})
    return render(parse(template), variables(exchange, context, body)), context


PRINTED = [
    ("plain { } 50% a@b.c", "plain { } 50% a@b.c"),
    ("costs $5 and $ and # and #1", "costs $5 and $ and # and #1"),
    ("$unknown ${unknown} $!unknown|", "$unknown ${unknown} |"),
    ("#set($x = 'a')$x ${x}b $!x", "a ab a"),
    ('#set($x = "is $context.stage")$x', "is dev"),
    ("#set($x = 'is $context.stage')$x", "is $context.stage"),
    ("#set($x = 3 + 4 * 2)$x", "11"),
    ("#set($x = (3 + 4) * 2)$x", "14"),
    ("#if(1 < 2 && !false)yes#{else}no#end", "yes"),
    ("#if($unknown)a#elseif('x' == \"x\")b#{else}c#end", "b"),
    ("#if($unknown || 2 != 2)a#{else}c#end", "c"),
    ("#foreach($x in ['a', 'b'])$foreach.index$x#if($foreach.hasNext),#end#end", "0a,1b"),
    ('#set($m = {"k": 1})#foreach($e in $m.entrySet())$e.key=$e.value#end', "k=1"),
    ("## a comment\nb#* c *#d", "bd"),
    ("#[[$x #if]]#", "$x #if"),
    ("$context.stage $context.identity.userArn|$context.identity.caller|", "dev arn:x||"),
    ("$stageVariables.table$stageVariables.get('table')|$stageVariables.no|", "petspets||"),
    (
        "$input.params('id') $input.params('kind') $input.params('ORIGIN')|$input.params('no')|",
        "café dog https://a.example||",
    ),
    ("$input.params().querystring.kind", "dog"),
    ("$input.params().header.get('Origin')", "https://a.example"),
    ("$util.base64Encode('a') $util.base64Decode('YQ==')", "YQ== a"),
    ("$util.urlEncode('a b&c') $util.urlDecode('a+b')", "a+b%26c a b"),
    ("$util.parseJson('{\"a\": [7]}').a[0]", "7"),
    ("#set($x = 'abc')$x.substring(1)$x.toUpperCase()$x.length()$x.contains('b')", "bcABC3true"),
    ("#set($x = 'a-b')$x.replace('-', '+')$x.split('-').get(1)$x.indexOf('b')", "a+bb2"),
    ("#set($x = 'a1b22')$x.replaceAll('([0-9]+)', '<$1>')", "a<1>b<22>"),
    ("#set($x = 'a')\n#set($y = 'b')\n$x$y", "ab"),
]


@pytest.mark.parametrize(("template", "expected"), PRINTED)
def test_a_template_prints_as_velocity_does(template: str, expected: str) -> None:
    assert printed(template) == expected


BODIES = [
    ("$input.body", '{"a": 1}', '{"a": 1}'),
    ("$input.body", "", "{}"),
    ("$input.json('$')", '{ "a": [1, "é"] }', '{"a":[1,"é"]}'),
    ("$input.json('$.a[1]')", '{"a": [1, "é"]}', '"é"'),
    ("$input.json('$')", "", "{}"),
    ("$input.path('$.a.b')", '{"a": {"b": "c"}}', "c"),
    ("$input.path('$')['a']", '{"a": 7}', "7"),
    ("#foreach($p in $input.path('$.pets'))$p.type;#end", '{"pets": [{"type": "cat"}]}', "cat;"),
]


@pytest.mark.parametrize(("template", "body", "expected"), BODIES)
def test_a_template_reads_the_body(template: str, body: str, expected: str) -> None:
    assert printed(template, body) == expected


def test_a_body_that_is_no_json_is_the_callers_mistake() -> None:
    with pytest.raises(Fault) as fault:
        printed("$input.json('$')", '{"a"')
    assert (fault.value.status, fault.value.kind) == (400, "DEFAULT_4XX")
    assert fault.value.message.startswith("Could not parse request body into json: ")


def test_an_answer_is_overridden() -> None:
    template = (
        '#set($context.responseOverride.header.Access-Control-Allow-Origin = "https://b")'
        "#set($context.responseOverride.status = 201)"
    )
    output, context = shown(template)
    assert output == ""
    assert context.overrides == {
        ("responseOverride", "header", "Access-Control-Allow-Origin"): "https://b",
        ("responseOverride", "status"): "201",
    }


def test_the_compilers_event_is_json_whatever_the_caller_sends() -> None:
    target = "/pets/7?q=it%27s%20%22a%22%20%5C%20%0A%20%F0%9F%90%88&empty="
    event = json.loads(printed(EVENT_TEMPLATE, '{"a": "it\'s"}', target))
    assert event["body"] == {"a": "it's"}
    assert event["query"] == {"q": 'it\'s "a" \\ \n 🐈', "empty": ""}
    assert event["path"] == {"id": "café"}
    assert event["caller"] == "arn:x"


def test_the_compilers_error_says_what_the_function_said() -> None:
    failure = json.dumps({"errorMessage": '[400] it\'s "wrong"\n'})
    assert json.loads(printed(_BAD_REQUEST_BODY, failure)) == {"message": 'it\'s "wrong"\n'}


@given(st.text(alphabet="$#\\{}[]!()'\"ab \nsetif_.-1", max_size=40))
def test_a_verbatim_template_prints_its_text(text: str) -> None:
    # `#set`, with which such a template may begin, takes the rest of its line along.
    assume(not re.match(r"[ \t]*\r?\n", text))
    assert printed(verbatim_template(text)) == text


@given(st.text(max_size=40))
def test_what_is_escaped_is_a_text_of_javascript(text: str) -> None:
    escaped = escape_java_script(text).replace("\\'", "'")
    assert json.loads(f'"{escaped}"') == text


REFUSED = [
    ("a\n#if($x)", "line 2: #if has no #end"),
    ("#end", "#end has nothing to end"),
    ("#foreach($x in [1])", "#foreach has no #end"),
    ("#set($x)", "= is missing"),
    ("#set($x = )", "an expression is missing"),
    ("#set($x = 1.5)", ") is missing"),
    ("#parse('x')", "does not do #parse"),
    ("#macro(x)#end", "does not do #macro"),
    ("$input.nothing", "$input has body, json, path and params alone"),
    ("$input.json($x)", "$input.json takes one JSONPath, written out"),
    ("$input.json('$..a')", "the JSONPath $..a is none that names one value"),
    ("$input.path('a')", "the JSONPath a is none that names one value"),
    ("$util.time.nowISO8601()", "$util has base64Decode"),
    ("$context.authorizer.claims", "has no $context.authorizer.claims"),
    ("$context.nothing", "has no $context.nothing"),
    ("$x.getClass()", "has no method getClass"),
    ("$x.class.mro()", "has no method mro"),
    ("$x.replaceAll($p, 'a')", "replaceAll takes a pattern, written out"),
    ("$x.replaceAll('(', 'a')", "replaceAll has a pattern that is not served"),
    ("$x.matches('\\p{Lu}')", "matches has a pattern that is not served"),
    ("#set($context.stage = 'x')", "#set cannot change $context.stage"),
    ("#set($input.body = 'x')", "#set cannot change $input.body"),
    ("#set($util = 'x')", "$util has base64Decode"),
    ("${x", "a reference in braces does not end"),
    ("#if(true)" * 60 + "#end" * 60, "it is nested too deeply"),
    ("a" * (300 * 1024 + 1), "it is larger than 300 KB"),
]


@pytest.mark.parametrize(("template", "problem"), REFUSED)
def test_what_the_data_plane_does_not_do_is_refused(template: str, problem: str) -> None:
    with pytest.raises(TemplateRejected) as rejected:
        parse(template)
    assert problem in str(rejected.value)


FAILING = ["$input.path('$.a').length()", "$context.identity.replace('a', 'b')", "$input.path('$')"]


@pytest.mark.parametrize("template", FAILING)
def test_a_template_that_fails_is_the_apis_mistake(template: str) -> None:
    with pytest.raises(Fault) as fault:
        printed(template, '{"a": 1}')
    assert (fault.value.status, fault.value.message) == (500, "Internal server error")


def test_a_template_ends() -> None:
    doubled: Any = "#set($x = 'aaaaaaaaaa')" + '#set($x = "$x$x$x$x$x$x$x$x$x$x")' * 8
    with pytest.raises(Fault):
        printed(doubled)
