"""Which version of the model served when, and who let it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.report.content import Approved


class Served(NamedTuple):
    """Neighbouring windows of one version; `version` is as in the results, ``v2 (+1)`` with others.

    `approved` is the newest approval of it, if there is one.
    """

    version: str
    first: Window
    last: Window
    n_windows: int
    approved: Approved | None


def versions(whole: Sequence[Result], approved: Sequence[Approved]) -> list[Served]:
    """Versions in the order of the windows, oldest first; none of a model that logs no version."""
    by_window = {one.window: one.model_version for one in whole if one.model_version}
    found: list[Served] = []
    for window in sorted(by_window):
        version = by_window[window]
        if found and found[-1].version == version:
            found[-1] = found[-1]._replace(last=window, n_windows=found[-1].n_windows + 1)
            continue
        name = version.partition(" (+")[0]
        given = [one for one in approved if one.version == name]
        found.append(Served(version, window, window, 1, given[-1] if given else None))
    return found


def changes(served: Sequence[Served]) -> dict[Window, str]:
    """Windows in which another version begins to serve, and its name."""
    return {one.first: one.version for one in served[1:]}
