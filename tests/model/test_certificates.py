"""Signing certificates in metadata: dates, keys, and the quick reader beside the library."""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from gateprint.model import source
from gateprint.model.certificates import Certificate, check_certificates, read_certificate
from gateprint.model.der import read_dates_and_bits
from gateprint.model.metadata import signing_certificates
from tests.model.made import ISSUER, NONPROD, environment_of
from tests.support import saml

HOST = "acme.auth0.com"
NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
REJECTED = Path(__file__).parents[1] / "rejected"
KEY = saml.rsa_key()


def lasting(days: float, key: saml.PrivateKey = KEY) -> x509.Certificate:
    """Return a certificate that is valid for so many days from NOW on."""
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    length = NOW + dt.timedelta(days=days) - start
    return saml.certificate(HOST, key, start, days=0, more=length)


def remarks(*certificates: x509.Certificate | bytes) -> list[tuple[str, str, str]]:
    """Return severity, code and problem of everything that is said of such metadata."""
    text = saml.metadata(ISSUER, HOST, *certificates)
    environment = environment_of(files={"identity/auth0.xml": text})
    document = source.read("nonprod.yaml", NONPROD)
    found = check_certificates(document, environment, NOW)
    return [(each.severity, each.code, each.problem) for each in found]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (31, []),
        (30, [("warning", "metadata-expires")]),
        (0.001, [("warning", "metadata-expires")]),
        (0, [("error", "expired-metadata")]),
        (-400, [("error", "expired-metadata")]),
    ],
)
def test_a_certificate_is_announced_for_thirty_days_and_then_refused(
    days: float, said: list[tuple[str, str]]
) -> None:
    assert [each[:2] for each in remarks(lasting(days))] == said


def test_a_diagnostic_says_the_day() -> None:
    (found,) = remarks(lasting(10))
    assert found[2] == "the metadata's signing certificate expires on 2026-06-11"


def test_a_diagnostic_stands_at_the_file_s_name() -> None:
    environment = environment_of(
        files={"identity/auth0.xml": saml.metadata(ISSUER, HOST, lasting(-1))}
    )
    (found,) = check_certificates(source.read("nonprod.yaml", NONPROD), environment, NOW)
    assert (found.location.line, found.location.column) == (6, 51)


def test_the_certificate_that_lasts_longest_decides_while_keys_are_renewed() -> None:
    assert remarks(lasting(1), lasting(400)) == []


def test_what_has_expired_beside_a_valid_certificate_is_a_warning() -> None:
    problem = "2 of 3 signing certificates in the metadata expired by 2026-05-31"
    found = remarks(lasting(-9), lasting(400), lasting(-1))
    assert found == [("warning", "metadata-expires", problem)]


@pytest.mark.parametrize("bits", [1024, 1536])
def test_a_short_key_is_a_warning(bits: int) -> None:
    found = remarks(lasting(400), lasting(400, saml.rsa_key(bits)))
    problem = f"a signing key in the metadata has only {bits:,} bits"
    assert found == [("warning", "weak-key", problem)]


def test_a_key_that_aws_does_not_take_is_refused() -> None:
    text = (REJECTED / "wrong-metadata/short-key/config/identity/case.xml").read_text()
    (short,) = signing_certificates(text)
    ((severity, code, problem),) = remarks(base64.b64decode(short))
    assert (severity, code) == ("error", "wrong-metadata")
    assert problem == "a signing key in the metadata has 768 bits; AWS takes 1,024 or more"


def test_a_key_on_a_curve_is_not_measured_by_bits() -> None:
    assert remarks(lasting(400, ec.generate_private_key(ec.SECP256R1()))) == []


@pytest.mark.parametrize("content", [b"", b"no certificate", b"\x30\x80", b"\x30\x03\x02\x01"])
def test_what_is_no_certificate_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_certificate(base64.b64encode(content).decode())


def test_what_is_not_base64_is_refused() -> None:
    with pytest.raises(ValueError, match=r"base64|padding"):
        read_certificate("-----BEGIN CERTIFICATE-----")


def test_repeated_extensions_are_refused_as_aws_does() -> None:
    der = saml.der_of(saml.certificate(HOST, KEY, extensions=2))
    # Both have the same name length, so that one can be made a second of the other.
    assert read_dates_and_bits(der)[1] == 2048
    twice = der.replace(bytes.fromhex("0603551d11"), bytes.fromhex("0603551d12"))
    assert twice != der
    with pytest.raises(ValueError, match=r"repeated|Duplicate"):
        read_certificate(base64.b64encode(twice).decode())


@pytest.mark.parametrize("year", [1951, 1999, 2049, 2050, 2200])
def test_a_time_of_either_form_is_read_as_the_library_does(year: int) -> None:
    made = saml.certificate(HOST, KEY, dt.datetime(year, 2, 3, 4, 5, 6, tzinfo=dt.UTC), days=1)
    assert read_dates_and_bits(saml.der_of(made)) == (made.not_valid_after_utc, 2048)


def part(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return bytes([tag, len(content)]) + content


def certificate_of(key: bytes, extensions: bytes = b"") -> bytes:
    """Return the least that the quick reader takes for a certificate."""
    empty = part(0x30)
    dates = part(0x30, *[part(0x17, b"300101000000Z")] * 2)
    signed = part(0x30, part(0x02, b"\1"), empty, empty, dates, empty, key, extensions)
    return part(0x30, signed, empty, part(0x03))


RSA = part(0x30, part(0x06, bytes.fromhex("2a864886f70d010101")))
MODULUS = part(0x30, part(0x02, b"\0\xff"))
FIRST_DAY = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


def test_the_least_certificate_is_read() -> None:
    found = certificate_of(part(0x30, RSA, part(0x03, b"\0", MODULUS)))
    assert read_dates_and_bits(found) == (FIRST_DAY, 8)


@pytest.mark.parametrize(
    "key",
    [
        part(0x30),
        part(0x30, part(0x30), part(0x03, b"\0", MODULUS)),
        part(0x30, RSA, part(0x03)),
        part(0x30, RSA, part(0x03, b"\1", MODULUS)),
        part(0x30, RSA, part(0x03, b"\0", part(0x30))),
        part(0x30, RSA, part(0x03, b"\0", part(0x30, part(0x04, b"\xff")))),
        part(0x30, RSA, part(0x03, b"\0", b"\x30\x81\x04\x02\x02\0\xff")),
        part(0x30, RSA, part(0x03, b"\0", MODULUS), part(0x30)),
    ],
)
def test_an_odd_key_is_left_to_the_library(key: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_dates_and_bits(certificate_of(key))


def test_an_extension_without_a_name_is_left_to_the_library() -> None:
    key = part(0x30, RSA, part(0x03, b"\0", MODULUS))
    with pytest.raises(ValueError, match="empty"):
        read_dates_and_bits(certificate_of(key, part(0xA3, part(0x30, part(0x30)))))


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_no_damage_makes_the_quick_reader_crash_or_hang(data: st.DataObject) -> None:
    content = bytearray(USUAL)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    for damaged in (bytes(content), bytes(content[:cut])):
        try:
            until, bits = read_dates_and_bits(damaged)
        except ValueError:
            continue
        assert until.tzinfo is dt.UTC
        assert 0 <= bits <= 8 * len(USUAL)


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@settings(max_examples=500, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 255))
def test_where_both_readers_read_a_damaged_certificate_they_read_the_same(
    at: int, value: int
) -> None:
    content = bytearray(USUAL)
    content[at % len(content)] = value
    try:
        quick = Certificate(*read_dates_and_bits(bytes(content)))
        library = x509.load_der_x509_certificate(bytes(content))
        until, key = library.not_valid_after_utc, library.public_key()
    except Exception:  # noqa: BLE001 - one of them refuses it
        return
    assert quick.until == until
    assert quick.bits == getattr(key, "key_size", None)


USUAL = saml.der_of(saml.certificate(HOST, KEY, extensions=2))
