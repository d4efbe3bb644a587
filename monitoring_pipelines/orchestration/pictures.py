"""Pictures that are looked at in the UI, small enough to be metadata."""

import base64
from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    from monitoring_pipelines.pipeline.parts import WindowReport

MAX_BYTES = 60_000


def pictures_of(report: "WindowReport", part: str) -> dict[str, Any]:
    """Of `drift` where the contact sheet is, of `performance` how the classes were decided.

    Images of the log are never in the metadata, only the path of the file that has some of them.
    """
    from monitoring_pipelines.notify.heatmap import confusion_png  # scipy: not at the load
    from monitoring_pipelines.notify.reliability import reliability_png

    found: dict[str, Any] = {}
    if part == "drift" and report.sheet is not None:
        found["contact sheet"] = dg.MetadataValue.path(str(report.sheet))
    labelled = report.labelled
    if part == "performance" and labelled is not None and labelled.ranked is not None:
        found |= _drawn("reliability", reliability_png(labelled.ranked.confidence))
    if part == "performance" and labelled is not None and labelled.confusion is not None:
        classes = labelled.confusion.classes
        if len(classes) > 2 and labelled.confusion.n:  # noqa: PLR2004 - two are four numbers
            found |= _drawn("confusion", confusion_png(labelled.confusion))
    return found


def _drawn(name: str, png: bytes) -> dict[str, Any]:
    if len(png) > MAX_BYTES:
        return {}
    data = base64.b64encode(png).decode("ascii")
    return {name: dg.MetadataValue.md(f"![{name}](data:image/png;base64,{data})")}
