"""Performance class by class, and which classes are taken for each other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn.metrics import precision_score, recall_score

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.pipeline.classes import (
    CONFUSED,
    PRECISION,
    RECALL,
    class_results,
    confused,
)
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.summaries.confusion import Confusion
from monitoring_pipelines.summaries.labelled import LabelledSummary
from tests.pipeline.lab import declared as binary
from tests.pipeline.photos import declared

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result

WINDOW = Window(datetime(2026, 1, 3, tzinfo=UTC), datetime(2026, 1, 4, tzinfo=UTC))
NAMES = ("cat", "dog", "fox")


def labelled(counts: Any, names: tuple[str, ...] = NAMES, n_rows: int = 0) -> LabelledSummary:
    table = np.array(counts)
    n = int(table.sum())
    return LabelledSummary(n_rows or n, n, confusion=Confusion(names, table))


def results(now: LabelledSummary, before: LabelledSummary | None, **more: Any) -> list[Result]:
    pair = {"": now}, ({"": before} if before else {})
    final = more.pop("final", True)
    judging = Judging(more.pop("config", declared()), "run", "1")
    return class_results(judging, WINDOW, pair, WINDOW.end, final=final)


def of(found: list[Result], metric: str) -> dict[str, Result]:
    return {r.column: r for r in found if r.metric == metric}


BEFORE = labelled([[900, 50, 50], [40, 940, 20], [20, 30, 950]])


def test_recall_and_precision_are_scikit_learns() -> None:
    table = np.array([[50, 3, 7], [4, 90, 6], [1, 2, 37]])
    truth = np.repeat(np.arange(3), table.sum(axis=1))
    said = np.concatenate([np.repeat(np.arange(3), row) for row in table])
    found = results(labelled(table), BEFORE)
    recalls, precisions = of(found, RECALL), of(found, PRECISION)
    for i, name in enumerate(NAMES):
        ours = recalls[name].value, precisions[name].value
        theirs = (
            recall_score(truth, said, average=None)[i],
            precision_score(truth, said, average=None)[i],
        )
        assert ours == pytest.approx(theirs)


def test_a_class_that_is_taken_for_another_is_named() -> None:
    found = results(labelled([[600, 350, 50], [40, 940, 20], [20, 30, 950]]), BEFORE)
    warned = {(r.metric, r.column) for r in found if r.verdict is Verdict.WARN}
    assert warned == {(RECALL, "cat"), (PRECISION, "dog"), (CONFUSED, "cat taken for dog")}
    pair = of(found, CONFUSED)["cat taken for dog"]
    assert (pair.value, pair.reference_value) == pytest.approx((0.35, 0.05))


def test_without_a_change_nothing_is_said() -> None:
    """100 windows of the reference's own rates: no class and no pair of any of them."""
    rng = np.random.default_rng(0)
    rates = BEFORE.confusion.counts / 3000  # type: ignore[union-attr]
    windows = [rng.multinomial(600, rates.reshape(-1)).reshape(3, 3) for _ in range(100)]
    found = [r for window in windows for r in results(labelled(window), BEFORE)]
    assert not [r for r in found if r.verdict is Verdict.WARN]


def test_a_rare_class_and_one_that_does_not_occur_are_left_out() -> None:
    found = results(labelled([[60, 3, 1], [0, 0, 0], [2, 0, 5]]), BEFORE)
    assert set(of(found, RECALL)) == {"cat"}
    assert set(of(found, PRECISION)) == {"cat"}
    assert set(of(found, CONFUSED)) <= {"cat taken for dog", "cat taken for fox"}


def test_a_new_class_has_no_reference() -> None:
    two = labelled([[500, 20], [10, 400]], ("cat", "dog"))
    found = results(labelled([[90, 5, 5], [5, 90, 5], [9, 9, 82]]), two)
    assert set(of(found, RECALL)) == {"cat", "dog"}
    assert confused(two.confusion, ("cat", "fox")) == (0, 520)
    assert results(two, None) == []


def test_few_labels_so_far_are_not_told() -> None:
    now = labelled([[60, 35, 5], [4, 94, 2], [2, 3, 95]], n_rows=1000)
    assert results(now, BEFORE, final=False) == []
    found = results(now, BEFORE)
    assert {r.label_coverage for r in found} == {0.3}


def test_a_binary_model_and_one_of_very_many_classes_have_none() -> None:
    assert results(labelled([[5, 1], [1, 5]], ("no", "yes")), None, config=binary()) == []
    names = tuple(f"{i:03}" for i in range(60))
    assert results(labelled(np.eye(60, dtype=int) * 40, names), None) == []
    assert results(LabelledSummary(5, 0), None) == []
