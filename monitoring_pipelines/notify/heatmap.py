"""A confusion table as a PNG: of the rows of each class, what they were decided to be."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.notify.picture import INK, PALE
from monitoring_pipelines.notify.safe import inert

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.confusion import Confusion

PLOT, LEFT, TOP, BOTTOM, RIGHT = 460, 150, 92, 30, 24
TITLE_SIZE, TEXT_SIZE, SMALL_SIZE = 20, 13, 11
MAX_CLASSES, MAX_NAME, WITH_NUMBERS = 20, 16, 12
DARK = np.array([18, 100, 163])
# above this share white is read better on the cell than black
HALF = 0.55


def confusion_png(table: Confusion, title: str = "What each class was taken for") -> bytes:
    """Draw it: a row for each true class, shares of the row from white to blue.

    Of more than 20 classes those with the most rows are shown, and the title says so. Names of
    classes come from data, so they are inert. Of no row it is an empty table.
    """
    from PIL import Image, ImageDraw, ImageFont

    shown = table.largest(MAX_CLASSES)
    cells, shares = (of[np.ix_(shown, shown)] for of in (table.counts, table.shares))
    cell = PLOT / max(1, len(shown))
    picture = Image.new("RGB", (LEFT + PLOT + RIGHT, TOP + PLOT + BOTTOM), "white")
    draw = ImageDraw.Draw(picture)
    draw.font = ImageFont.load_default(TEXT_SIZE if cell > 30 else SMALL_SIZE)  # noqa: PLR2004
    n = len(table.classes)
    more = f" (the {MAX_CLASSES} largest of {n})" if n > MAX_CLASSES else ""
    draw.text((12, 14), title + more, INK, ImageFont.load_default(TITLE_SIZE))
    for i, j in np.ndindex(shares.shape):
        x, y, share = LEFT + j * cell, TOP + i * cell, float(shares[i, j])
        fill = tuple(int(v) for v in 255 - (255 - DARK) * share)
        draw.rectangle((x, y, x + cell - 2, y + cell - 2), fill)
        if len(shown) <= WITH_NUMBERS and cells[i, j]:
            ink = "white" if share > HALF else INK
            text = f"{share:.0%}" if share >= 0.01 else "<1%"  # noqa: PLR2004
            draw.text((x + cell / 2, y + cell / 2), text, ink, anchor="mm")
    for i, name in enumerate(inert(table.classes[place], MAX_NAME) for place in shown):
        draw.text((LEFT - 8, TOP + (i + 0.5) * cell), name, PALE, anchor="rm")
        fits = draw.textlength(name) < cell
        draw.text(
            (LEFT + (i + 0.5) * cell, TOP - 8), name if fits else f"{i + 1}", PALE, anchor="mb"
        )
    draw.text((LEFT, TOP - 28), "decided, in the order of the rows", INK, anchor="ls")
    buffer = io.BytesIO()
    picture.quantize(64).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
