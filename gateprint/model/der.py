"""Reads the dates and the key of a usual X.509 certificate, at once; pure.

Importing a library for it takes longer than all else that is done with metadata. Whatever is not
usual is left to that library: see `certificates.read_certificate`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

_INTEGER, _BITS, _OID, _UTC_TIME, _TIME, _SEQUENCE = 0x02, 0x03, 0x06, 0x17, 0x18, 0x30
_VERSION, _EXTENSIONS = 0xA0, 0xA3
_RSA = bytes.fromhex("2a864886f70d010101")
_USUAL = [_INTEGER, *[_SEQUENCE] * 5]
_TIME_LENGTHS = {_UTC_TIME: len("yymmddhhmmssZ"), _TIME: len("yyyymmddhhmmssZ")}
_LONG = 0x80
_LONGEST_LENGTH = 4

Part = tuple[int, bytes]


def read_dates_and_bits(der: bytes) -> tuple[dt.datetime, int]:
    """Return until when an RSA certificate is valid, and the bits of its key.

    RFC 5280, section 4.1, describes the structure.

    Raises:
        ValueError: it is something else, or something is odd with it.
    """
    signed, _algorithm, _signature = _parts(_only(der, _SEQUENCE))
    fields = list(_parts(_content(signed, _SEQUENCE)))
    if fields[:1] and fields[0][0] == _VERSION:
        del fields[0]
    if fields[:1] and fields[-1][0] == _EXTENSIONS:
        _require_distinct(fields.pop()[1])
    if [tag for tag, _ in fields] != _USUAL:
        raise ValueError("not a usual certificate")
    validity, key = fields[3][1], fields[5][1]
    _begin, end = _parts(validity)
    return _time(end), _rsa_bits(key)


def _parts(content: bytes) -> Iterator[Part]:
    """Yield tag and content of each value in a row."""
    start = 0
    while start < len(content):
        tag, head = content[start], content[start + 1 : start + 2]
        start, size = _size(content, start + 2, int.from_bytes(head, "big"))
        if not head or len(content) < start + size:
            raise ValueError("cut off")
        yield tag, content[start : start + size]
        start += size


def _size(content: bytes, start: int, first: int) -> tuple[int, int]:
    """Return where a value begins, and how long it is."""
    if first < _LONG:
        return start, first
    count = first - _LONG
    size = int.from_bytes(content[start : start + count], "big")
    # There is one way to write a length.
    if not 0 < count <= _LONGEST_LENGTH or size < max(_LONG, 1 << 8 * (count - 1)):
        raise ValueError("an odd length")
    return start + count, size


def _first(content: bytes) -> Part:
    found = next(_parts(content), None)
    if found is None:
        raise ValueError("empty")
    return found


def _only(content: bytes, tag: int) -> bytes:
    (part,) = _parts(content)
    return _content(part, tag)


def _content(part: Part, tag: int) -> bytes:
    if part[0] != tag:
        raise ValueError("another type")
    return part[1]


def _time(part: Part) -> dt.datetime:
    tag, content = part
    text = content.decode("ascii")
    if len(text) != _TIME_LENGTHS.get(tag) or not text[:-1].isdigit() or text[-1] != "Z":
        raise ValueError("an odd time")
    if tag == _UTC_TIME:
        # RFC 5280: years from 50 on are of the last century.
        text = ("19" if text >= "50" else "20") + text
    year, rest = int(text[:4]), text[4:-1]
    month, day, hour, minute, second = (int(rest[at : at + 2]) for at in range(0, len(rest), 2))
    return dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC)


def _rsa_bits(key_info: bytes) -> int:
    algorithm, bits = _parts(key_info)
    kind = _first(_content(algorithm, _SEQUENCE))
    key = _content(bits, _BITS)
    if kind != (_OID, _RSA) or key[:1] != b"\0":
        raise ValueError("not an RSA key")
    modulus = _first(_only(key[1:], _SEQUENCE))
    return int.from_bytes(_content(modulus, _INTEGER), "big", signed=True).bit_length()


def _require_distinct(extensions: bytes) -> None:
    """Refuse repeated extensions, as AWS does."""
    each = _parts(_only(extensions, _SEQUENCE))
    names = [_first(_content(part, _SEQUENCE)) for part in each]
    if len(names) != len(set(names)):
        raise ValueError("an extension is repeated")
