"""Packs the sources of a Lambda function: same sources, same bytes, on every machine; pure."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

# The earliest time that a zip file can hold.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE_FILE = 0o100644 << 16
_UNIX = 3


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip file: where it lies below its stack's folder, and its bytes."""

    relative_path: str
    content: bytes

    @property
    def digest_base64(self) -> str:
        """Return the SHA-256 digest as Lambda and Terraform write it."""
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()


def pack(source: str, files: Mapping[str, bytes]) -> Archive:
    """Return the archive of one source: `files` maps paths inside the archive to contents.

    Nothing is compressed: other versions of zlib would give other bytes.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.external_attr = _READABLE_FILE
            entry.create_system = _UNIX
            archive.writestr(entry, content)
    return Archive(f"lambdas/{source}.zip", buffer.getvalue())
