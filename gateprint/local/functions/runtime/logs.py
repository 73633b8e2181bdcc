"""The logging that Lambda sets up for handlers; changes the root logger."""

from __future__ import annotations

import logging
import sys
import time

_FORMAT = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"


class _Current(logging.Filter):
    """Gives each record the id of the request that is being answered."""

    request_id = ""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        record.aws_request_id = self.request_id
        return True


current = _Current()


def set_up() -> None:
    """Let what handlers log go to the log group, from WARNING on, as on AWS."""
    handler = logging.StreamHandler(sys.stdout)
    formatter = logging.Formatter(_FORMAT, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(current)
    logging.getLogger().addHandler(handler)
