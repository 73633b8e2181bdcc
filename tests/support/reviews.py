"""Reviews as values, for the tests of formats: a calm one, one with everything, hostile ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gateprint.access.changes.sentences import Sentence
from gateprint.errors import Location
from gateprint.model.waivers import Waiver
from gateprint.review.attributes import AttributeChange
from gateprint.review.clusters import Cluster, Difference, SameChange
from gateprint.review.finding import SEVERITIES, Finding, Rule, Severity
from gateprint.review.review import Counted, Destroyed, Noticed, Review, reasons_against
from gateprint.review.rules import RULES
from gateprint.review.waivers import WAIVER_RULES, Waived

BY_ID = {each.id: each for each in (*RULES, *WAIVER_RULES)}
PETS = "blueprints/pets.yaml"
DIGEST = "0123456789abcdef" * 4

# Secrets by their form, put together here so that none is in the repository.
SECRETS = {
    "a GitHub token": "ghp" + "_" + "a1" * 18,
    "an access key": "AK" + "IA" + "ABCDEFGH23456789",
    "a private key": f"-----BEGIN {'PRIVATE'} KEY-----\nMIIabc+/=\n",
}

# What a blueprint, a waiver or a plan could hold to do something where it is shown.
HOSTILE = {
    "a terminal escape": "a\x1b[2Jb\x1b]0;owned\x07c\x9b31m",
    "a script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "the end of an attribute": "\"><blink onmouseover='alert(1)'>",
    "a workflow command": "::error::owned",
    "a workflow command on its own line": "a\n::stop-commands::owned\n::error::owned",
    "a command of an older runner": "##[add-mask]owned ##vso[task.setvariable variable=a]owned",
    "a command with line ends of Unicode": "a\u2028::error::owned\u2029::error::owned\x85::a::b",
    "escapes that are decoded once more": "%0A::error::owned%250A::error::owned",
    "properties of a command": "a,file=b::c,title=d",
    "the end of CDATA": "]]></testcase><system-out>owned",
    "an entity": "&lt;blink&gt; &#x41; &owned;",
    "code in Markdown": "`` ` ```\n# Owned\n```",
    "a mention": "@team and @org/team, #1, GH-1, org/name#1",
    "a link": "[click](http://owned.example) ![x](http://owned.example/a.png) http://owned.example",
    "a link that began before": "](http://owned.example)",
    "a table": "| a | b |\n|---|---|\n<!-- gateprint:owned -->",
    "folded text that ends": "</details></summary></td></table>",
    "marks of direction": "abc\u202edcba\u2066x\u2069\u200f",
    "a template": "{{ 7 * 7 }} {% raw %} ${7*7} {0}",
    "a NUL and lone surrogates": "a\x00b\ud800c",
    "a YAML anchor": "&a *a !!python/object",
    "no text": "",
    "much text": "owned " * 2_000,
}


def place(line: int, path: str = PETS, text: str = "    allow: [reader]") -> Location:
    """Return a line of a blueprint."""
    return Location(path, line, 5, 5, text)


def finding(
    rule: str = "auth-weakened", stack: str = "pets-prod", line: int | None = 10, **changes: Any
) -> Finding:
    """Return a finding of a rule of ours; without a line where `line` is None."""
    known = BY_ID[rule]
    made = Finding(
        known,
        known.severity,
        stack,
        "route GET /pets of pets",
        f"{known.title}, as it is on live of pets",
        known.remedy,
        None if line is None else place(line),
    )
    return replace(made, **changes)


def waived(rule: str = "gateway-trust", reason: str = "reports use it", **changes: Any) -> Waived:
    """Return a finding that is accepted."""
    found = finding(rule, **changes)
    where = Location("config/review.yaml", 3, 5)
    return Waived(found, Waiver(found.rule.id, found.address, reason, dt.date(2027, 3, 31), where))


def same(action: str = "update", rate: int = 200, name: str = "{blueprint}_live") -> SameChange:
    """Return a change of a throttle."""
    attribute = AttributeChange("settings[0].throttling_rate_limit", "100", str(rate))
    address = f"aws_api_gateway_method_settings.{name}"
    return SameChange(action, address, (attribute,) if action == "update" else ())


def cluster(*stacks: str, rate: int = 200, **changes: Any) -> Cluster:
    """Return stacks whose throttle changes in the same way."""
    made = Cluster(
        (same(rate=rate),), stacks, f"throttle 100 → {rate}", (place(6, text="throttle: 200"),)
    )
    return replace(made, **changes)


def review(*findings: Finding, threshold: Severity = "high", **changes: Any) -> Review:
    """Return a review of one stack that changes; findings as severe as `threshold` refuse it."""
    reasons = reasons_against(findings, threshold)
    stacks = {"pets-prod": DIGEST}
    made = Review(
        subject="monday",
        is_offline=False,
        verdict="refused" if reasons else "passed",
        reasons=reasons,
        digest=DIGEST,
        stacks=stacks,
        counted=Counted(1, 3, {"update": 1}),
        access=(),
        destroyed=(),
        findings=tuple(sorted(findings)),
        waived=(),
        clusters=(cluster("pets-prod"),),
        unverified=(),
    )
    return replace(made, **changes)


def calm() -> Review:
    """Return a review in which one throttle changes."""
    return review()


def empty() -> Review:
    """Return a review of a run in which nothing changes."""
    return review(counted=Counted(0, 4, {}), stacks={}, clusters=())


def offline(*findings: Finding, **changes: Any) -> Review:
    """Return a preview of blueprints without a cloud."""
    made = review(*findings, subject="the blueprints since origin/main", is_offline=True, digest="")
    told = "everything that Terraform and AWS decide: no plan was made, and no cloud was asked"
    none = {"stacks": {}, "clusters": (), "counted": Counted(2, 3, {}), "unverified": (told,)}
    return replace(made, **{"access": ACCESS, **none, **changes})


def everything() -> Review:
    """Return a refused review in which each part says something, and each severity occurs."""
    kinds = (
        ("auth-weakened", 10),
        ("trust-loosened", 20),
        ("overreach-accepted", 30),
        ("no-throttle", None),
        ("unverified-policy", None),
    )
    findings = [
        replace(finding(rule, line=line), severity=severity)
        for (rule, line), severity in zip(kinds, SEVERITIES, strict=True)
    ]
    names = tuple(f"pets-{number:02}-prod" for number in range(1, 19))
    return review(
        *findings,
        finding("unused-waiver", "orders-prod", line=None),
        stacks=dict.fromkeys(("orders-prod", "pets-prod", *names), DIGEST),
        counted=Counted(
            20, 480, {"create": 3, "delete": 2, "no-op": 40, "read": 1, "replace": 1, "update": 22}
        ),
        access=ACCESS,
        destroyed=(
            Destroyed("orders-prod", "aws_api_gateway_stage", "aws_api_gateway_stage.orders_old"),
            Destroyed("pets-prod", "aws_iam_role", "aws_iam_role.pets-clerk"),
        ),
        waived=(waived(), waived("no-access-log", "logs go elsewhere", line=None)),
        noticed=(
            Noticed("orders-prod", "stage-removed", "stage old of orders is removed"),
            Noticed("pets-prod", "stricter", "throttle 200 → 100", False, place(7)),
        ),
        clusters=(
            cluster(*names),
            cluster(
                "orders-prod", rate=300, difference=Difference(names[0], (same("create"),), ())
            ),
            Cluster((same("delete", name="pets_live"),), ("pets-prod",), "", (None,)),
        ),
        unverified=("orders-prod: the policy of reader is known after apply",),
    )


def _more(example: str) -> Difference:
    return Difference(example, (same("create"),), ())


ACCESS = (
    Sentence("public", ("everyone may call ", "GET /pets", " on ", "pets/live")),
    Sentence("gain", ("", "clerk", " gains ", "POST /pets", " on ", "pets/live")),
    Sentence("loss", ("", "reader", " loses ", "GET /pets/{id}", " on ", "pets/live")),
    Sentence("sign-in", ("whoever is ", "staff", " may sign in as ", "reader")),
)


def saying(text: str) -> Review:
    """Return a review that has a text of a stranger wherever there may be one."""
    base = everything()
    where = Location(f"blueprints/{text}.yaml", 3, 1, 4, text)
    return replace(
        base,
        subject=f"monday {text}",
        reasons=(*base.reasons, f"pets-prod: {text}"),
        access=(*base.access, Sentence("gain", ("", text, " gains ", text))),
        destroyed=(*base.destroyed, Destroyed("pets-prod", "aws_iam_role", f'a.b["{text}"]')),
        findings=(
            *base.findings,
            finding(subject=text, sentence=f"it says {text}", remedy=text, location=where),
            finding(subject=text, sentence=text, location=place(4, text=text)),
        ),
        waived=(*base.waived, waived(reason=text, subject=text, sentence=text, location=where)),
        clusters=(*base.clusters, _cluster_saying(text, where)),
        unverified=(*base.unverified, text),
        noticed=(*base.noticed, Noticed("pets-prod", "auth-changed", text, location=where)),
    )


def _cluster_saying(text: str, where: Location) -> Cluster:
    attribute = AttributeChange(f'tags["{text}"]', text, text)
    change = SameChange("update", f'aws_iam_role.a["{text}"]', (attribute,))
    return Cluster((change,), ("pets-prod",), text, (where,), Difference("a-prod", (), (change,)))


def crowd(number: int = 500) -> Review:
    """Return a review of many stacks that change alike, with two outliers and one finding each."""
    names = tuple(f"shop-{index:03}-prod" for index in range(number - 2))
    odd = ("zebra-prod", "yak-prod")
    outliers = (
        cluster(odd[0], rate=300, difference=Difference(names[0], (same("delete"),), ())),
        cluster(odd[1], rate=50, difference=Difference(names[0], (), (same(),))),
    )
    return review(
        *(finding("no-access-log", each, subject="stage live") for each in (*names, *odd)),
        stacks=dict.fromkeys((*names, *odd), DIGEST),
        counted=Counted(number, 0, {"update": number}),
        clusters=(cluster(*names), *outliers),
    )


def rule(name: str) -> Rule:
    """Return a rule by its id."""
    return BY_ID[name]


REVIEWS: Mapping[str, Review] = {
    "calm": calm(),
    "empty": empty(),
    "everything": everything(),
    "offline": offline(),
    "offline and refused": offline(finding(line=None)),
    "refused without a finding": review(
        verdict="refused", reasons=("pets-prod could not be planned",), clusters=()
    ),
    "tolerated by the threshold": review(finding("trust-loosened"), threshold="critical"),
}
HOSTILE_REVIEWS: Mapping[str, Review] = {name: saying(text) for name, text in HOSTILE.items()}
