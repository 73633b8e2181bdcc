"""The temporary credentials that STS has issued in this process; never written down anywhere."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from gateprint.local.identity.sigv4 import Credentials
from gateprint.local.web import Caller

Context = Mapping[str, tuple[str, ...]]
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_KEY_CHARACTERS = 16
_SECRET_BYTES = 30
_TOKEN_BYTES = 264
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Session:
    """A role's session: its credentials, when they end, and the condition keys that stay with it.

    Times are in UTC.
    """

    credentials: Credentials
    issued: dt.datetime
    expires: dt.datetime
    context: Context = field(default_factory=dict, repr=False)

    @property
    def caller(self) -> Caller:
        """Whose session it is."""
        return self.credentials.caller


@dataclass(frozen=True, slots=True)
class Holder:
    """For whom credentials are: the ARNs of the session and its role, `aws:userid`, the account."""

    arn: str
    role_arn: str
    user_id: str
    account: str


class Sessions:
    """The sessions that have not ended, at most `most` of them; safe to use from many threads."""

    def __init__(self, clock: Callable[[], dt.datetime], most: int = _MOST) -> None:
        self._clock = clock
        self._most = most
        self._lock = threading.Lock()
        self._live: OrderedDict[str, Session] = OrderedDict()
        # Of a session that is over, its key alone: the caller is told that it has expired.
        self._over: OrderedDict[str, None] = OrderedDict()

    def issue(self, holder: Holder, expires: dt.datetime, context: Context) -> Session:
        """Return new credentials; the oldest make room for them where there are too many."""
        now = self._clock()
        access_key = "ASIA" + "".join(secrets.choice(_ALPHABET) for _ in range(_KEY_CHARACTERS))
        caller = Caller(access_key, holder.arn, holder.role_arn, holder.user_id, holder.account)
        credentials = Credentials(caller, _random(_SECRET_BYTES), _random(_TOKEN_BYTES))
        session = Session(credentials, now, expires, MappingProxyType(dict(context)))
        with self._lock:
            self._sweep(now)
            self._live[access_key] = session
            _shorten(self._live, self._most)
        return session

    def session(self, access_key: str) -> Session | None:
        """Return a session that has not ended."""
        with self._lock:
            found = self._live.get(access_key)
            if found is not None and found.expires <= self._clock():
                self._end(access_key)
                return None
            return found

    def find(self, access_key: str) -> Credentials | None:
        """Return the credentials of a session that has not ended."""
        found = self.session(access_key)
        return None if found is None else found.credentials

    def is_expired(self, access_key: str) -> bool:
        """Tell whether a session with this key has ended."""
        with self._lock:
            return access_key in self._over

    def _sweep(self, now: dt.datetime) -> None:
        for key in [key for key, each in self._live.items() if each.expires <= now]:
            self._end(key)

    def _end(self, access_key: str) -> None:
        del self._live[access_key]
        self._over[access_key] = None
        _shorten(self._over, self._most)


def _shorten(things: OrderedDict[str, Session] | OrderedDict[str, None], most: int) -> None:
    while len(things) > most:
        things.popitem(last=False)


def _random(count: int) -> str:
    return base64.b64encode(secrets.token_bytes(count)).decode()
