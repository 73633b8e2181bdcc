"""AWS clients for the embedded cloud: its endpoint, made-up credentials, nothing of the user's."""

from __future__ import annotations

import os
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

DUMMY_ACCESS_KEY = "gateprint-local"
DUMMY_SECRET_KEY = "gateprint-local"  # noqa: S105  # nothing checks it

# No profile, no configuration file, no credentials file: (config key, variable, default, cast).
_NOTHING_OF_THE_USER = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


def client(service: str, endpoint: str, region: str) -> Any:
    """A boto3 client of `service` that cannot reach the real AWS, whatever the environment says."""
    session: Any = boto3.Session(
        aws_access_key_id=DUMMY_ACCESS_KEY,
        aws_secret_access_key=DUMMY_SECRET_KEY,
        region_name=region,
        botocore_session=botocore.session.Session(session_vars=_NOTHING_OF_THE_USER),
    )
    return session.client(service, endpoint_url=endpoint, config=_config())


def _config() -> Config:
    return Config(
        proxies={},
        s3={"addressing_style": "path"},
        connect_timeout=5,
        read_timeout=30,
    )
