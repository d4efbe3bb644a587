"""One window of one model: whatever the data, a verdict or the reason why there is none."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Cadence
from monitoring_pipelines.errors import SourceUnreadableError
from tests.pipeline.lab import Lab, declared, labels_of, rows

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = timedelta(days=1)


def written(lab: Lab, change: Callable[[pd.DataFrame], pd.DataFrame], per_day: int = 250) -> None:
    """Two good reference days, and then days that `change` has been at."""
    log = rows(per_day=per_day)
    good, bad = log[log["at"].dt.day < 3], log[log["at"].dt.day >= 3]
    bad = change(bad.copy())
    both = pd.concat([good, bad], ignore_index=True)
    lab.write(both, labels_of(both, DAY) if "label" in both else None)


def verdicts(lab: Lab, **equal: str) -> dict[str, str]:
    return {
        result.metric: result.verdict.value
        for result in lab.results(**equal)
        if result.window == lab.day(2).utc
    }


def test_a_good_window_is_ok_and_twice_the_same(lab: Lab) -> None:
    written(lab, lambda bad: bad)
    [(first, second)] = lab.run(lab.day(2))
    once = lab.dump()
    assert set(first.results) == {"predictions", "quality", "drift", "estimated_performance"}
    assert verdicts(lab, column="") | {"roc_auc": "ok", "volume": "ok"} == verdicts(lab, column="")
    assert "fail" not in first.sentence + second.sentence
    lab.run(lab.day(2))
    assert lab.dump() == once


def test_an_empty_window(lab: Lab) -> None:
    written(lab, lambda bad: bad.iloc[250:])
    lab.run(lab.day(2))
    volume = lab.one(lab.day(2), "volume")
    assert (volume.verdict, volume.reason) == (
        Verdict.FAIL,
        "no rows; windows of the reference have about 250",
    )
    assert lab.one(lab.day(2), "staleness").verdict is not Verdict.OK
    others = verdicts(lab)
    # what is said of the log and of other windows
    del others["volume"], others["staleness"], others["undated_rows"], others["late_rows"]
    assert set(others.values()) == {"unknown"}


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_a_column_without_a_value(lab: Lab, value: Any) -> None:
    written(lab, lambda bad: bad.assign(amount=value))
    lab.run(lab.day(2))
    found = verdicts(lab, column="amount")
    assert found.pop("missing_rate") == "fail"
    assert found.pop("type_change") in {"ok", "unknown"}
    assert set(found.values()) == {"unknown"}
    reason = lab.one(lab.day(2), "jensen_shannon", "amount").reason
    assert reason == "no value in the analysis period"
    # the others go on
    assert lab.one(lab.day(2), "roc_auc").verdict is Verdict.OK


def test_a_window_of_one_class(lab: Lab) -> None:
    written(lab, lambda bad: bad.assign(label=1))
    lab.run(lab.day(2))
    auc = lab.realised(lab.day(2), "roc_auc")
    assert (auc.verdict, auc.value) == (Verdict.UNKNOWN, None)
    assert auc.reason.startswith("all 250 labels are of one class")


def test_a_constant_column(lab: Lab) -> None:
    log = rows(per_day=250).assign(amount=7.0)
    lab.write(log, labels_of(log, DAY))
    lab.run(lab.day(2))
    found = [result for result in lab.results(column="amount") if result.verdict is Verdict.FAIL]
    assert found == []
    assert lab.one(lab.day(2), "jensen_shannon", "amount").value in {0.0, None}


def test_a_column_that_is_gone(lab: Lab) -> None:
    """Its days were judged before the column went; the bins still know it."""
    written(lab, lambda bad: bad)
    lab.run(lab.day(2))
    log = rows(per_day=250)
    lab.write(log.drop(columns="amount"), labels_of(log, DAY))
    lab.run(lab.day(3))
    schema = lab.one(lab.day(3), "schema")
    assert (schema.verdict, schema.value) == (Verdict.FAIL, 1.0)
    assert schema.reason == "1 of 3 columns are gone: 'amount'"
    drift = lab.one(lab.day(3), "jensen_shannon", "amount")
    assert (drift.verdict, drift.reason) == (Verdict.UNKNOWN, "the column is not in this window")


def test_text_in_a_number_column_is_a_change_of_type(lab: Lab) -> None:
    written(lab, lambda bad: bad.assign(at=bad["at"]))
    lab.run(lab.day(2))
    log = rows(per_day=250)
    log["amount"] = [f"{value} EUR" for value in log["amount"]]
    lab.write(log, labels_of(log, DAY))
    lab.run(lab.day(3))
    assert lab.one(lab.day(3), "type_change", "amount").verdict is Verdict.FAIL
    assert lab.one(lab.day(3), "jensen_shannon", "amount").verdict is Verdict.UNKNOWN


def test_scores_that_are_worse_page(lab: Lab) -> None:
    rng = np.random.default_rng(5)
    written(lab, lambda bad: bad.assign(score=rng.uniform(size=len(bad))), per_day=2_000)
    lab.run(lab.day(2))
    assert lab.one(lab.day(2), "roc_auc").verdict is Verdict.FAIL


def test_repeated_ids_are_counted_once_and_said(lab: Lab) -> None:
    written(lab, lambda bad: pd.concat([bad, bad], ignore_index=True))
    lab.run(lab.day(2))
    assert lab.one(lab.day(2), "volume").value == 250
    duplicates = lab.one(lab.day(2), "duplicate_rate")
    assert (duplicates.value, duplicates.verdict) == (0.5, Verdict.FAIL)


def test_segments_are_judged_apart(lab: Lab) -> None:
    lab.config = declared(segments=["kind"])
    written(lab, lambda bad: bad)
    lab.run(lab.day(2))
    parts = [lab.one(lab.day(2), "roc_auc", segment=f"kind={kind}").n for kind in "abc"]
    assert sum(parts) == 250


def test_a_broken_log_is_told_and_stored_and_is_over_once_it_is_whole(lab: Lab) -> None:
    written(lab, lambda bad: bad)
    whole = (lab.root / "log.parquet").read_bytes()
    (lab.root / "log.parquet").write_bytes(whole[:1_000])
    with pytest.raises(SourceUnreadableError):
        lab.run(lab.day(2))
    [broken] = lab.results()
    assert (broken.metric, broken.verdict) == ("readable", Verdict.FAIL)
    assert "not completely written" in broken.reason
    (lab.root / "log.parquet").write_bytes(whole)
    lab.run(lab.day(2))
    assert lab.results(metric="readable") == []


def test_labels_that_are_not_there_yet_do_not_stop_what_needs_none(lab: Lab) -> None:
    log = rows()
    lab.write(log)
    [report] = lab.at_once(lab.day(2))
    assert report.of("drift")
    assert lab.one(lab.day(2), "volume").value == 40


def test_a_model_without_labels(lab: Lab) -> None:
    lab.config = declared(labels=None)
    lab.write(rows())
    [report] = lab.at_once(lab.day(2))
    assert report.of("quality")


def test_hostile_names_and_values_run_clean(lab: Lab) -> None:
    log = rows()
    log['a"b; DROP TABLE log --'] = ["it's", "100%", "näme\nzwei", ""] * 40
    log["row"], log["log"], log["x0"] = log["amount"], log["amount"], log["kind"]
    lab.write(log, labels_of(log, DAY))
    lab.run(lab.day(2))
    assert lab.one(lab.day(2), "missing_rate", 'a"b; DROP TABLE log --').value == 0


@pytest.mark.slow
def test_a_year_in_one_run(lab: Lab) -> None:
    log = rows(n_days=367, per_day=4)
    lab.write(log, labels_of(log, DAY))
    lab.config = lab.config.model_copy(update={"window": Cadence.WEEK})
    windows = lab.model.windows(None, None, lab.now)[1:52]  # the first week is cut by the new year
    assert len(lab.run(*windows)) == 51
    volumes = [result for result in lab.results(metric="volume") if result.value == 28]
    assert len(volumes) == 51
