"""Links into Dagster's UI. Their host comes from the configuration, never from data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from monitoring_pipelines.alerts.cause import Cause
    from monitoring_pipelines.alerts.settings import AlertSettings
    from monitoring_pipelines.domain.result import Result


# runs of `mlmon` are no runs of Dagster
COMMAND_LINE = "mlmon-"


class Link(NamedTuple):
    """A word to click and where it leads."""

    label: str
    url: str


def links(settings: AlertSettings, cause: Cause, result: Result) -> tuple[Link, ...]:
    """Run, partition and checks that `result` came from, then the runbook."""
    found = []
    if settings.ui_url:
        base = settings.ui_url.rstrip("/")
        if result.run_id and not result.run_id.startswith(COMMAND_LINE):
            found.append(Link("Run", f"{base}/runs/{quote(result.run_id, safe='')}"))
        if cause in settings.assets:
            name = "/".join(quote(part, safe="") for part in (result.model, settings.assets[cause]))
            key = quote(settings.key(result.window.start), safe="")
            asset = f"{base}/assets/{name}"
            found.append(Link("Asset", f"{asset}?view=partitions&partition={key}"))
            found.append(Link("Checks", f"{asset}?view=checks"))
    if settings.runbook:
        found.append(Link("Runbook", settings.runbook))
    return tuple(found)
