"""What changed about the images, in one sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.pipeline.image_change import image_change, summed_up
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.moments import Moments
from monitoring_pipelines.summaries.table import TableSummary
from tests.pipeline.lab import declared as tabular
from tests.pipeline.photos import declared

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result

WINDOW = Window(datetime(2026, 1, 3, tzinfo=UTC), datetime(2026, 1, 4, tzinfo=UTC))
JUDGING = Judging(declared(), "run", "1")


def table(**means: float) -> TableSummary:
    columns = {
        name: ColumnSummary(
            name, ColumnKind.NUMERIC, "float", 9, 0, moments=Moments(9, mean, 1.0, 0.0, 1.0)
        )
        for name, mean in means.items()
    }
    return TableSummary(9, 0, columns, (9,))


NOW = table(image_brightness=0.2, image_black_share=0.5, image_sharpness=1.0)
BEFORE = table(image_brightness=0.4, image_black_share=0.1, image_sharpness=1.0)


def distance(column: str, value: float | None, verdict: Verdict = Verdict.WARN) -> Result:
    more: dict[str, Any] = {"column": column, "value": value, "reference_value": 0.05}
    return JUDGING.result(WINDOW, "jensen_shannon", 9, Judgement(verdict, "."), **more)


def told(*drift: Result) -> tuple[Verdict, str]:
    found = image_change(JUDGING, WINDOW, (NOW, BEFORE), drift)
    return found.verdict, found.reason


def test_what_moved_most_is_first() -> None:
    assert told(distance("image_brightness", 0.5), distance("image_sharpness", 0.3)) == (
        Verdict.WARN,
        "the images are darker: brightness 0.2 on average, was 0.4; also sharpness",
    )


def test_what_follows_another_is_named_after_it() -> None:
    drift = distance("image_brightness", 0.3), distance("image_black_share", 0.5)
    assert told(*drift)[1].startswith("the images are darker")
    assert told(drift[1])[1].startswith("the images are with more black: black share 0.5")


def test_classes_that_moved_more_than_any_property() -> None:
    drift = distance("shape", 0.5), distance("image_brightness", 0.3)
    said = "other classes are decided for, more than any property of the images moved"
    assert told(*drift) == (Verdict.WARN, f"{said}; also brightness")
    assert told(distance("shape", 0.2), drift[1])[1].startswith("the images are darker")
    # a column that is neither a property nor the decision is not what this is about
    assert told(distance("weather", 0.9), drift[1])[1].startswith("the images are darker")


@pytest.mark.parametrize(
    ("name", "said"), [("image_camera", "of another camera"), ("image_width", "of another size")]
)
def test_what_files_tell(name: str, said: str) -> None:
    level = ColumnSummary(name, ColumnKind.CATEGORICAL, "text", 9, 0)
    tables = TableSummary(9, 0, {name: level}, (9,)), TableSummary(9, 0, {name: level}, (9,))
    found = image_change(JUDGING, WINDOW, tables, [distance(name, 0.5)])
    assert found.reason.startswith(f"the images are {said} (")


def test_nothing_moved_and_nothing_known() -> None:
    fine = distance("image_brightness", 0.06, Verdict.OK)
    assert told(fine) == (Verdict.OK, "no property of the images moved")
    few = distance("image_brightness", None, Verdict.UNKNOWN)
    assert told(few) == (Verdict.UNKNOWN, "no property of the images could be compared")
    assert told()[0] is Verdict.UNKNOWN


def test_a_model_without_images_has_no_such_result() -> None:
    other = Judging(tabular(), "run", "1")
    drift = [distance("amount", 0.5)]
    assert summed_up(other, WINDOW, (NOW, BEFORE), drift) == drift
    assert len(summed_up(JUDGING, WINDOW, (NOW, BEFORE), drift)) == 2
