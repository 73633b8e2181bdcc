"""The page shows what was measured: each command, each ratio, and whether its target is met."""

from __future__ import annotations

from bench.page import page

KEPT = {
    "one-api": {
        "title": "One API",
        "conditions": ["Python 3.11"],
        "commands": [["a | b", 5, 1.234, 2.0, 233]],
        "requests": [["signed", 20000, 512, 3.2]],
        "targets": [["time", 13.0, 12], ["memory", 0.9, 1]],
        "picture": "images/one.svg",
    }
}
LINES = (
    "## One API [one-api]",
    "- Python 3.11",
    "| a \\| b | 5 | 1.23 s | 2.00 s | 233 MiB |",
    "| signed | 20,000 | 512 | 3.2 ms |",
    "| time | 13.0 × | at least 12 × | met |",
    "| memory | 0.90 × | at least 1 × | **missed** |",
    "![One API](images/one.svg)",
)


def test_a_part_is_shown_whole() -> None:
    text = page(KEPT)
    assert text.startswith("# Benchmarks\n")
    assert [each for each in LINES if each not in text.splitlines()] == []
