"""Makes a failing document smaller while it still fails the same way; pure but for the check."""

from __future__ import annotations

from collections.abc import Callable, Iterator

IsFailing = Callable[[bytes], bool]


class Budget:
    """How often the check may still run, and whether the time for it is over."""

    def __init__(self, tries: int, is_over: Callable[[], bool] = lambda: False) -> None:
        self._tries = tries
        self._is_over = is_over

    def is_spent(self) -> bool:
        """Tell whether the check may not run again."""
        return self._tries <= 0 or self._is_over()

    def spend(self) -> None:
        """Count one run."""
        self._tries -= 1


def minimise(data: bytes, is_failing: IsFailing, budget: Budget) -> bytes:
    """Return a part of `data` that still fails: whole lines go first, then single bytes."""
    data = b"".join(_reduced(data.splitlines(keepends=True), is_failing, budget))
    return b"".join(_reduced([bytes([each]) for each in data], is_failing, budget))


def _reduced(parts: list[bytes], is_failing: IsFailing, budget: Budget) -> list[bytes]:
    """Drop runs of parts, of half the length each time, as long as the rest still fails."""
    size = len(parts) // 2
    while size and not budget.is_spent():
        candidates = _without(parts, size, budget)
        shorter = next((each for each in candidates if is_failing(b"".join(each))), None)
        if shorter is None:
            size //= 2
        else:
            parts = shorter
            size = min(size, len(parts) // 2)
    return parts


def _without(parts: list[bytes], size: int, budget: Budget) -> Iterator[list[bytes]]:
    for start in range(0, len(parts), size):
        if budget.is_spent():
            return
        budget.spend()
        yield parts[:start] + parts[start + size :]
