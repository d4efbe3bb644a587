"""Which images of a window to look at: those most like the reference, and those least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.pictures import Scale, unusual_images
from monitoring_pipelines.images.properties import PROPERTIES
from monitoring_pipelines.images.sheet import Shown, contact_sheet

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.reading import Reader
    from monitoring_pipelines.summaries.table import TableSummary

SHOWN, MAX_SHEETS = 12, 200
# a distance beyond which it does not matter how far a property is from what is usual
MOST = 10.0


def write_sheet(reader: Reader, window: Window, reference: TableSummary | None) -> Path | None:
    """Write the sheet of a window; None if nothing can be shown, as of a model without images.

    Unusual is an image by the mean distance of its properties from those of the reference, each in
    standard deviations; below it stands the property that is furthest away. The file is below
    `.monitoring`, of each model the 200 newest are kept, and it is sent nowhere.
    """
    images, scales = reader.images, scales_of(reference)
    if images is None or not images.source.contact_sheet or not scales:
        return None
    rows = reader.rows(reader.predictions, window)
    picked = unusual_images(reader.seen(rows), scales, SHOWN, MOST)
    keys = [key for key, _ in (*picked.usual, *picked.unusual)]
    contents = images.contents(rows, [*dict.fromkeys(keys)])
    parts = [
        (title, [Shown(contents[key], _word(*far)) for key, far in found if key in contents])
        for title, found in (
            ("Most unusual", picked.unusual),
            ("Most like the reference", [(key, ("", 0.0)) for key, _ in picked.usual]),
        )
    ]
    if not any(shown for _, shown in parts):
        return None
    name = window.key(images.model.config.window).replace(":", "-")
    path = images.folder / "sheets" / f"{name}.jpg"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contact_sheet(parts, images.source.max_pixels))
        for old in sorted(path.parent.glob("*.jpg"), key=_age)[:-MAX_SHEETS]:
            old.unlink(missing_ok=True)
    except OSError:  # a disk that takes none is no fault of the window
        return None
    return path


def scales_of(reference: TableSummary | None) -> list[Scale]:
    """Mean and deviation of every property that varies in the reference."""
    found = []
    for one in PROPERTIES.values():
        column = reference.columns.get(one.column) if reference else None
        moments = column.moments if column else None
        if moments and moments.n > 1 and moments.m2 > 0 and not one.effect:
            found.append(Scale(one.column, moments.mean, moments.std))
    return found


def _word(column: str, distance: float) -> str:
    words = {one.column: one for one in PROPERTIES.values()}
    if column not in words:
        return ""
    one = words[column]
    return (one.more if distance > 0 else one.less).split(":")[0]


def _age(path: Path) -> float:
    return path.stat().st_mtime
