"""What a report says first, and what it says once however many stacks it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from gateprint.cli.review_formats.alike import group_facts, group_items
from gateprint.cli.review_formats.parts import Line
from gateprint.cli.review_formats.sections import report_of, sections
from gateprint.review.attributes import AttributeChange
from gateprint.review.clusters import Cluster, Difference, SameChange
from gateprint.review.review import Counted, Destroyed, Noticed, Review
from tests.support.reviews import (
    cluster,
    crowd,
    empty,
    everything,
    finding,
    offline,
    place,
    review,
    same,
)


def said(lines: Iterable[Line]) -> list[str]:
    return [each.said for each in lines]


def facts(found: Review) -> list[str]:
    return said(report_of(found).facts)


def test_the_facts_begin_with_what_stands_against_a_run() -> None:
    found = review(
        finding(),
        finding("public-route-added"),
        finding("no-throttle"),
        counted=Counted(1, 7, {"replace": 2}),
    )
    assert facts(found) == [
        "refused: 2 findings stand against it",
        "Terraform: 2 to add, 0 to change, 2 to destroy",
        "changes: pets-prod: throttle 100 → 200",
        "findings: 1 critical, 1 high, 1 low",
    ]


def test_a_reason_that_is_no_finding_is_said_in_full() -> None:
    failed = [f"pets-{number} could not be planned" for number in range(5)]
    found = review(finding(), reasons=(*failed, *review(finding()).reasons))
    assert facts(found)[:5] == [
        "refused: 1 finding stands against it",
        *(f"refused: {each}" for each in failed[:3]),
        "refused: and for 2 more reasons",
    ]


def test_a_preview_does_not_count_for_terraform() -> None:
    assert facts(offline())[0].startswith("Terraform: was not asked")


def test_nothing_to_say_has_no_section_but_access() -> None:
    assert [each.id for each in sections(empty())] == ["access"]
    [item] = sections(empty())[0].items
    assert item.head.said == "nobody gains or loses anything"


def test_many_ways_of_changing_stay_a_few_facts() -> None:
    alone = [cluster(f"pets-{number:03}") for number in range(500)]
    told = said(group_facts(alone))
    assert len(told) == 6
    assert told[-1] == (
        "changes: 495 in other ways: pets-005, pets-006, pets-007, pets-008, pets-009, pets-010"
        " and 489 more"
    )


def test_outliers_that_are_alike_are_named() -> None:
    many = cluster("a-prod", "b-prod", "c-prod")
    odd = cluster("y-prod", "z-prod", rate=300, difference=Difference("a-prod", (same(),), ()))
    facts_of_groups = list(group_facts([many, odd]))
    assert said(facts_of_groups) == [
        "changes: 3 of 5 stacks in the same way: throttle 100 → 200",
        "outlier: y-prod, z-prod: throttle 100 → 300",
    ]
    assert facts_of_groups[1].text[1::2] == ("y-prod", "z-prod")


def test_a_group_shows_an_example_and_its_lines() -> None:
    changes = tuple(same(rate=rate) for rate in range(6))
    lines = tuple(place(number) for number in range(4))
    [item] = group_items([Cluster(changes, ("a-prod", "b-prod"), "throttles", lines)])
    assert item.head.said == "all 2 stacks change in the same way: throttles"
    assert [each.place and each.place.line for each in item.below] == [None, 0, 1, 2, 3, None]
    assert said(item.below)[-1] == "and 2 more changes"
    assert item.fold is not None
    assert item.fold.title == "6 changes of 2 stacks"
    assert len(item.fold.lines) == 6


def test_an_outlier_says_how_it_differs() -> None:
    items = list(group_items(crowd().clusters))
    assert [said(each.below) for each in items[1:]] == [
        ["compared with: shop-000-prod", "also: aws_api_gateway_method_settings.{blueprint}_live"],
        [
            "compared with: shop-000-prod",
            (
                "without: aws_api_gateway_method_settings.{blueprint}_live: "
                "settings[0].throttling_rate_limit 100 → 200"
            ),
        ],
    ]


def test_an_outlier_says_what_it_does_instead() -> None:
    odd = cluster("b-prod", rate=300, difference=Difference("a-prod", (same(rate=300),), (same(),)))
    [item] = group_items([odd])
    assert said(item.below)[1:] == [
        (
            "instead: aws_api_gateway_method_settings.{blueprint}_live: "
            "settings[0].throttling_rate_limit 100 → 300 instead of 200"
        )
    ]
    assert item.fold is None


SIZE = AttributeChange("cache_size", "1", "2")
RATE = AttributeChange("rate", "1", "2")


@pytest.mark.parametrize(
    ("more", "less", "told"),
    [
        ((SIZE,), (), ["also: a.b: cache_size 1 → 2"]),
        ((), (SIZE,), ["without: a.b: cache_size 1 → 2"]),
        ((RATE,), (SIZE,), ["also: a.b: rate 1 → 2", "without: a.b: cache_size 1 → 2"]),
        (
            (RATE, SIZE),
            (replace(SIZE, after="3"),),
            ["instead: a.b: rate 1 → 2; cache_size 1 → 2 instead of 3"],
        ),
    ],
)
def test_of_a_resource_that_both_change_only_what_differs_is_told(
    more: tuple[AttributeChange, ...], less: tuple[AttributeChange, ...], told: list[str]
) -> None:
    both = [SameChange("update", "a.b", each) for each in (more, less)]
    odd = Cluster((both[0],), ("b-prod",), "", (), Difference("a-prod", (both[0],), (both[1],)))
    [item] = group_items([odd])
    assert said(item.below)[1:] == told


def test_stacks_that_change_in_many_ways_stay_a_light_report() -> None:
    changes = tuple(same(rate=rate) for rate in range(100))
    items = list(group_items([Cluster(changes, (f"pets-{each}",)) for each in range(500)]))
    assert sum(len(each.fold.lines) for each in items if each.fold) < 5_000
    fold = items[0].fold
    assert fold is not None
    assert said(fold.lines)[-1] == "and 92 more changes"


def test_what_many_stacks_have_in_common_is_said_once() -> None:
    names = [f"pets{number}-prod" for number in range(12)]
    gone = tuple(Destroyed(each, "stage", "aws_api_gateway_stage.old") for each in names)
    told = tuple(Noticed(each, "stage-removed", "stage old is removed") for each in names)
    found = {each.id: each for each in sections(review(destroyed=gone, noticed=told))}
    heads = [found[name].items[0].head.said for name in ("destroyed", "noticed")]
    assert heads == [
        "12 stacks, such as pets0-prod: stage aws_api_gateway_stage.old",
        "breaking: 12 stacks, such as pets0-prod: stage old is removed",
    ]


def test_each_finding_of_a_group_is_folded_with_its_line() -> None:
    found = crowd(5)
    [section] = [each for each in sections(found) if each.id == "findings"]
    [fold] = section.folds
    assert fold.title == "5 × no-access-log"
    assert said(fold.lines)[0] == "shop-000-prod/stage live"
    assert {each.place for each in fold.lines} == {place(10)}


def test_a_finding_without_a_line_has_none() -> None:
    found = replace(everything(), findings=(finding(line=None),))
    [section] = [each for each in sections(found) if each.id == "findings"]
    assert section.items[0].head.place is None


def test_what_an_outlier_does_has_its_line_though_it_is_told_in_part() -> None:
    whole = same(rate=300)
    part = replace(whole, attributes=())
    odd = cluster("b-prod", rate=300, difference=Difference("a-prod", (part,), ()))
    [item] = group_items([odd])
    assert [each.place for each in item.below if each.kind == "also"] == [odd.origins[0]]


def test_what_is_alike_but_for_the_names_of_the_stacks_is_said_once() -> None:
    names = {"cats-prod": {"111": "{account}"}, "dogs-prod": {"222": "{account}"}}
    alike = [
        finding("no-throttle", stack, sentence=f"stage of {account}")
        for stack, own in names.items()
        for account in own
    ]
    [section] = [each for each in sections(review(*alike, names=names)) if each.id == "findings"]
    assert [each.head.said for each in section.items] == ["low: stage of {account}"]
