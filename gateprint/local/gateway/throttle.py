"""Token buckets and quotas: how many requests come through; time is an argument.

API Gateway developer guide, "Throttle requests to your REST APIs for better throughput".
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from gateprint.local.gateway.stage import Limit

MAX_BUCKETS = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class Throttle:
    """A bucket for each key, refilled with the limit's rate up to its burst."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[tuple[str, ...], _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def is_admitting(self, key: tuple[str, ...], limit: Limit, now: float) -> bool:
        """Take one token, if there is one; `now` is in seconds of any clock that only advances."""
        with self._lock:
            bucket = self._buckets.setdefault(key, _Bucket(limit.burst, now))
            self._buckets.move_to_end(key)
            if len(self._buckets) > MAX_BUCKETS:
                self._buckets.popitem(last=False)
            earned = (now - bucket.filled_at) * limit.rate
            bucket.tokens = min(float(limit.burst), bucket.tokens + earned)
            bucket.filled_at = now
            if bucket.tokens < 1:
                return False
            bucket.tokens -= 1
            return True


class Quota:
    """Requests counted in periods; a new period begins at nothing."""

    def __init__(self) -> None:
        self._counts: OrderedDict[tuple[str, ...], int] = OrderedDict()
        self._lock = threading.Lock()

    def is_admitting(self, key: tuple[str, ...], limit: int) -> bool:
        """Count one request, if the period has room for it; the key names the period too."""
        with self._lock:
            count = self._counts.get(key, 0)
            if count >= limit:
                return False
            self._counts[key] = count + 1
            if len(self._counts) > MAX_BUCKETS:
                self._counts.popitem(last=False)
            return True
