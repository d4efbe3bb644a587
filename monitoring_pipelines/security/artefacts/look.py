"""Looks into one model file: what it is by its first bytes, whatever its name says."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from typing import IO, TYPE_CHECKING

from monitoring_pipelines.security.artefacts.archives import check_archive, check_text
from monitoring_pipelines.security.artefacts.arrays import MAGIC, check_array
from monitoring_pipelines.security.artefacts.names import UnlistedError
from monitoring_pipelines.security.artefacts.onnx import check_onnx, looks_like_onnx
from monitoring_pipelines.security.artefacts.outcome import (
    Limits,
    MisusedError,
    Outcome,
    Safety,
    UnsafeError,
    UnverifiedError,
)
from monitoring_pipelines.security.artefacts.pickles import follow
from monitoring_pipelines.security.artefacts.stream import DAMAGE, Bounded, Budget, unpacked
from monitoring_pipelines.security.artefacts.tensors import check_tensors, looks_like_tensors

if TYPE_CHECKING:
    from pathlib import Path

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
PROGRAMS = {
    b"\x7fELF": "a program (ELF)",
    b"MZ": "a program (PE)",
    b"#!": "a script",
    b"\xcf\xfa\xed\xfe": "a program (Mach-O)",
    b"\xca\xfe\xba\xbe": "a program (Java or Mach-O)",
    b"<?php": "a script (PHP)",
}
CLOSED = {
    b"\x89HDF\r\n\x1a\n": "HDF5, which is not looked into",
    b"GGUF": "GGUF, which is not looked into",
    b"Rar!": "RAR, which is not looked into",
    b"7z\xbc\xaf": "7-Zip, which is not looked into",
}
# pickles begin with a protocol, or with one of the operations that protocols 0 and 1 begin with
PICKLE = (
    *(b"\x80" + bytes([n]) for n in range(6)),
    *(bytes([c]) for c in b"(]}ciISV)NFLXKMJUTGldt"),
)


def look_into(path: Path, limits: Limits | None = None) -> Outcome:
    """Look into a file. Only what was read to its end and has no code is `ok`."""
    limits = limits or Limits()
    try:
        with path.open("rb") as file:
            return Outcome(Safety.OK, _file(file, limits))
    except UnsafeError as error:
        return Outcome(Safety.UNSAFE, str(error))
    except UnverifiedError as error:
        return Outcome(Safety.UNVERIFIED, str(error))
    except OSError as error:
        return Outcome(Safety.UNVERIFIED, f"it cannot be read: {error.strerror or 'no reason'}")
    except (RecursionError, MemoryError) as error:
        return Outcome(Safety.UNVERIFIED, f"it cannot be read ({type(error).__name__})")


def _file(file: IO[bytes], limits: Limits) -> str:
    budget = Budget(limits.n_bytes)
    start = file.read(8)
    if start.startswith(ZIP):
        plain = replace(limits, plain=True)  # joblib reads no archives
        return check_archive(file, budget, limits, lambda s: _stream(s, plain, 1))
    try:
        hidden = zipfile.is_zipfile(file)
    except DAMAGE:
        hidden = False
    file.seek(0)
    told = _stream(Bounded(file, budget), limits, 0)
    if budget.is_ambiguous:
        file.seek(0)
        _follow_again(Bounded(file, Budget(limits.n_bytes)), replace(limits, plain=True))
    if hidden:
        raise UnverifiedError("an archive behind something else")
    return told


def _stream(stream: Bounded, limits: Limits, depth: int) -> str:
    """What a stream is; raises if it is unsafe or cannot be read."""
    if depth > limits.depth:
        raise UnverifiedError("archives lie too deep in each other")
    start = stream.peek(16)
    _refuse(start)
    if start.startswith(MAGIC):
        return check_array(stream, limits)
    if inner := unpacked(stream):
        label, content = inner
        return f"{_stream(content, limits, depth + 1)}, packed with {label}"
    return _by_form(stream, start, limits)


def _refuse(start: bytes) -> None:
    """Refuse by the first bytes what holds code, or what is not looked into."""
    if not start:
        raise UnverifiedError("an empty file")
    if start.startswith(ZIP):
        raise UnverifiedError("an archive in another one")
    for magic, what in PROGRAMS.items():
        if start.startswith(magic):
            raise UnsafeError(what)
    for magic, what in CLOSED.items():
        if start.startswith(magic):
            raise UnverifiedError(what)


def _by_form(stream: Bounded, start: bytes, limits: Limits) -> str:
    if looks_like_tensors(start):
        stream.budget.is_ambiguous |= start.startswith(PICKLE)
        return check_tensors(stream)
    if looks_like_onnx(start):
        return check_onnx(stream)
    if start.lstrip()[:1] in {b"{", b"["} or start.startswith(b"tree\nversion"):
        return check_text(stream)
    if start.startswith(PICKLE):
        return _pickles(stream, limits)
    raise UnverifiedError("a file of no form that is known")


def _pickles(stream: Bounded, limits: Limits) -> str:
    """One pickle or several, one behind the other: torch writes so, and so can hide another one."""
    n = 0
    while stream.peek(1):
        follow(stream, limits)
        n += 1
    return "a pickle" if n == 1 else f"{n} pickles"


def _follow_again(stream: Bounded, limits: Limits) -> None:
    """Follow as a pickle what was read otherwise: as far as a plain unpickler would come."""
    while inner := unpacked(stream):
        stream = inner[1]
    try:
        _pickles(stream, limits)
    except UnlistedError as error:
        # numbers may look like a name by chance, but hardly like one of code
        if re.fullmatch(r"[A-Za-z_][\w.]+ [A-Za-z_][\w.]*", error.args[1], re.ASCII):
            raise
    except (MisusedError, UnverifiedError):
        return
