"""The picture is a picture, its texts are inert, and no value makes it fail."""

from __future__ import annotations

import io
import math

import pytest
from PIL import Image

from monitoring_pipelines.alerts.message import Chart
from monitoring_pipelines.notify import picture
from monitoring_pipelines.notify.picture import DATA, HEIGHT, LIMIT, USUAL, WIDTH, png

DAYS = tuple(f"2026-11-{day:02}" for day in range(1, 21))


def colours(chart: Chart) -> set[str]:
    drawn = Image.open(io.BytesIO(png(chart)))
    assert (drawn.format, drawn.size) == ("PNG", (WIDTH, HEIGHT))
    found = drawn.convert("RGB").getcolors(WIDTH * HEIGHT) or []
    return {"#{:02x}{:02x}{:02x}".format(*rgb) for _, rgb in found}  # type: ignore[misc]


def test_values_usual_and_limit_are_drawn_in_their_colours() -> None:
    assert {DATA, LIMIT, USUAL} < colours(Chart("auc", DAYS, (0.8,) * 20, 0.86, 0.83))
    assert LIMIT not in colours(Chart("auc", DAYS, (0.8,) * 20, 0.86))


@pytest.mark.parametrize(
    ("values", "usual", "limit"),
    [
        ((None, None), None, None),
        ((None, 0.0), None, None),
        ((1.0, 1.0), 1.0, 1.0),
        ((-1e300, 1e300), 0.0, None),
        ((math.nan, math.inf), 0.5, math.inf),
        ((0.8, None, 1e-12), 1e9, -1e9),
        ((), None, None),
    ],
)
def test_any_values_can_be_drawn(
    values: tuple[float | None, ...], usual: float | None, limit: float | None
) -> None:
    assert colours(Chart("x", DAYS[: len(values)], values, usual, limit))


def test_a_window_without_a_value_is_a_gap() -> None:
    whole = png(Chart("x", DAYS[:3], (1.0, 1.0, 1.0)))
    gap = png(Chart("x", DAYS[:3], (1.0, None, 1.0)))
    assert whole != gap


def test_texts_are_inert_and_short(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    inert = picture.inert

    def watched(text: object, limit: int = 200) -> str:
        seen.append(inert(text, limit))
        return seen[-1]

    monkeypatch.setattr(picture, "inert", watched)
    secret = "xoxb-1234567890-abcdefghij"
    png(Chart(f"{secret} \u202e{'x' * 500}", (secret, "b"), (1.0, 2.0)))
    assert max(map(len, seen)) <= picture.MAX_TITLE
    assert secret not in "".join(seen)
    assert len(seen) == 3


def test_numbers_are_as_people_read_them() -> None:
    shown = [picture._number(v) for v in (0.80412, 0.0, 12_345_678, 1_234, -4_200_000_000, 1e-5)]
    assert shown == ["0.804", "0", "12.3M", "1.23k", "-4.2G", "1e-05"]
