"""Hostile files rather than hostile texts: links, bytes, and SAML metadata from elsewhere."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateprint.cli.main import run
from tests.attacks.attack import BLUEPRINT, ENVIRONMENT, METADATA
from tests.attacks.test_attacks import contents, project, validate
from tests.support import saml

__all__ = ["project", "validate"]  # pytest finds fixtures by these names.

ISSUER = "urn:acme.auth0.com"
HOST = "acme.auth0.com"
# Where the environment names its metadata file.
METADATA_LINE = 10
NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def metadata(*, start: int = -30, end: int = 3650) -> str:
    """Return metadata whose certificate is valid between two days from now."""
    begin = NOW + dt.timedelta(days=start)
    return saml.metadata(ISSUER, HOST, saml.certificate(HOST, start=begin, days=end - start))


def with_doctype(definition: str) -> str:
    return f"<!DOCTYPE EntityDescriptor [{definition}]>{metadata()}"


METADATA_ATTACKS: dict[str, Callable[[], str]] = {
    "an entity of a file": lambda: with_doctype('<!ENTITY x SYSTEM "file:///etc/passwd">'),
    "an entity of the web": lambda: with_doctype('<!ENTITY x SYSTEM "http://127.0.0.1:1/x">'),
    "a parameter's entity": lambda: with_doctype('<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;'),
    "entities of entities": lambda: with_doctype('<!ENTITY a "ha"><!ENTITY b "&a;&a;">'),
    "a document type elsewhere": lambda: (
        f'<!DOCTYPE EntityDescriptor SYSTEM "http://127.0.0.1:1/x.dtd">{metadata()}'
    ),
    "two entities": lambda: (
        '<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">'
        f"{metadata()}{metadata()}</EntitiesDescriptor>"
    ),
    "another entity": lambda: metadata().replace(ISSUER, "urn:evil"),
    "the issuer and more": lambda: metadata().replace(ISSUER, f"{ISSUER}.evil"),
    "the issuer in capitals": lambda: metadata().replace(ISSUER, ISSUER.upper()),
    "a byte order mark": lambda: f"\ufeff{metadata()}",
    "a private key": lambda: f"{metadata()}<!-- -----BEGIN {'PRIVATE KEY'}----- -->",
    "a private key of RSA": lambda: f"{metadata()}<!-- -----BEGIN RSA {'PRIVATE KEY'}----- -->",
    "too short": lambda: "<EntityDescriptor/>",
    "no certificate": lambda: metadata().replace("X509Certificate", "X509SubjectName"),
    "not XML": lambda: "x" * 2000,
    "deep": lambda: "<a>" * 100_000,
}
# The line above the metadata names the issuer.
OTHER_ISSUERS = {"another entity", "the issuer and more", "the issuer in capitals"}
# What only a look at the certificates shows.
CERTIFICATES: dict[str, tuple[Callable[[], str], str]] = {
    "expired": (lambda: metadata(start=-800, end=-400), "expired-metadata"),
    "none at all": (lambda: saml.metadata(ISSUER, HOST, b"\0" * 300), "wrong-metadata"),
}


@pytest.mark.parametrize("name", METADATA_ATTACKS)
def test_a61_hostile_metadata_is_refused_where_it_is_named(
    project: Path, validate: Any, name: str
) -> None:
    (project / METADATA).write_text(METADATA_ATTACKS[name](), encoding="utf-8")
    code, printed = validate()
    rows = [(row["path"], row["line"], row["code"]) for row in printed["diagnostics"]]
    line = METADATA_LINE - 1 if name in OTHER_ISSUERS else METADATA_LINE
    assert (code, rows) == (1, [(ENVIRONMENT, line, "wrong-metadata")])
    before = contents(project)
    assert run(["synth"]) == 1
    assert contents(project) == before


@pytest.mark.parametrize("name", CERTIFICATES)
def test_a61_certificates_that_aws_refuses_are_refused(
    project: Path, validate: Any, name: str
) -> None:
    make, expected = CERTIFICATES[name]
    (project / METADATA).write_text(make(), encoding="utf-8")
    code, printed = validate()
    assert (code, {row["code"] for row in printed["diagnostics"]}) == (1, {expected})


def test_a_certificate_of_today_is_accepted(project: Path, validate: Any) -> None:
    (project / METADATA).write_text(metadata(), encoding="utf-8")
    assert validate() == (0, {"diagnostics": [], "warnings": []})


def codes(printed: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["path"], row["code"]) for row in printed["diagnostics"]]


def moved_out(file: Path) -> None:
    """Put a link where the file was, to the file outside of the project."""
    outside = file.parents[2] / f"{file.name}-outside"
    file.rename(outside)
    file.symlink_to(outside)


def test_a23_a_blueprint_outside_of_the_folder_is_refused(project: Path, validate: Any) -> None:
    inner = project / "inner"
    inner.mkdir()
    (project / BLUEPRINT).rename(inner / "x.yaml")
    (project / BLUEPRINT).symlink_to(inner / "x.yaml")
    code, printed = validate()
    assert (code, codes(printed)) == (1, [(BLUEPRINT, "link-outside")])


def test_a23_an_environment_outside_of_the_folder_is_refused(project: Path, validate: Any) -> None:
    inner = project / "inner"
    inner.mkdir()
    (project / ENVIRONMENT).rename(inner / "nonprod.yaml")
    (project / ENVIRONMENT).symlink_to(inner / "nonprod.yaml")
    code, printed = validate()
    assert (code, codes(printed)) == (1, [(ENVIRONMENT, "link-outside")])


def test_a23_metadata_behind_a_link_outside_is_refused(project: Path, validate: Any) -> None:
    moved_out(project / METADATA)
    code, printed = validate()
    assert (code, codes(printed)) == (1, [(ENVIRONMENT, "unknown-metadata")])


def test_a23_a_function_behind_a_link_is_not_packed(project: Path, validate: Any) -> None:
    source = project / "lambdas" / "pets"
    (source / "app.py").rename(project / "app.py")
    (source / "app.py").symlink_to(project / "app.py")
    code, printed = validate()
    assert (code, {code for _, code in codes(printed)}) == (1, {"unknown-handler"})


def test_a23_a_source_that_is_a_link_outside_is_not_one(project: Path, validate: Any) -> None:
    (project / "lambdas" / "pets").rename(project / "elsewhere")
    (project / "lambdas" / "pets").symlink_to(project / "elsewhere")
    code, printed = validate()
    assert (code, {code for _, code in codes(printed)}) == (1, {"unknown-source"})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("blueprint: 1\nname: pets\n".encode("utf-16"), "not-text"),
        (b"blueprint: 1\nname: p\xe9ts\n", "not-text"),
        (b"blueprint: 1\nname: \xed\xa0\x80\n", "not-text"),
        (b"blueprint: 1\nname: \xc0\xae\n", "not-text"),
        (b"\x00" * 100, "control-character"),
        (b"", "empty-file"),
        (b"---\n", "empty-file"),
        (b"# nothing\n", "empty-file"),
        (b"pets", "wrong-type"),
        (b"- pets", "wrong-type"),
    ],
)
def test_a22_bytes_that_are_no_blueprint_are_refused(
    project: Path, validate: Any, content: bytes, code: str
) -> None:
    (project / BLUEPRINT).write_bytes(content)
    done, printed = validate()
    assert (done, codes(printed)) == (1, [(BLUEPRINT, code)])


def test_a23_a_folder_and_a_pipe_are_no_blueprints(project: Path, validate: Any) -> None:
    (project / "blueprints" / "a.yaml").mkdir()
    os.mkfifo(project / "blueprints" / "b.yaml")
    code, printed = validate()
    assert code == 1
    assert codes(printed) == [
        ("blueprints/a.yaml", "unreadable"),
        ("blueprints/b.yaml", "unreadable"),
    ]


def test_a27_the_same_role_in_two_blueprints_with_both_places(project: Path, validate: Any) -> None:
    text = (project / BLUEPRINT).read_text(encoding="utf-8")
    other = text.replace("name: pets\n", "name: cats\n").replace("\n  pets:\n", "\n  cats:\n")
    other = other.replace("pets-reader", "PETS-READER")
    (project / "blueprints" / "x.yaml").write_text(other, encoding="utf-8")
    code, printed = validate()
    assert (code, codes(printed)) == (1, [("blueprints/x.yaml", "role-taken")])
    assert f"{BLUEPRINT}:36:3" in printed["diagnostics"][0]["problem"]
