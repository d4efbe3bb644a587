"""Groups against the rest, from logs to stored results; published numbers of COMPAS and census."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.triage import fingerprint
from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics import FAIRNESS
from monitoring_pipelines.metrics.base import Part
from monitoring_pipelines.metrics.labelled_parts import Cells
from monitoring_pipelines.pipeline.fairness import (
    ERRORS,
    SELECTION,
    error_results,
    group_key,
    selection_results,
    without_groups,
)
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.pipeline.model import Model
from monitoring_pipelines.pipeline.run import Monitor
from monitoring_pipelines.summaries.confusion import Confusion
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.selection import Selection
from monitoring_pipelines.summaries.table import TableSummary
from tests.golden.public_data import folder, oracle
from tests.golden.test_census import PROJECT, by_year
from tests.pipeline.lab import FIRST, LATER, Lab, declared, labels_of, rows

if TYPE_CHECKING:
    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.domain.result import Result

COLUMNS = {"id": "id", "timestamp": "at", "prediction": "decision"}


def watched(attributes: tuple[str, ...] = ("sex",), **more: Any) -> ModelConfig:
    fairness = {"attributes": attributes} | more.pop("fairness", {})
    predictions = {"location": "log.parquet", "columns": COLUMNS}
    return declared(fairness=fairness, predictions=predictions, **more)


JUDGING = Judging(watched(), "run", "1")


def table(**groups: tuple[int, int]) -> TableSummary:
    found = {f"sex={name}": Selection(*counts) for name, counts in groups.items()}
    n = sum(s.n for s in found.values())
    return TableSummary(n, 0, {}, (n,), versions={"v1": n}, selections={"sex": found})


def labelled(tn: int, fp: int, fn: int, tp: int, n_rows: int | None = None) -> LabelledSummary:
    counts = np.array([[tn, fp], [fn, tp]])
    n = int(counts.sum())
    return LabelledSummary(n_rows or n, n, confusion=Confusion(("negative", "positive"), counts))


def test_each_group_is_compared_with_all_others_together(lab: Lab) -> None:
    now = table(a=(1_000, 300), b=(1_000, 500), c=(2_000, 1_000))
    found = {
        r.segment: r
        for r in selection_results(JUDGING, lab.day(2), now, table(a=(100, 50), b=(100, 50)))
        if r.metric == "selection_rate_ratio"
    }
    assert found["sex=a"].value == pytest.approx(0.3 / 0.5)
    assert found["sex=c"].value == pytest.approx(0.5 / 0.4)
    assert [(r.segment, r.verdict.value) for r in found.values()] == [
        ("sex=a", "warn"), ("sex=b", "ok"), ("sex=c", "ok"),
    ]  # fmt: skip
    first = found["sex=a"]
    assert (first.column, first.n, first.tolerance, first.status) == (
        "sex", 1_000, 0.8, Status.FINAL,
    )  # fmt: skip
    assert (first.reference_value, found["sex=c"].reference_value) == (1.0, None)
    assert first.model_version == "v1"
    assert fingerprint(first).cause is Cause.FAIRNESS


def test_the_more_groups_the_wider_the_interval(lab: Lab) -> None:
    """Bonferroni: with no difference at all, any of k groups is found with 0.05 at most."""
    yearly = Judging(watched(window="year"), "run", "1")

    def width(*names: str) -> float:
        now = table(**dict.fromkeys(names, (500, 250)))
        found = selection_results(yearly, lab.day(2), now, None)
        [one] = [r for r in found if r.segment == "sex=a" and "difference" in r.metric]
        assert one.low is not None
        assert one.high is not None
        return one.high - one.low

    assert width("a", "b") > 0
    # two groups are one comparison, of which each side is looked at
    from monitoring_pipelines.stats.intervals import newcombe

    low, high = newcombe(250, 500, 250, 500, 1 - 0.05 / 2)
    assert width("a", "b") == pytest.approx(high - low, abs=1e-9)
    low, high = newcombe(250, 500, 750, 1_500, 1 - 0.05 / 4)
    assert width("a", "b", "c", "d") == pytest.approx(high - low, abs=1e-9)


@pytest.mark.slow
def test_any_of_several_groups_rarely_fires(lab: Lab) -> None:
    """Six groups of 100 people with equal true rates; at most 0.05 of the windows warn."""
    yearly = Judging(watched(window="year"), "run", "1")
    rng, draws, fired = np.random.default_rng(15), 1_500, 0
    for _ in range(draws):
        now = table(**{name: (100, int(rng.binomial(100, 0.1))) for name in "abcdef"})
        found = selection_results(yearly, lab.day(2), now, None)
        fired += any(r.verdict is Verdict.WARN for r in found if r.metric.endswith("ratio"))
    assert fired / draws <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / draws)


@pytest.mark.parametrize("groups", [{}, {"a": (500, 100)}])
def test_one_group_has_nothing_to_be_compared_with(
    lab: Lab, groups: dict[str, tuple[int, int]]
) -> None:
    found = selection_results(JUDGING, lab.day(2), table(**groups), None)
    assert {(r.metric, r.segment, r.verdict) for r in found} == {
        (name, "", Verdict.UNKNOWN) for name in SELECTION
    }
    assert found[0].reason.startswith(f"{len(groups)} groups with a decision")


def test_few_people_are_unknown_not_ok(lab: Lab) -> None:
    found = selection_results(JUDGING, lab.day(2), table(a=(49, 0), b=(900, 800)), None)
    assert {r.verdict for r in found} == {Verdict.UNKNOWN}


def test_nobody_of_the_rest_is_selected(lab: Lab) -> None:
    found = selection_results(JUDGING, lab.day(2), table(a=(500, 9), b=(500, 0)), None)
    ratios = {r.segment: r for r in found if r.metric == "selection_rate_ratio"}
    assert ratios["sex=a"].verdict is Verdict.UNKNOWN
    assert (ratios["sex=b"].value, ratios["sex=b"].verdict) == (0.0, Verdict.OK)  # 9 is chance


def errors(
    lab: Lab, groups: dict[str, LabelledSummary], config: ModelConfig, **more: Any
) -> dict[tuple[str, str], Result]:
    keyed = {group_key(("sex",), f"sex={name}"): s for name, s in groups.items()}
    judging = Judging(config, "run", "1")
    final = more.get("final", True)
    found = error_results(judging, lab.day(2), (keyed, keyed), FIRST, final=final)
    return {(r.metric, r.segment): r for r in found}


def test_error_rates_follow_the_labels(lab: Lab) -> None:
    groups = {"f": labelled(500, 500, 300, 700, 4_000), "m": labelled(800, 200, 300, 700, 4_000)}
    found = errors(lab, groups, watched())
    gap = found["false_positive_rate_gap", "sex=f"]
    assert (gap.value, gap.reference_value, gap.verdict) == (
        pytest.approx(0.3), pytest.approx(0.3), Verdict.WARN,
    )  # fmt: skip
    assert (gap.status, gap.label_coverage, gap.n) == (Status.FINAL, 0.5, 1_000)
    assert found["true_positive_rate_gap", "sex=f"].verdict is Verdict.OK
    assert found["positive_predictive_value_gap", "sex=m"].value == pytest.approx(
        700 / 900 - 700 / 1_200
    )
    assert {name for name, _ in found} == ERRORS


def test_early_labels_get_no_verdict(lab: Lab) -> None:
    groups = {"f": labelled(500, 500, 300, 700, 9_000), "m": labelled(800, 200, 300, 700, 9_000)}
    found = errors(lab, groups, watched(), final=False)
    gap = found["false_positive_rate_gap", "sex=f"]
    assert (gap.verdict, gap.status) == (Verdict.UNKNOWN, Status.PROVISIONAL)
    assert gap.reason.startswith("only 22% of the labels have come")
    assert gap.value == pytest.approx(0.3)


def test_no_label_is_unknown(lab: Lab) -> None:
    groups = {"f": LabelledSummary(900, 0), "m": LabelledSummary(900, 0)}
    assert {r.verdict for r in errors(lab, groups, watched()).values()} == {Verdict.UNKNOWN}


def test_of_several_classes_the_favourable_one_counts(lab: Lab) -> None:
    config = watched(task="multiclass_classification", fairness={"favourable": "b"})
    counts = np.array([[60, 20, 20], [10, 80, 10], [0, 50, 50]])
    table_ = Confusion(("a", "b", "c"), counts)
    groups = dict.fromkeys("fm", LabelledSummary(300, 300, confusion=table_))
    found = errors(lab, groups, config)
    cells = Cells(60 + 20 + 0 + 50, 20 + 50, 10 + 10, 80)
    for (name, _), result in found.items():
        assert result.n == FAIRNESS[name].counts(cells).of
        assert result.value == pytest.approx(0)


def test_it_fails_if_that_is_wanted(lab: Lab) -> None:
    judging = Judging(watched(fairness={"fails": True}), "run", "1")
    found = selection_results(judging, lab.day(2), table(a=(900, 100), b=(900, 800)), None)
    assert "fail" in {r.verdict.value for r in found}


def test_summaries_of_groups_are_no_segments() -> None:
    config = watched(("sex", "race"), fairness={"intersections": True})
    groups = {group_key(names, "x"): labelled(1, 1, 1, 1) for names in config.fairness.groupings}  # type: ignore[union-attr]
    segments = {"": labelled(1, 1, 1, 1), "sex=f": labelled(1, 1, 1, 1)}
    assert without_groups(segments | groups, config) == segments


def test_from_a_log_to_stored_results(lab: Lab) -> None:
    """Rates are stored with the window; gaps as labels come; and once more changes nothing."""
    log = rows(n_days=4, per_day=1_000, seed=5)
    rng = np.random.default_rng(6)
    log["sex"] = rng.choice(["f", "m"], len(log))
    log["race"] = rng.choice(["x", "y", None], len(log), p=[0.5, 0.4, 0.1])
    log["decision"] = (log["score"] > np.where(log["sex"] == "f", 0.7, 0.4)).astype(int)
    lab.config = watched(
        ("sex", "race"),
        fairness={"intersections": True},
        features={"exclude": ["sex", "race"]},
        segments=["sex"],
    )
    lab.write(log, labels_of(log, timedelta(days=1)))
    first, second = lab.run(lab.day(2))[0]
    assert {r.metric for r in first.of("selection")} == SELECTION
    assert {r.metric for r in second.of("errors")} == ERRORS
    assert second.of("selection") == sorted(
        first.of("selection"), key=lambda r: (r.metric, r.column, r.segment)
    )
    assert {r.column for r in lab.results(metric="selection_rate_ratio")} == {
        "sex", "race", "sex & race",
    }  # fmt: skip
    day = log[log["at"].dt.day == 3]
    share = day.groupby("sex")["decision"].mean()
    ratio = lab.one(lab.day(2), "selection_rate_ratio", "sex", "sex=f")
    assert ratio.value == pytest.approx(share["f"] / share["m"])
    assert ratio.verdict is Verdict.WARN
    positive = day[day["label"] == 1].groupby(["sex", "race"])["decision"].agg(["sum", "size"])
    group = Part(*positive.loc["f", "x"])
    rest = Part(*(positive.sum() - positive.loc["f", "x"]))
    gap = lab.one(lab.day(2), "true_positive_rate_gap", "sex & race", "sex=f & race=x")
    assert gap.value == pytest.approx(group.share - rest.share)
    # a segment is judged as ever, and no group is taken for one
    segments = {r.segment for r in lab.results(metric="label_coverage")}
    assert segments == {"", "sex=f", "sex=m"}
    before = lab.dump()
    lab.run(lab.day(2))
    assert lab.dump() == before


def test_a_moving_reference(lab: Lab) -> None:
    log = rows(n_days=4, per_day=300)
    log["sex"] = np.where(log["id"] % 2 == 0, "f", "m")
    log["decision"] = (log["score"] > 0.5).astype(int)
    lab.config = watched(reference={"rolling": 2}, start="2026-01-03", labels=None)
    lab.write(log)
    lab.at_once(lab.day(2), lab.day(3))
    before = log[log["at"].dt.day.isin([2, 3])].groupby("sex")["decision"].mean()
    found = lab.one(lab.day(3), "selection_rate_difference", "sex", "sex=f")
    assert found.reference_value == pytest.approx(before["f"] - before["m"])


def test_compas(lab: Lab) -> None:
    """ProPublica's error rates by race, and that they are unequal; both ways to err are told."""
    data = folder() / "compas"
    people = pd.read_parquet(data / "compas-scores-two-years.parquet")
    published = json.loads((data / "published.json").read_text(encoding="utf-8"))["propublica"]
    both = [
        pd.DataFrame(
            {
                "id": people["id"] + 100_000 * day,
                "at": pd.to_datetime(FIRST + timedelta(days=day, hours=1)).as_unit("us"),
                "decision": (people["decile_score"] >= 5).astype(int),  # medium or high risk
                "race": people["race"],
                "sex": people["sex"],
                "label": people["two_year_recid"],
            }
        )
        for day in (0, 2)
    ]
    log = pd.concat(both, ignore_index=True)
    lab.config = watched(
        ("race", "sex"), fairness={"favourable": "0", "intersections": True}, window="day"
    )
    lab.write(log, labels_of(log, timedelta(days=1)))
    lab.run(lab.day(2))
    names = {"African-American": "race=African-American", "Caucasian": "race=Caucasian"}
    for name, segment in names.items():
        false = lab.one(lab.day(2), "false_positive_rate_gap", "race", segment)
        found = lab.one(lab.day(2), "true_positive_rate_gap", "race", segment)
        right = lab.one(lab.day(2), "positive_predictive_value_gap", "race", segment)
        low, high, low_recid, high_recid = published[name]["cells"]
        assert (false.n, found.n, right.n) == (
            low + high, low_recid + high_recid, high + high_recid,
        )  # fmt: skip
        told = [float(r.reason.split("%")[0]) for r in (false, found, right)]
        assert told[0] == pytest.approx(published[name]["fpr_pct"], abs=0.051)
        assert 100 - told[1] == pytest.approx(published[name]["fnr_pct"], abs=0.051)
        assert told[2] / 100 == pytest.approx(published[name]["ppv"], abs=0.0051)
        # of all others together, from the published totals
        everyone = published["all"]["cells"]
        rest = (everyone[1] - high) / (everyone[0] + everyone[1] - low - high)
        assert false.value == pytest.approx(high / (low + high) - rest)
        if name == "African-American":  # twice as often called a risk wrongly, and found more often
            assert (false.verdict, found.verdict) == (Verdict.WARN, Verdict.WARN)
        assert right.verdict is Verdict.OK  # it is about as often right for both
    selected = lab.one(lab.day(2), "selection_rate_ratio", "race", names["African-American"])
    assert selected.verdict is Verdict.WARN
    few = lab.one(lab.day(2), "false_positive_rate_gap", "race", "race=Native American")
    assert few.verdict is Verdict.UNKNOWN
    failing = [r for r in lab.results() if r.verdict is Verdict.FAIL and r.metric in FAIRNESS]
    assert failing == []


def test_census_by_year_is_no_alert(lab: Lab) -> None:
    """The gaps between the sexes, from scikit-learn's rates; within tolerance in every year."""
    values = by_year() | {"fairness": {"attributes": ["SEX"], "favourable": "1"}}
    model = Model(type(lab.config).model_validate(values), PROJECT, PROJECT)
    numbers = oracle("nannyml_employment_ma")
    by_group = {y: n["SEX"]["by_group"] for y, n in numbers["fairness_by_year"].items()}
    with Monitor.open(model, lab.store, now=LATER, run_id="run") as monitor:
        for window in model.windows(None, None, LATER):
            monitor.at_once(window, ())
            monitor.performance(window)
    reference = numbers["fairness_reference"]["SEX"]["by_group"]
    for theirs, ours in (("tpr", "true_positive_rate_gap"), ("fpr", "false_positive_rate_gap")):
        found = lab.results(model=model.name, metric=ours, segment="SEX=2")
        assert [f"{r.window.start:%Y}" for r in found] == [*by_group]
        gaps = [g["2"][theirs] - g["1"][theirs] for g in by_group.values()]
        assert [r.value for r in found] == pytest.approx(gaps, abs=1e-9)
        before = reference["2"][theirs] - reference["1"][theirs]
        assert [r.reference_value for r in found] == pytest.approx([before] * 3, abs=1e-9)
    judged = [r for r in lab.results(model=model.name) if r.metric in FAIRNESS]
    assert {r.verdict for r in judged} == {Verdict.OK}
    assert len(judged) == 3 * len(FAIRNESS) * 2
    # 2015 to 2018, as other tools' tables have it
    assert before == pytest.approx(0.0561, abs=5e-5)
    assert gaps[-1] == pytest.approx(0.0497, abs=5e-5)
