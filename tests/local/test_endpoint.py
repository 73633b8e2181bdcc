"""The addresses that the embedded cloud may listen on."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from gateprint.errors import ToolFailed
from gateprint.local import cloud
from gateprint.local.endpoint import Endpoint, parse
from tests.local.conftest import say_nothing, settings_in


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://0.0.0.0:4599",
        "http://192.168.1.10:4599",
        "http://example.com:4599",
        "http://localhost.example.com:4599",
        "https://127.0.0.1:4599",
        "http://127.0.0.1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:65535",
        "http://127.0.0.1:4599/path",
        "http://[::",
        "",
    ],
)
def test_only_loopback_endpoints_are_accepted(endpoint: str, tmp_path: Path) -> None:
    settings = dataclasses.replace(settings_in(tmp_path), endpoint=endpoint)
    with pytest.raises(ToolFailed, match="cannot listen") as failure:
        cloud.start(settings, say_nothing)
    assert "config/local.yaml" in failure.value.remedy


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://127.0.0.1:4599", "127.0.0.1"),
        ("http://127.8.9.1:4599/", "127.8.9.1"),
        ("http://localhost:4599", "localhost"),
        ("http://[::1]:4599", "::1"),
    ],
)
def test_a_loopback_endpoint_is_read(url: str, host: str) -> None:
    assert parse(url) == Endpoint(host, 4599)
