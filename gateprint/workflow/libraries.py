"""Reads the packages that verify identity tokens in functions; refuses any but the known ones."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from gateprint.errors import ToolFailed

# What verifies signatures decides about access: the packages are these, wherever they came from.
# docs/decisions/0028 says how to change them. They are for Lambda's x86_64.
_EVERYWHERE: Mapping[str, str] = {
    "cryptography-50.0.2-cp311-abi3-manylinux_2_28_x86_64.whl": (
        "4061c0079120205fb760c58acab6443e217307dcf05e3702cf970e0689972856"
    ),
    "joserfc-1.8.0-py3-none-any.whl": (
        "176b836ac7ed9a46a88629e24076314b475f33a75d0bad7f26146e572eed7c79"
    ),
    "pycparser-3.12-py3-none-any.whl": (
        "a076f3f489b39b43ed13563a1dafe42447445bec2e294154ec5c57fcdda4c85e"
    ),
}
_CFFI = "cffi-2.1.1-{0}-{0}-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"
PACKAGES: Mapping[str, Mapping[str, str]] = {
    "python3.12": {
        _CFFI.format("cp312"): "c1453022f490d2459a11819d83ad1d586e9ff65a12ac3e705ffebd46d3685dcf",
        **_EVERYWHERE,
    },
    "python3.13": {
        _CFFI.format("cp313"): "a931079504ecc49efed7744c476a5c343a92fabf66dec2db95edb1b2fdc770e2",
        **_EVERYWHERE,
    },
}
_PLACE = Path(".gateprint") / "libraries"
# Where `shared.guard` looks for them.
FOLDER = "libraries"


def libraries(project: Path, runtime: str) -> Mapping[str, bytes]:
    """Return the packages' files for a version of Python, by their path in an archive.

    Raises:
        ToolFailed: one is not there, or is another one.
    """
    return _libraries(_home(project), runtime)


def _home(project: Path) -> Path:
    """Return where the packages are: in the project, or beside gateprint."""
    beside = Path(str(files("gateprint"))).parent
    places = [root / _PLACE for root in (project, beside)]
    return next((each for each in places if each.is_dir()), places[0])


@cache
def _libraries(home: Path, runtime: str) -> Mapping[str, bytes]:
    found: dict[str, bytes] = {}
    for name, digest in PACKAGES[runtime].items():
        found |= _unpacked(_package(home / name, digest))
    return found


def _package(path: Path, digest: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ToolFailed(
            "the packages that verify identity tokens are not there",
            "run make setup, which fetches what requirements-lambda.lock names",
            f"{path.name}: {error.strerror}",
        ) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise ToolFailed(
            f"{path.name} is not as it was published",
            f"remove {_PLACE}, and run make setup",
        )
    return content


def _unpacked(content: bytes) -> dict[str, bytes]:
    """Return a wheel's files; it is one of the known ones, and so of a known size."""
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        return {
            f"{FOLDER}/{each.filename}": wheel.read(each)
            for each in wheel.infolist()
            if not each.is_dir()
        }
