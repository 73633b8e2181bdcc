"""How long logs are kept; pure."""

from __future__ import annotations

from typing import Annotated

from gateprint.model import kinds

RetentionDays = Annotated[
    str,
    kinds.one_number_of(
        *("1", "3", "5", "7", "14", "30", "60", "90", "180", "365", "731"),
        what="a number of days that CloudWatch Logs offers",
    ),
]
