"""The picture is an SVG, in which ten times as much is the same way up and to the right."""

from __future__ import annotations

import re

from defusedxml import ElementTree

from bench.plot import Line, plot

LINES = (
    Line("linear <1>", ((10, 1.0), (100, 10.0), (1000, 100.0))),
    Line("flat", ((10, 2.0), (1000, 2.0))),
)


def _points(svg: str) -> list[list[tuple[float, float]]]:
    return [
        [(float(x), float(y)) for x, y in (each.split(",") for each in found.split())]
        for found in re.findall(r'points="([^"]+)"', svg)
    ]


def test_it_is_well_formed_and_names_its_lines() -> None:
    svg = plot(LINES, "blueprints", "seconds")
    texts = [each.text for each in ElementTree.fromstring(svg).iter() if each.text]
    assert {"linear <1>", "flat", "blueprints", "seconds", "1,000"} <= set(texts)


def test_equal_ratios_are_equal_distances() -> None:
    linear, flat = _points(plot(LINES, "blueprints", "seconds"))
    (x1, y1), (x2, y2), (x3, y3) = linear
    assert (round(x2 - x1), round(y1 - y2)) == (round(x3 - x2), round(y2 - y3))
    assert flat[0][1] == flat[1][1]
