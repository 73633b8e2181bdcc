"""An account whose functions are written in the tests, and a log that can be read."""

from __future__ import annotations

import base64
import hashlib
import io
import textwrap
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gateprint.local.functions.function import Credentials, Function

ACCOUNT = "123456789012"
USUAL = Function(
    arn=f"arn:aws:lambda:us-east-2:{ACCOUNT}:function:pets",
    name="pets",
    version="$LATEST",
    region="us-east-2",
    handler="app.handler",
    runtime="python3.12",
    role_arn=f"arn:aws:iam::{ACCOUNT}:role/pets",
    variables=(),
    timeout_seconds=3,
    memory_mib=128,
    scratch_mib=512,
    log_group="/aws/lambda/pets",
    code_sha256="",
)


def zipped(files: Mapping[str, str]) -> bytes:
    """Return a zip file of these texts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, textwrap.dedent(text))
    return buffer.getvalue()


class WrittenAccount:
    """Implements the runner's `Account`: functions by name, and all that was logged."""

    def __init__(self) -> None:
        self._functions: dict[str, tuple[Function, bytes]] = {}
        self.log: list[tuple[str, str, str]] = []

    def write(self, code: str | bytes, **changes: object) -> str:
        """Upload a function, or change it; return its ARN."""
        content = code if isinstance(code, bytes) else zipped({"app.py": code})
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        function = replace(USUAL, code_sha256=digest, **changes)  # type: ignore[arg-type]
        self._functions[function.arn] = (function, content)
        return function.arn

    def find(self, function_arn: str) -> Function | None:
        found = self._functions.get(function_arn)
        return found[0] if found else None

    def code(self, function_arn: str) -> bytes:
        return self._functions[function_arn][1]

    def credentials(self, function: Function) -> Credentials:
        return Credentials("ASIAEXAMPLE", "secret", f"token of {function.name}")

    def write_log(self, function: Function, stream: str, lines: Sequence[str]) -> None:
        self.log += [(function.log_group, stream, line) for line in lines]

    @property
    def lines(self) -> list[str]:
        """All lines that were logged."""
        return [line for _, _, line in self.log]
