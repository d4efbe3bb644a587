"""The worst verdict of every window as a row of bars: the worse, the taller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.report.axis import dates
from monitoring_pipelines.report.svg import picture, tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import tzinfo

    from markupsafe import Markup

    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.report.slots import Slot

WIDTH, HEIGHT = 360.0, 22.0
# told apart without colour
HEIGHTS = {Verdict.OK: 6.0, Verdict.UNKNOWN: 11.0, Verdict.WARN: 16.0, Verdict.FAIL: 22.0}


def strip(
    slots: Sequence[Slot], verdicts: Mapping[Window, Verdict], name: str, zone: tzinfo
) -> Markup:
    """Draw it; a window that was not judged is a gap."""
    found = [_worst(slot, verdicts) for slot in slots]
    counts = {verdict: sum(one is verdict for one in found) for verdict in Verdict}
    told = ", ".join(f"{n} {verdict}" for verdict, n in counts.items() if n) or "nothing judged"
    return picture(WIDTH, HEIGHT, f"{name}: {told}", _bars(slots, found, zone), "strip")


def _worst(slot: Slot, verdicts: Mapping[Window, Verdict]) -> Verdict | None:
    known = [verdicts[one.utc] for one in slot.windows if one.utc in verdicts]
    return max(known, key=lambda verdict: verdict.rank, default=None)


def _bars(slots: Sequence[Slot], found: Sequence[Verdict | None], zone: tzinfo) -> Iterator[Markup]:
    step = WIDTH / max(len(slots), 1)
    gap = min(2.0, step / 5)
    names = dates([slot.start for slot in slots], zone)
    for index, (verdict, name) in enumerate(zip(found, names, strict=True)):
        if verdict is None:
            continue
        tall = HEIGHTS[verdict]
        # one element for each is enough for a year; a title for each is not too much for it
        yield tag(
            "rect",
            tag("title", f"{name}: {verdict}"),
            x=index * step + gap / 2,
            y=HEIGHT - tall,
            width=step - gap,
            height=tall,
            class_=f"b {verdict}",
        )
