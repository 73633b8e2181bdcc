"""A token bucket that may go into debt; pure, told the time by its user."""

from __future__ import annotations

_ROUNDING = 1e-9
_LEAST_SECONDS = 0.001


class Bucket:
    """Fills with `rate` tokens per second up to `capacity`; full at first."""

    __slots__ = ("_at", "_tokens", "capacity", "rate")

    def __init__(self, rate: float, capacity: float) -> None:
        self.rate = rate
        self.capacity = capacity
        self._tokens = capacity
        self._at = 0.0

    def tokens(self, now: float) -> float:
        """Return what is there; negative after more was taken than there was."""
        if now > self._at:
            self._tokens = min(self.capacity, self._tokens + (now - self._at) * self.rate)
            self._at = now
        return self._tokens

    def wait(self, count: float, now: float) -> float:
        """Return the seconds until `count` tokens are there, the capacity at most."""
        missing = min(count, self.capacity) - self.tokens(now)
        # Not less, so that rounding cannot ask for the same moment again and again.
        return max(_LEAST_SECONDS, missing / self.rate) if missing > _ROUNDING else 0.0

    def take(self, count: float, now: float) -> None:
        """Take tokens, whether they are there or not."""
        self._tokens = self.tokens(now) - count

    def give_back(self, count: float, now: float) -> None:
        """Put back what was taken and not used."""
        self._tokens = min(self.capacity, self.tokens(now) + count)
