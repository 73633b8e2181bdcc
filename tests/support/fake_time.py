"""Time that tests hold still."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class FakeTime:
    """Time that passes only where somebody sleeps."""

    now: float = 1_800_000_000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
