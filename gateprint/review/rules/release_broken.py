"""A rule: a release stays, and a function that it calls goes; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import going, staying, text
from gateprint.review.releases import DEPLOYMENT, Release, read_release
from gateprint.review.subject import Subject
from gateprint.terraform.plans.plan import TerraformPlan

RULE = Rule(
    "release-broken",
    "high",
    "a function goes that a release calls",
    "A release calls its functions by aliases of its name. Where a function or an alias is taken "
    "away or made anew, stages with the release answer 500, or run today's code.",
    "keep the function in the blueprint until no stage names the release",
    "Lambda developer guide, Create an alias for a Lambda function",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield each alias that goes while the deployment of its release stays."""
    for stack, plan in subject.plans():
        releases = {each.name: each for each in _staying(plan)}
        for alias in going(plan, "aws_lambda_alias"):
            release = releases.get(text(alias.before, "name"))
            function = text(alias.before, "function_name").removeprefix(f"{stack.stack}-")
            if release is not None and function in release.functions:
                what = "made anew with today's code" if alias.action == "replace" else "taken away"
                sentence = f"{function} is {what}, and release {release.name} calls it"
                yield stack.place.finding(RULE, alias.address, sentence, ("functions", function))


def _staying(plan: TerraformPlan) -> Iterator[Release]:
    for each in staying(plan, DEPLOYMENT):
        release = read_release(each.before)
        if release is not None and each.action in {"no-op", "update"}:
            yield release
