"""Draws lines on two logarithmic scales as an SVG; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 760, 420
_SVG = "http://www.w3.org/2000/svg"
_FONT = 'font-family="sans-serif" font-size="13"'
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 230, 36, 50
# Colours that can be told apart without seeing red and green (Okabe and Ito).
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")


@dataclass(frozen=True, slots=True)
class Line:
    """A name and its points, all of them above 0."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Powers of ten between two exponents, over a stretch of the picture."""

    low: int
    high: int
    start: float
    end: float

    def at(self, value: float) -> float:
        share = (log10(value) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    @property
    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]


def plot(lines: Sequence[Line], across: str, up: str) -> str:
    """Return the picture; `across` and `up` name the axes."""
    x = _scale([point[0] for line in lines for point in line.points], _LEFT, WIDTH - _RIGHT)
    y = _scale([point[1] for line in lines for point in line.points], HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="{_SVG}" viewBox="0 0 {WIDTH} {HEIGHT}" {_FONT}>',
        f"<title>{escape(up)} by {escape(across)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *_grid(x, y),
        _text(WIDTH - _RIGHT, HEIGHT - 10, across, "end"),
        _text(_LEFT - 50, _TOP - 18, up, "start"),
    ]
    for number, line in enumerate(lines):
        parts += _drawn(line, number, x, y)
    return "\n".join([*parts, "</svg>", ""])


def _scale(values: Sequence[float], start: float, end: float) -> _Scale:
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return _Scale(low, max(high, low + 1), start, end)


def _grid(x: _Scale, y: _Scale) -> list[str]:
    found = []
    for value in x.ticks:
        found.append(_line(x.at(value), y.start, x.at(value), y.end))
        found.append(_text(x.at(value), y.start + 18, f"{value:,g}", "middle"))
    for value in y.ticks:
        found.append(_line(x.start, y.at(value), x.end, y.at(value)))
        found.append(_text(x.start - 8, y.at(value) + 4, f"{value:,g}", "end"))
    return found


def _drawn(line: Line, number: int, x: _Scale, y: _Scale) -> list[str]:
    colour = _COLOURS[number % len(_COLOURS)]
    places = [(x.at(across), y.at(up)) for across, up in line.points]
    path = " ".join(f"{across},{up}" for across, up in places)
    label = _TOP + 20 + 22 * number
    edge = WIDTH - _RIGHT + 20
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *(f'<circle cx="{across}" cy="{up}" r="3" fill="{colour}"/>' for across, up in places),
        f'<rect x="{edge}" y="{label - 9}" width="12" height="3" fill="{colour}"/>',
        _text(edge + 20, label, line.name, "start"),
    ]


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#dddddd"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="#333333">{escape(text)}</text>'
