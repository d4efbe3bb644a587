"""Approved files and their hashes, in the form that ``sha256sum`` writes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LINE = re.compile(r"([0-9a-fA-F]{64})[ \t]+\*?(\S.*)")
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Differences:
    """Names of files that differ from the approved ones; `unlisted` are in no manifest."""

    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.missing or self.unlisted)

    def __str__(self) -> str:
        parts = {"changed": self.changed, "missing": self.missing, "not approved": self.unlisted}
        return "; ".join(f"{how}: {_some(names)}" for how, names in parts.items() if names)


def parse(text: str, where: str) -> dict[str, str]:
    """SHA-256 by file; raises a `ConfigError` that names the line.

    >>> parse(f"{'ab' * 32}  model.onnx", "SHA256SUMS")["model.onnx"][:4]
    'abab'
    """
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            raise ConfigError(
                f"'{where}', line {number}: not a SHA-256 and a file; `sha256sum FILES` writes it."
            )
        found[match[2].removeprefix("./")] = match[1].lower()
    return found


def compare(found: Mapping[str, str], approved: Mapping[str, str]) -> Differences:
    """Compare the hashes of the files that are there with the approved ones."""
    return Differences(
        tuple(name for name in sorted(found) if approved.get(name, found[name]) != found[name]),
        tuple(sorted(approved.keys() - found.keys())),
        tuple(sorted(found.keys() - approved.keys())),
    )


def sha256(path: Path) -> str:
    """Hash of a file, read in parts."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            digest.update(part)
    return digest.hexdigest()


def _some(names: tuple[str, ...], most: int = 3) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(name[-60:] for name in names[:most]) + rest
