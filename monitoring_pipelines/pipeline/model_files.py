"""Files of a model: found, hashed, and looked into; each content once in a process."""

from __future__ import annotations

import glob
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.security.artefacts.look import look_into
from monitoring_pipelines.security.artefacts.outcome import Limits, Outcome, Safety
from monitoring_pipelines.security.facts import Files
from monitoring_pipelines.security.manifest import Differences, compare, parse, sha256

if TYPE_CHECKING:
    from monitoring_pipelines.config.security import Artefacts
    from monitoring_pipelines.pipeline.model import Model

MAX_FILES = 1_000


def model_files(model: Model) -> Files | None:
    """What is known of the model's files; None if none is configured."""
    section = model.config.security.artefacts
    if section is None:
        return None
    paths = _found(model.root, section)
    hashes, outcomes = {}, {}
    for name, path in paths.items():
        try:
            stat = path.stat()
            hashes[name], outcomes[name] = _known(
                path, stat.st_size, (stat.st_mtime_ns, stat.st_ctime_ns), frozenset(section.allow)
            )
        except OSError as error:
            why = f"it cannot be read: {error.strerror or 'no reason'}"
            outcomes[name] = Outcome(Safety.UNVERIFIED, why)
            hashes[name] = ""
    differences = Differences()
    if section.manifest is not None:
        differences = compare(hashes, _approved(model.folder / section.manifest))
    return Files(hashes=hashes, outcomes=outcomes, differences=differences)


@lru_cache(maxsize=MAX_FILES)
def _known(
    path: Path, size: int, times: tuple[int, int], allow: frozenset[str]
) -> tuple[str, Outcome]:
    """Hash of a file and what it is; looked at again if its size or a time is another.

    Who replaces a file can set the time of its change, but not that of its entry.
    """
    del size, times
    return sha256(path), look_into(path, Limits(allowed=allow))


def _found(root: Path, section: Artefacts) -> dict[str, Path]:
    """Files by their path from the project folder."""
    found = {}
    for pattern in section.files:
        for text in sorted(glob.glob(pattern, root_dir=root, recursive=True)):  # noqa: PTH207 - a folder may be absolute
            path = root / text
            if path.is_file():
                found[Path(text).as_posix()] = path
    if len(found) > MAX_FILES:
        raise ConfigError(
            f"`security.artefacts.files` names {len(found):,} files; at most {MAX_FILES:,} are "
            "looked into."
        )
    return found


def _approved(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise ConfigError(
            f"`security.artefacts.manifest`: '{path}' cannot be read: {why}."
        ) from error
    return parse(text, path.name)
