"""Labels as they arrive: unknown, provisional, final; nothing counted twice, nothing forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.pipeline.labels import changed_labels
from tests.pipeline.lab import Lab, declared, labels_of, rows

if TYPE_CHECKING:
    from monitoring_pipelines.domain.window import Window

HOURS = timedelta(hours=1)


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=UTC)


def changed(lab: Lab) -> dict[Window, str]:
    return changed_labels(lab.model, lab.store, lab.now)


def arriving(lab: Lab, per_day: int = 250) -> pd.DataFrame:
    """Each label comes three days after its prediction; a window is mature five days after it."""
    log = rows(per_day=per_day)
    lab.write(log, labels_of(log, timedelta(days=3)))
    return log


def test_a_window_goes_from_unknown_to_provisional_to_final(lab: Lab) -> None:
    log = arriving(lab, per_day=1_000)
    day = log[log["at"].dt.day == 3]
    seen = []
    for now in (at(4), at(6, 6), at(6, 18), at(9)):
        lab.now = now
        lab.run(lab.day(2))
        auc, coverage = (lab.realised(lab.day(2), name) for name in ("roc_auc", "label_coverage"))
        known = day[day["at"] + timedelta(days=3) <= now]
        assert coverage.value == pytest.approx(len(known) / len(day))
        assert auc.label_coverage == coverage.value
        if len(known):
            expected = roc_auc_score(known["label"], known["score"])
            assert auc.value == pytest.approx(expected, abs=1e-9)
        seen.append((auc.verdict.value, auc.status, auc.reason[:32]))
    assert seen[0] == ("unknown", Status.PROVISIONAL, "no labels yet (0 of 1,000)")
    assert seen[1] == ("unknown", Status.PROVISIONAL, "only 25% of the labels have come")
    assert seen[2][1] is Status.PROVISIONAL
    assert seen[3][1] is Status.FINAL


def test_a_second_run_gives_the_same_rows(lab: Lab) -> None:
    arriving(lab)
    for now in (at(4), at(6, 12), at(9)):
        lab.now = now
        lab.run(lab.day(2))
        once = lab.dump()
        lab.run(lab.day(2))
        assert lab.dump() == once


@pytest.mark.parametrize("with_arrival", [True, False])
def test_labels_beside_the_predictions_give_the_same_rows_twice(
    lab: Lab, *, with_arrival: bool
) -> None:
    columns = {"label": "label"} | ({"available_at": "known"} if with_arrival else {})
    lab.config = declared(labels={"columns": columns, "maturity": "5d"})
    log = rows()
    log.assign(known=log["at"] + timedelta(days=1)).to_parquet(lab.root / "log.parquet")
    lab.now = at(4, 12)
    lab.run(lab.day(2))
    once = lab.dump()
    lab.now = at(4, 12) if with_arrival else at(4, 13)
    lab.run(lab.day(2))
    assert lab.dump() == once
    assert lab.one(lab.day(2), "label_coverage").value == (0.525 if with_arrival else 1.0)
    assert lab.one(lab.day(2), "label_coverage").status is Status.PROVISIONAL


def test_labels_after_maturity_do_not_change_the_final_number(lab: Lab) -> None:
    log = rows()
    labels = labels_of(log, timedelta(days=1))
    lab.write(log, labels)
    lab.run(lab.day(2))
    final = lab.dump()
    late = labels.assign(label=1 - labels["label"], known=labels["known"] + timedelta(days=60))
    lab.write(log, pd.concat([labels, late], ignore_index=True))
    lab.run(lab.day(2))
    assert lab.dump() == final


def test_a_corrected_label_counts(lab: Lab) -> None:
    log = rows()
    labels = labels_of(log, timedelta(days=1))
    lab.write(log, labels)
    lab.now = at(6)
    lab.run(lab.day(2))
    before = lab.one(lab.day(2), "brier_score").value
    fixed = labels.assign(label=1 - labels["label"], known=labels["known"] + timedelta(days=1))
    lab.write(log, pd.concat([fixed, labels], ignore_index=True))
    assert lab.day(2) in changed(lab)
    lab.run(lab.day(2))
    day = log[log["at"].dt.day == 3]
    expected = ((1 - day["label"] - day["score"]) ** 2).mean()
    assert lab.one(lab.day(2), "brier_score").value == pytest.approx(expected, abs=1e-9)
    assert before != pytest.approx(expected, abs=1e-3)


def test_exactly_the_windows_with_news_are_named(lab: Lab) -> None:
    arriving(lab)
    lab.now = at(6, 12)
    # of the two monitored days only the third has labels by now
    assert list(changed(lab)) == [lab.day(2)]
    assert changed(lab)[lab.day(2)].endswith(" provisional")
    lab.run(lab.day(2))
    assert changed(lab) == {}
    lab.now = at(6, 13)
    assert list(changed(lab)) == [lab.day(2)]
    lab.now = at(7, 1)
    assert list(changed(lab)) == [lab.day(2), lab.day(3)]
    lab.now = at(9)
    version = changed(lab)[lab.day(2)]
    assert version.endswith(" final")
    lab.run(lab.day(2), lab.day(3))
    # the third day is final, and the fourth has all the labels that it had
    assert changed(lab) == {}
    lab.now = at(10)
    assert list(changed(lab)) == [lab.day(3)]
    lab.run(lab.day(3))
    assert changed(lab) == {}


def test_what_nobody_acted_on_is_news_once_a_day(lab: Lab) -> None:
    arriving(lab)

    def version(now: datetime) -> str:
        lab.now = now
        return changed(lab)[lab.day(2)]

    # all labels of the third day have come
    first = version(at(7, 1))
    assert version(at(7, 23)) == first
    assert version(at(8)) != first


def test_labels_that_are_not_a_number_are_no_news(lab: Lab) -> None:
    log = rows()
    labels = labels_of(log, HOURS).astype({"label": float})
    labels.loc[::2, "label"] = float("nan")
    lab.write(log, labels)
    lab.now = at(6)
    lab.run(lab.day(2), lab.day(3))
    assert lab.one(lab.day(2), "label_coverage").value == 0.5
    assert changed(lab) == {}


def test_labels_beside_the_predictions_are_watched_too(lab: Lab) -> None:
    lab.config = declared(labels={"columns": {"label": "label"}, "maturity": "5d"})
    rows().to_parquet(lab.root / "log.parquet")
    lab.now = at(5)
    assert list(changed(lab)) == [lab.day(2), lab.day(3)]
    lab.run(lab.day(2), lab.day(3))
    assert changed(lab) == {}


def test_both_repeated_hours_are_watched_apart(lab: Lab) -> None:
    zone = ZoneInfo("America/New_York")
    lab.config = declared(
        window="hour",
        timezone="America/New_York",
        reference={"start": "2026-10-31", "end": "2026-11-01"},
    )
    first = datetime(2026, 10, 31, 4, tzinfo=UTC)
    log = rows(n_days=2).assign(at=pd.date_range(first, periods=80, freq="30min").as_unit("us"))
    lab.write(log, labels_of(log, timedelta(minutes=1)))
    lab.now = datetime(2026, 11, 1, 20, tzinfo=UTC)
    windows = lab.model.windows(None, None, lab.now)
    repeated = [window for window in windows if window.start.astimezone(zone).hour == 1]
    assert len(repeated) == 2
    lab.run(*windows)
    assert [lab.one(window, "label_coverage").n for window in repeated] == [2, 2]
    assert changed(lab) == {}


def test_a_fault_of_the_labels_is_over_when_they_can_be_read(lab: Lab) -> None:
    log = rows()
    lab.write(log, labels_of(log, HOURS))
    good = (lab.root / "labels.parquet").read_bytes()
    (lab.root / "labels.parquet").write_bytes(b"x")
    with pytest.raises(Exception, match="not a Parquet file"):
        lab.run(lab.day(2))
    assert lab.one(lab.day(2), "labels_readable").verdict.value == "fail"
    # the predictions are judged all the same
    assert lab.one(lab.day(2), "volume").value == 40
    (lab.root / "labels.parquet").write_bytes(good)
    lab.run(lab.day(2))
    assert lab.results(metric="labels_readable") == []
