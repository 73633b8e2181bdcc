"""The one identity of a server's process: what STS issues there, the data plane takes."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from gateprint.local.identity.account import Account
from gateprint.local.identity.authorization import AccountAuthorization
from gateprint.local.identity.credentials import Sessions
from gateprint.local.identity.moto_account import MotoAccount
from gateprint.local.identity.sigv4 import Clock, Credentials, Verifier
from gateprint.model.partition import partition_of


@dataclass(frozen=True, slots=True)
class Keys:
    """All access keys of the account: of sessions, and of IAM users; the port `KeyRing`."""

    sessions: Sessions
    account: Account

    def find(self, access_key: str) -> Credentials | None:
        """Return valid credentials."""
        return self.sessions.find(access_key) or self.account.user_credentials(access_key)

    def is_expired(self, access_key: str) -> bool:
        """Tell whether a session with this key has ended."""
        return self.sessions.is_expired(access_key)


@dataclass(frozen=True, slots=True)
class Identity:
    """The ports' implementations, and what STS shares with them."""

    number: str
    region: str
    clock: Clock
    account: Account
    sessions: Sessions
    authentication: Verifier
    sts_authentication: Verifier
    authorization: AccountAuthorization


@cache
def identity() -> Identity:
    """Return this process's identity; account and region are those that the server was given."""
    return identity_of(os.environ, _now)


def identity_of(environment: Mapping[str, str], clock: Clock) -> Identity:
    """Return an identity with sessions of its own."""
    number, region = environment["MOTO_ACCOUNT_ID"], environment["AWS_DEFAULT_REGION"]
    account = MotoAccount(number, partition_of(region).name)
    sessions = Sessions(clock)
    keys = Keys(sessions, account)
    return Identity(
        number,
        region,
        clock,
        account,
        sessions,
        Verifier(keys, clock),
        Verifier(keys, clock, "sts"),
        AccountAuthorization(account, sessions, clock),
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
