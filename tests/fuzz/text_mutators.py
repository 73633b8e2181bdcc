"""Mutators of bytes, lines and words: each makes another file of one, at random; pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from tests.fuzz.hostile import TEXTS, TOKENS

Mutator = Callable[[Random, bytes], bytes]

_BYTES = (
    *(b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80"),
    *(b"\xf4\x90\x80\x80", b"\x80", b"\xc3", b"\x0c", b"\x0b", b"\x1b[2J", b"\x7f", b"\xc2\x85"),
    *(
        b"\xe2\x80\xa8",
        b"\xe2\x80\xae",
        b"\r",
        b"\n",
        b"\r\n",
        b"\t",
        b"\x1a",
        b"\x04",
        b"\xc2\xa0",
    ),
)
_ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "latin-1", "cp1252", "cp037")
_WORD = re.compile(r"""[^\s:,\[\]{}#'"]+|"[^"\n]*"|'[^'\n]*'""")


def flip_bits(random: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(random.randint(1, 4)):
        if changed:
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def insert_bytes(random: Random, data: bytes) -> bytes:
    at = random.choice((0, len(data), random.randint(0, len(data))))
    return data[:at] + random.choice(_BYTES) * random.choice((1, 1, 1, 3)) + data[at:]


def remove_bytes(random: Random, data: bytes) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] + data[at + random.randint(1, 20) :]


def truncate(random: Random, data: bytes) -> bytes:
    return data[: random.randint(0, len(data))]


def encode_otherwise(random: Random, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(random.choice(_ENCODINGS), "replace")


def repeat_a_part(random: Random, data: bytes) -> bytes:
    start = random.randint(0, len(data))
    part = data[start : start + random.randint(1, 60)]
    return data[:start] + part * random.choice((2, 3, 50, 500)) + data[start:]


def _of_lines(change: Callable[[Random, list[bytes]], None]) -> Mutator:
    def mutate(random: Random, data: bytes) -> bytes:
        lines = data.split(b"\n")
        change(random, lines)
        return b"\n".join(lines)

    mutate.__name__ = change.__name__
    return mutate


@_of_lines
def duplicate_lines(random: Random, lines: list[bytes]) -> None:
    start = random.randrange(len(lines))
    part = lines[start : start + random.randint(1, 5)]
    at = random.choice((start, random.randrange(len(lines))))
    lines[at:at] = part * random.choice((1, 1, 1, 20))


@_of_lines
def drop_lines(random: Random, lines: list[bytes]) -> None:
    start = random.randrange(len(lines))
    del lines[start : start + random.choice((1, 1, 2, 5))]


@_of_lines
def swap_lines(random: Random, lines: list[bytes]) -> None:
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


@_of_lines
def indent_otherwise(random: Random, lines: list[bytes]) -> None:
    start = random.randrange(len(lines))
    for at in range(start, min(len(lines), start + random.choice((1, 1, 3, 10)))):
        indent = random.choice((b" ", b"  ", b"", b"\t", b" " * 9))
        lines[at] = indent + lines[at].lstrip() if random.random() < 0.5 else indent + lines[at]


@_of_lines
def end_lines_otherwise(random: Random, lines: list[bytes]) -> None:
    end = random.choice((b"\r", b" ", b"\t", b" #", b":", b",", b"\xc2\x85", b"\\"))
    for at in range(len(lines)) if random.random() < 0.3 else [random.randrange(len(lines))]:
        lines[at] += end


def _of_text(change: Callable[[Random, str], str]) -> Mutator:
    def mutate(random: Random, data: bytes) -> bytes:
        text = data.decode("utf-8", "surrogateescape")
        return change(random, text).encode("utf-8", "surrogateescape")

    mutate.__name__ = change.__name__
    return mutate


@_of_text
def replace_a_word(random: Random, text: str) -> str:
    words = list(_WORD.finditer(text))
    if not words:
        return random.choice(TOKENS)
    word = random.choice(words)
    return text[: word.start()] + random.choice(TOKENS + TEXTS) + text[word.end() :]


@_of_text
def prefix_a_word(random: Random, text: str) -> str:
    words = list(_WORD.finditer(text))
    at = random.choice(words).start() if words else 0
    before = random.choice(
        ("&a ", "*a ", "! ", "!!str ", "!!python/name:os ", "- ", "? ", ": ", "%", "@")
    )
    return text[:at] + before + text[at:]


@_of_text
def misspell_a_word(random: Random, text: str) -> str:
    words = [each for each in _WORD.finditer(text) if len(each[0]) > 2]
    if not words:
        return text
    word = random.choice(words)
    at = random.randrange(word.start(), word.end() - 1)
    kept = random.choice((text[at + 1] + text[at], text[at], text[at] * 2 + text[at + 1]))
    return text[:at] + kept + text[at + 2 :]


@_of_text
def copy_a_word(random: Random, text: str) -> str:
    words = list(_WORD.finditer(text))
    if not words:
        return text
    one, other = random.choice(words), random.choice(words)
    return text[: one.start()] + other[0] + text[one.end() :]


@_of_text
def change_a_sign(random: Random, text: str) -> str:
    signs = [each.start() for each in re.finditer(r"[:,\[\]{}#'\"|>&*!%@`-]", text)]
    if not signs:
        return text
    at = random.choice(signs)
    other: str = random.choice(("", *":,[]{}#'\"|>&*!-?\n"))
    return text[:at] + other + text[at + 1 :]


BYTES: tuple[Mutator, ...] = (
    *(flip_bits, insert_bytes, remove_bytes, truncate, encode_otherwise, repeat_a_part),
)
LINES: tuple[Mutator, ...] = (
    *(duplicate_lines, drop_lines, swap_lines, indent_otherwise, end_lines_otherwise),
)
WORDS: tuple[Mutator, ...] = (
    *(replace_a_word, prefix_a_word, misspell_a_word, copy_a_word, change_a_sign),
)
