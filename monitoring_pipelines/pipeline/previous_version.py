"""Windows of the model version that served before the present one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Window, previous
from monitoring_pipelines.summaries.table import TableSummary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.pipeline.judging import Judging

REFERENCE_VERSION = "reference_version"
# so many windows of the version before are the reference, as far back as so many windows
TAKEN, SEARCHED = 28, 400


class Previous(NamedTuple):
    """`version` serves most rows of a window, `before` is the one before it, "" if none is known.

    `windows` are those of `before`, newest first; `others` is the share of the window's rows that
    are of another version than `version`.
    """

    version: str
    before: str
    windows: tuple[Window, ...]
    others: float


def served_most(versions: Mapping[str, int]) -> str:
    """The version of most rows; of equally many the one that comes last by name; "" of none.

    >>> served_most({"v1": 3, "v2": 3, "v0": 1})
    'v2'
    """
    return max(versions, key=lambda name: (versions[name], name), default="")


def only_versions(n_rows: int, versions: Mapping[str, int]) -> TableSummary:
    """How many rows of a window are of which version: small enough to look back far."""
    return TableSummary(n_rows, 0, {}, (n_rows,), versions=versions)


def searched(config: ModelConfig, window: Window, oldest: datetime) -> Iterator[Window]:
    """Up to 400 windows before `window`, newest first, none that starts before `oldest`."""
    for _ in range(SEARCHED):
        window = previous(window, config.window, config.zone)
        if window.start < oldest:
            return
        yield window


def find_previous(
    versions: Mapping[str, int], earlier: Iterable[tuple[Window, Mapping[str, int]]]
) -> Previous:
    """The version before that of a window with these `versions`, and up to 28 windows of it.

    `earlier` are the windows before and their versions, newest first; it is read no further than
    needed. A window is of the version of most of its rows, also if others have a part of the
    traffic. Windows without a version are passed over.
    """
    version, n = served_most(versions), sum(versions.values())
    before, found = "", list[Window]()
    for window, told in earlier if version else ():
        name = served_most(told)
        if name and name != version and before in {"", name}:
            before = name
            found.append(window)
        if len(found) == TAKEN:
            break
    others = 1 - versions[version] / n if n else 0.0
    return Previous(version, before, tuple(found), others)


def previous_result(judging: Judging, window: Window, found: Previous, n_rows: int) -> Result:
    """Say what the window is compared with; `unknown` if nothing was there before."""
    judgement = Judgement(Verdict.OK, _sentence(found))
    if not found.version:
        why = "no row tells its model version" if n_rows else "no rows"
        judgement = Judgement(Verdict.UNKNOWN, why)
    elif not found.before:
        judgement = Judgement(
            Verdict.UNKNOWN,
            f"no version is known to have served before {found.version}, so there is nothing to "
            "compare with",
        )
    return judging.result(
        window,
        REFERENCE_VERSION,
        n_rows,
        judgement,
        value=found.others if found.version else None,
        model_version=found.version,
    )


def _sentence(found: Previous) -> str:
    windows = found.windows
    told = f"{found.version} is compared with {found.before}, which served before it"
    if windows:
        many = "1 window" if len(windows) == 1 else f"{len(windows)} windows"
        told += f": {many} from {windows[-1].start:%Y-%m-%d} to {windows[0].start:%Y-%m-%d}"
    if found.others:
        told += f"; {found.others:.1%} of the rows are of other versions"
    return told
