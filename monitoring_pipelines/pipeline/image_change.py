"""What changed about the images of a window, in one sentence: the property that moved most first.

Properties are ranked by their Jensen-Shannon distance beyond what chance gives. If the classes
that a model decides for move more than every property does, other things were photographed: a
property is a function of the picture, and if pictures of each class stay as they were, none of them
can move by more than the classes do. Properties that are effects of others, as black areas are of
brightness, are named after these. Only what has the verdict ``warn`` is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.images.properties import PROPERTIES
from monitoring_pipelines.images.properties.base import PREFIX
from monitoring_pipelines.metrics import DRIFT
from monitoring_pipelines.pipeline.images import ALL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.judging import Judging
    from monitoring_pipelines.summaries.column import ColumnSummary
    from monitoring_pipelines.summaries.table import TableSummary

IMAGE_CHANGE = "image_change"
RANKED_BY = "jensen_shannon"
MAX_ALSO = 3
BY_COLUMN = {one.column: one for one in PROPERTIES.values()}
EFFECTS = frozenset(name for name, one in BY_COLUMN.items() if one.effect)
# what files tell, and how often pictures come twice
OTHERS = {
    "width": "of another size",
    "height": "of another size",
    "aspect_ratio": "of another shape",
    "format": "in another format",
    "mode": "of another pixel type",
    "orientation": "held otherwise",
    "camera": "of another camera",
    "repeated": "repeated otherwise",
}


def summed_up(
    judging: Judging,
    window: Window,
    tables: tuple[TableSummary, TableSummary | None],
    drift: Sequence[Result],
) -> list[Result]:
    """`drift` with the sentence that sums it up, of a model that logs images."""
    if judging.config.predictions.images is None:
        return [*drift]
    return [*drift, image_change(judging, window, tables, drift)]


def image_change(
    judging: Judging,
    window: Window,
    tables: tuple[TableSummary, TableSummary | None],
    drift: Sequence[Result],
) -> Result:
    """The one sentence, from the results of drift that it sums up; `tables` bring the means."""
    table, reference = tables
    decided = judging.config.predictions.columns.prediction
    found = {r.column: r for r in drift if r.metric == RANKED_BY and not r.segment}
    moved = sorted(
        (name for name in found if found[name].verdict is Verdict.WARN and name in ALL),
        key=lambda name: -_size(found[name]),
    )
    moved.sort(key=lambda name: name in EFFECTS)
    classes = found.get(decided or "")
    leads = classes is not None and classes.verdict is Verdict.WARN
    known = [r for name, r in found.items() if name in ALL and r.verdict is not Verdict.UNKNOWN]
    first: Result | None = found[moved[0]] if moved else None
    if leads and classes and (first is None or _size(classes) > _size(first)):
        told = "other classes are decided for, more than any property of the images moved"
        judgement = Judgement(Verdict.WARN, f"{told}{_also(moved)}")
        first = classes
    elif moved and first is not None:
        means = _means(table.columns, reference, moved[0])
        said = f"the images are {_word(table.columns, reference, moved[0])}{means}"
        judgement = Judgement(Verdict.WARN, f"{said}{_also(moved[1:])}")
    elif not known:
        judgement = Judgement(Verdict.UNKNOWN, "no property of the images could be compared")
    else:
        judgement = Judgement(Verdict.OK, "no property of the images moved")
        first = max(known, key=_size)
    return judging.result(
        window,
        IMAGE_CHANGE,
        table.n_rows,
        judgement,
        value=first.value if first else None,
        noise_floor=first.noise_floor if first else None,
        reference_value=first.reference_value if first else None,
        tolerance=first.tolerance if first else None,
    )


def _size(result: Result) -> float:
    return DRIFT[RANKED_BY].excess(result.value or 0.0, result.reference_value or 0.0)


def _word(columns: Mapping[str, ColumnSummary], reference: TableSummary | None, name: str) -> str:
    one, pair = BY_COLUMN.get(name), _pair(columns, reference, name)
    if one is None or pair is None:
        return OTHERS.get(name.removeprefix(PREFIX), "different")
    return one.more if pair[0] > pair[1] else one.less


def _means(columns: Mapping[str, ColumnSummary], reference: TableSummary | None, name: str) -> str:
    pair, title = _pair(columns, reference, name), name.removeprefix(PREFIX).replace("_", " ")
    return f": {title} {pair[0]:.3g} on average, was {pair[1]:.3g}" if pair else f" ({title})"


def _pair(
    columns: Mapping[str, ColumnSummary], reference: TableSummary | None, name: str
) -> tuple[float, float] | None:
    before = reference.columns[name].moments if reference else None
    now = columns[name].moments
    return (now.mean, before.mean) if now and before else None


def _also(moved: Sequence[str]) -> str:
    names = [name.removeprefix(PREFIX).replace("_", " ") for name in moved[:MAX_ALSO]]
    rest = len(moved) - len(names)
    more = f" and {rest} more" if rest else ""
    return f"; also {', '.join(names)}{more}" if names else ""
