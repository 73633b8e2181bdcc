"""Errors that are planted in the compiler, as edits of its source."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

# In the order in which they import each other; `policy` is what stacks are made with.
COMPILER = ("arn", "packing", "restriction", "policy")


@dataclass(frozen=True)
class Mutation:
    """An error in a module of the compiler: what it is, and the edit that plants it."""

    name: str
    module: str
    old: str
    new: str


@contextmanager
def compiler_with(mutation: Mutation) -> Iterator[ModuleType]:
    """Give `gateprint.access.policy` with an error in it; everything else stays as it is."""
    saved = {name: sys.modules[f"gateprint.access.{name}"] for name in COMPILER}
    try:
        for name in COMPILER:
            source = Path(saved[name].__file__ or "").read_text(encoding="utf-8")
            if name == mutation.module:
                assert source.count(mutation.old) == 1, f"{mutation.name}: {mutation.old!r}"
                source = source.replace(mutation.old, mutation.new)
            module = ModuleType(f"gateprint.access.{name}")
            sys.modules[module.__name__] = module
            exec(compile(source, f"<{mutation.name}>", "exec"), module.__dict__)  # noqa: S102
        yield sys.modules["gateprint.access.policy"]
    finally:
        for name, module in saved.items():
            sys.modules[f"gateprint.access.{name}"] = module


ALL_IN_ONE = """\
for sid, condition in [("all", {k: v for _, one in _conditions(api) for k, v in one.items()})]
"""

MUTATIONS = [
    Mutation(*each)
    for each in [
        ("the stage is missing", "arn", 'f"{stage}/{verb}/', 'f"{verb}/'),
        ("every stage", "arn", 'f"{stage}/{verb}/', 'f"*/{verb}/'),
        ("the stage may go on", "arn", 'f"{stage}/{verb}/', 'f"{stage}*/{verb}/'),
        ("the verb is missing", "arn", "/{verb}/{path_pattern", "/{path_pattern"),
        ("every verb", "arn", 'f"{stage}/{verb}/', 'f"{stage}/*/'),
        ("the verb in small letters", "arn", 'f"{stage}/{verb}/', 'f"{stage}/{verb.lower()}/'),
        ("ANY is taken for a verb", "arn", '"*" if method == "ANY" else method', "method"),
        ("two slashes", "arn", 'f"{stage}/{verb}/', 'f"{stage}/{verb}//'),
        ("no slash before the path", "arn", "{verb}/{path_pattern", "{verb}{path_pattern"),
        ("a slash at the end", "arn", '{path_pattern(path)}"', '{path_pattern(path)}/"'),
        ("more at the end", "arn", '{path_pattern(path)}"', '{path_pattern(path)}*"'),
        ("anything below", "arn", '{path_pattern(path)}"', '{path_pattern(path)}/*"'),
        ("parameters as written", "arn", '"*" if each.startswith("{") else each', "each"),
        ("a parameter of one character", "arn", '"*" if each.starts', '"?" if each.starts'),
        ("fixed segments as wildcards", "arn", 'each.startswith("{") else', "each else"),
        (
            "the root without its slash",
            "arn",
            '{path_pattern(path)}"',
            '{path_pattern(path)}".rstrip("/")',
        ),
        (
            "another service",
            "arn",
            'f"arn:{self.partition}:execute-api:',
            'f"arn:{self.partition}:apigateway:',
        ),
        ("every region", "arn", "{self.region}:", "*:"),
        ("every account", "arn", "{self.account}:", "*:"),
        ("the account as region", "arn", "{self.region}:", "{self.account}:"),
        ("every API", "arn", "{self.api_id}", "*"),
        (
            "every action of execute-api",
            "policy",
            '"execute-api:Invoke",\n        "Resource": resources',
            '"execute-api:*",\n        "Resource": resources',
        ),
        (
            "every action",
            "policy",
            '"execute-api:Invoke",\n        "Resource": resources',
            '"*",\n        "Resource": resources',
        ),
        (
            "another action",
            "policy",
            '"execute-api:Invoke",\n        "Resource": resources',
            '"execute-api:InvalidateCache",\n        "Resource": resources',
        ),
        (
            "a role is denied what it is granted",
            "policy",
            '_statements("invoke", "Allow", packed.inline',
            '_statements("invoke", "Deny", packed.inline',
        ),
        ("overreach is allowed", "policy", '"overreach", "Deny"', '"overreach", "Allow"'),
        ("overreach is not denied", "policy", ", *denial]", "]"),
        ("only one spelling is denied", "policy", 'if not text.endswith(("*", "/")):', "if False:"),
        ("what fits is all", "policy", "for each in packed.managed", "for each in ()"),
        (
            "the inline policy is left out",
            "policy",
            '{"Version": VERSION, "Statement": inline} if inline else None',
            "None",
        ),
        (
            "the first API's routes for all",
            "policy",
            'f"{arns[each.api]}/',
            'f"{next(iter(arns.values()))}/',
        ),
        (
            "the first stage's grants for all",
            "policy",
            "if (api.name, stage.name, route.key) in granted:",
            "if (api.name, blueprint.stages[0].name, route.key) in granted:",
        ),
        (
            "the last stage of all grants",
            "policy",
            "for stage in blueprint.stages:\n                if (api",
            "for stage in blueprint.stages[-1:]:\n                if (api",
        ),
        (
            "grants that nobody made",
            "policy",
            "if (api.name, stage.name, route.key) in granted:",
            "if route.auth:",
        ),
        (
            "the first role's grants for all",
            "policy",
            "granted = grants_of(role)\n    decided",
            "granted = grants_of(blueprint.roles[0])\n    decided",
        ),
        (
            "the last role's grants for all",
            "policy",
            "granted = grants_of(role)\n    decided",
            "granted = grants_of(blueprint.roles[-1])\n    decided",
        ),
        (
            "a slash at the end reaches the parent",
            "policy",
            "_texts(stage.name, route, is_plain=is_plain)",
            "_texts(stage.name, route, is_plain=True)",
        ),
        ("a parameter of two characters", "policy", "{text[:-1]}?*", "{text[:-1]}??*"),
        (
            "one method less for ANY",
            "policy",
            "for method in EVERY_METHOD)",
            "for method in EVERY_METHOD[1:])",
        ),
        (
            "the first pattern is lost",
            "packing",
            "exact = tuple(sorted(allowed))",
            "exact = tuple(sorted(allowed))[1:]",
        ),
        (
            "the last pattern is lost",
            "packing",
            "exact = tuple(sorted(allowed))",
            "exact = tuple(sorted(allowed))[:-1]",
        ),
        (
            "what is redundant is all that stays",
            "packing",
            "if not any(_is_including",
            "if any(_is_including",
        ),
        (
            "what includes is taken for included",
            "packing",
            "_is_including(other, each) for other",
            "_is_including(each, other) for other",
        ),
        ("a wildcard wherever it is short", "packing", "if not reached:", "if True:"),
        (
            "the first one of a policy is lost",
            "packing",
            "bins[-1].append(each)",
            "bins[-1].append(each) if bins[-1] else bins[-1].extend([])",
        ),
        ("no audience", "policy", '"SAML:aud": list(audiences(environment.region)), ', ""),
        (
            "one audience",
            "policy",
            "list(audiences(environment.region))",
            "list(audiences(environment.region))[:1]",
        ),
        ("no issuer", "policy", ', "SAML:iss": provider.issuer', ""),
        ("another issuer", "policy", '"SAML:iss": provider.issuer', '"SAML:iss": provider.name'),
        (
            "the audience may be similar",
            "policy",
            '{"StringEquals": exact}',
            '{"StringLike": exact}',
        ),
        (
            "the case does not matter",
            "policy",
            '{"StringEquals": exact}',
            '{"StringEqualsIgnoreCase": exact}',
        ),
        (
            "everything but the audience",
            "policy",
            '{"StringEquals": exact}',
            '{"StringNotEquals": exact}',
        ),
        (
            "only where it is sent",
            "policy",
            '{"StringEquals": exact}',
            '{"StringEqualsIfExists": exact}',
        ),
        (
            "all values, or none",
            "policy",
            '"ForAnyValue:StringEquals"',
            '"ForAllValues:StringEquals"',
        ),
        ("lists are not tested", "policy", 'condition["ForAnyValue:StringEquals"] = lists', "pass"),
        ("one claim less", "policy", "sorted(role.when.items())", "sorted(role.when.items())[1:]"),
        (
            "one value less",
            "policy",
            '[f"SAML:{key}"] = list(values)',
            '[f"SAML:{key}"] = list(values)[1:]',
        ),
        (
            "one value more",
            "policy",
            '[f"SAML:{key}"] = list(values)',
            "[f\"SAML:{key}\"] = [*values, 'other']",
        ),
        (
            "another provider",
            "policy",
            '{"Federated": provider.arn}',
            '{"Federated": provider.arn + "-api"}',
        ),
        (
            "every provider of the account",
            "policy",
            '{"Federated": provider.arn}',
            '{"Federated": "*"}',
        ),
        ("everybody", "policy", '"Principal": {"Federated": provider.arn}', '"Principal": "*"'),
        ("without SAML", "policy", '"sts:AssumeRoleWithSAML"', '"sts:AssumeRole"'),
        (
            "with tags",
            "policy",
            '"Action": "sts:AssumeRoleWithSAML"',
            '"Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"]',
        ),
        (
            "API Gateway always",
            "policy",
            "[_GATEWAY] if role.is_assumed_by_gateway else []",
            "[_GATEWAY]",
        ),
        ("API Gateway never", "policy", "[_GATEWAY] if role.is_assumed_by_gateway else []", "[]"),
        (
            "another service for API Gateway",
            "policy",
            '"apigateway.amazonaws.com"',
            '"lambda.amazonaws.com"',
        ),
        ("no door", "policy", "if not api.has_policy:", "if True:"),
        ("a door for everybody", "policy", "[*denied, allow]", "[allow]"),
        (
            "a door that is always shut",
            "restriction",
            "{_NOT_EQUALS: {_ENDPOINT",
            '{"StringEquals": {_ENDPOINT',
        ),
        ("a door of one stage", "policy", 'f"{arn}/*")', 'f"{arn}/dev/*")'),
        (
            "a door for who has no endpoint",
            "restriction",
            "{_NOT_EQUALS: {_ENDPOINT",
            '{"StringNotEqualsIfExists": {"aws:XX"',
        ),
        ("no address is asked for", "restriction", "if only.source_ips:", "if False:"),
        ("no VPC is asked for", "restriction", "if only.vpcs:", "if False:"),
        ("no organization is asked for", "restriction", "if only.organization:", "if False:"),
        (
            "the address where it is known",
            "restriction",
            'yield "sourceip", {"NotIpAddress"',
            'yield "sourceip", {"NotIpAddressIfExists"',
        ),
        (
            "the address is refused",
            "restriction",
            'yield "sourceip", {"NotIpAddress"',
            'yield "sourceip", {"IpAddress"',
        ),
        (
            "an organization of any value",
            "restriction",
            'yield "organization", {_NOT_EQUALS',
            'yield "organization", {"ForAnyValue:StringNotEquals"',
        ),
        (
            "an organization in whatever letters",
            "restriction",
            'yield "organization", {_NOT_EQUALS',
            'yield "organization", {"StringNotEqualsIgnoreCase"',
        ),
        (
            "an address in a VPC",
            "restriction",
            '"aws:SourceIp", "aws:Vpc',
            '"aws:VpcSourceIp", "aws:Vpc',
        ),
        ("an address on the internet", "restriction", '", "aws:VpcSourceIp"', '", "aws:SourceIp"'),
        ("a key in other letters", "restriction", '"aws:PrincipalOrgID"', '"aws:principalOrgId"'),
        ("another key", "restriction", '"aws:PrincipalOrgID"', '"aws:PrincipalAccount"'),
        (
            "one network more",
            "restriction",
            "list(only.source_ips)}}",
            'list(only.source_ips) + ["192.0.2.0/24"]}}',
        ),
        (
            "a wider network",
            "restriction",
            "list(only.source_ips)}}",
            '[each.replace("/24", "/23") for each in only.source_ips]}}',
        ),
        (
            "one network less",
            "restriction",
            "list(only.source_ips)}}",
            "list(only.source_ips)[1:]}}",
        ),
        (
            "who signs nothing is of no organization",
            "restriction",
            "_SIGNED if api.cors else {}",
            "_SIGNED",
        ),
        ("preflights have an organization", "restriction", "_SIGNED if api.cors else {}", "{}"),
        (
            "all that is asked in one statement",
            "restriction",
            "for sid, condition in _conditions(api)\n",
            ALL_IN_ONE,
        ),
        ("everybody else is allowed", "restriction", '"Effect": "Deny"', '"Effect": "Allow"'),
        (
            "only one account is denied",
            "restriction",
            '"Principal": "*"',
            '"Principal": {"AWS": "999999999999"}',
        ),
        (
            "only other actions are denied",
            "restriction",
            '"Action": "execute-api:Invoke",\n',
            '"Action": "execute-api:ManageConnections",\n',
        ),
        ("public for signed callers as well", "policy", 'allow["Condition"] = ', "_ = "),
        ("nothing is public", "policy", "if route.auth in UNASKED}", "if False}"),
        (
            "all is public",
            "policy",
            "for route in api.routes if route.auth in UNASKED}",
            "for route in api.routes}",
        ),
    ]
]
