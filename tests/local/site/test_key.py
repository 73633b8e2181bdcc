"""The sign-in page's key: made once, kept for its owner, refused where it cannot be used."""

from __future__ import annotations

import datetime as dt
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from gateprint.errors import ToolFailed
from gateprint.local.site import key as module
from gateprint.local.site.key import signing_key
from tests.local.site.made import NOW, key


def keep(home: Path) -> Path:
    """Put the tests' key where a cloud keeps its own: making one takes a while."""
    path = home / module.NAME
    kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    text = key().private.private_bytes(*kinds, serialization.NoEncryption())
    path.write_bytes(text + key().certificate.public_bytes(serialization.Encoding.PEM))
    return path


def test_all_who_come_at_once_get_the_same_key(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda _: signing_key(home, NOW), range(3)))
    assert len({each.certificate_base64 for each in found}) == 1
    assert [path.name for path in home.iterdir()] == [module.NAME]
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / module.NAME).stat().st_mode) == 0o600


def test_a_key_that_is_there_is_used(tmp_path: Path) -> None:
    keep(tmp_path)
    assert signing_key(tmp_path, NOW).certificate == key().certificate


def test_a_key_is_not_shown() -> None:
    assert "private" not in repr(key())


def test_an_expired_certificate_is_refused(tmp_path: Path) -> None:
    keep(tmp_path)
    with pytest.raises(ToolFailed, match="has expired"):
        signing_key(tmp_path, NOW + dt.timedelta(days=3651))


@pytest.mark.parametrize("text", ["", "no key", "-----BEGIN PRIVATE KEY-----\nx\n"])
def test_something_else_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / module.NAME).write_text(text)
    with pytest.raises(ToolFailed, match="holds no key"):
        signing_key(tmp_path, NOW)
