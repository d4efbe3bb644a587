"""A window is compared with the version that served before its own, whatever ran when."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics import DRIFT
from monitoring_pipelines.pipeline.previous_version import (
    SEARCHED,
    TAKEN,
    find_previous,
    only_versions,
    searched,
    served_most,
)
from monitoring_pipelines.pipeline.reading import Reader
from tests.pipeline.lab import FIRST, Lab, declared, labels_of, rows

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from monitoring_pipelines.config.model import ModelConfig

START = "2026-01-03"


def versioned(**more: Any) -> ModelConfig:
    predictions = {
        "location": "log.parquet",
        "columns": {
            "id": "id",
            "timestamp": "at",
            "prediction_score": "score",
            "model_version": "version",
        },
    }
    reference = {"previous_version": True}
    return declared(predictions=predictions, reference=reference, start=START, **more)


def log_of(names: list[str], per_day: int = 40, seed: int = 0) -> pd.DataFrame:
    """A day for each name; ``a+b`` serves every third row by b."""
    log = rows(n_days=len(names), per_day=per_day, seed=seed)
    told = [name.split("+") for name in names for _ in range(per_day)]
    return log.assign(version=[pair[-1] if i % 3 == 0 else pair[0] for i, pair in enumerate(told)])


def put(lab: Lab, log: pd.DataFrame) -> None:
    lab.write(log, labels_of(log, timedelta(hours=1)))


@pytest.fixture
def switched(lab: Lab) -> Lab:
    """Five days of v1, three of v2, of which the first has rows of v1 too, and one of v1 again."""
    lab.config = versioned()
    put(lab, log_of(["v1"] * 5 + ["v2+v1", "v2", "v2", "v1"]))
    return lab


@pytest.mark.parametrize(
    ("present", "earlier", "before", "taken"),
    [
        ("v2", ["v2", "v1", "v1", "v0"], "v1", [1, 2]),
        ("v2", ["", "v1", "", "v1"], "v1", [1, 3]),  # windows without rows are passed over
        ("v1", ["v2", "v1", "v2", "v0"], "v2", [0, 2]),  # taken back, or two in turn
        ("v1", ["v1", ""], "", []),
        ("", ["v1"], "", []),
    ],
)
def test_the_version_before(
    lab: Lab, present: str, earlier: list[str], before: str, taken: list[int]
) -> None:
    told = [(lab.day(9 - i), {name: 4} if name else {}) for i, name in enumerate(earlier)]
    found = find_previous({present: 4} if present else {}, told)
    assert (found.version, found.before, found.others) == (present, before, 0.0)
    assert [*found.windows] == [told[i][0] for i in taken]


def test_no_more_is_read_than_needed(lab: Lab) -> None:
    asked = []

    def earlier() -> Any:
        for number in range(200, 0, -1):
            asked.append(number)
            yield lab.day(number), {"v1": 1}

    found = find_previous({"v2": 3, "v1": 1}, earlier())
    assert (len(found.windows), len(asked), found.others) == (TAKEN, TAKEN, 0.25)
    config, oldest = versioned(), lab.day(2).start
    assert [*searched(config, lab.day(4), oldest)] == [lab.day(3), lab.day(2)]
    assert len([*searched(config, lab.day(900), oldest)]) == SEARCHED


def test_equally_many_and_the_small_summary() -> None:
    assert (served_most({"b": 2, "a": 2}), served_most({})) == ("b", "")
    told = only_versions(3, {"v1": 3}) + only_versions(2, {"v2": 2})
    assert (told.n_rows, told.versions) == (5, {"v1": 3, "v2": 2})


def test_what_is_compared_is_said(switched: Lab) -> None:
    switched.run(*(switched.day(number) for number in range(2, 9)))
    told = [switched.one(switched.day(n), "reference_version") for n in range(2, 9)]
    assert [r.model_version for r in told] == ["v1"] * 3 + ["v2"] * 3 + ["v1"]
    assert told[0].verdict is Verdict.UNKNOWN
    assert told[0].reason == (
        "no version is known to have served before v1, so there is nothing to compare with"
    )
    assert told[3].verdict is Verdict.OK
    # every third of forty rows, beginning with the first, are 13 or 14
    assert told[3].reason == (
        "v2 is compared with v1, which served before it: 5 windows from 2026-01-01 to 2026-01-05; "
        "32.5% of the rows are of other versions"
    )
    assert told[5].reason.endswith("5 windows from 2026-01-01 to 2026-01-05")
    assert told[6].reason.startswith("v1 is compared with v2, which served before it: 3 windows")
    # without an earlier version nothing that needs one is judged
    first = [r for r in switched.results() if r.window == switched.day(2).utc]
    judged = {r.metric for r in first if r.verdict is not Verdict.UNKNOWN}
    assert not judged & {*DRIFT, "roc_auc", "missing_rate"}
    assert switched.one(switched.day(5), "volume").reference_value == 40


def test_a_change_is_seen_on_the_first_window_of_the_new_version(lab: Lab) -> None:
    lab.config = versioned()
    log = log_of(["v1"] * 8 + ["v2"] * 2, per_day=400)
    worse = log["version"] == "v2"
    noise = np.random.default_rng(1).uniform(size=int(worse.sum())).round(3)
    log.loc[worse, "score"] = noise  # the new version knows nothing
    put(lab, log)
    lab.run(*(lab.day(number) for number in range(2, 10)))
    verdicts = [lab.one(lab.day(n), "roc_auc").verdict for n in range(2, 10)]
    assert verdicts == [Verdict.UNKNOWN] * 6 + [Verdict.FAIL] * 2
    # scores of the old version are 5/6, see the tests of the daemon
    found = lab.one(lab.day(8), "roc_auc")
    assert found.reference_value == pytest.approx(5 / 6, abs=0.03)
    assert found.value == pytest.approx(0.5, abs=0.1)


def test_the_order_of_runs_changes_nothing(tmp_path: Path) -> None:
    log = log_of(["v1"] * 5 + ["v2+v1", "v2", "v3", "v3", "v2"])
    dumps = []
    for name, order in (("a", [6, 7, 8, 9]), ("b", [9, 7, 8, 6]), ("c", [8, 9, 8, 6, 7, 9])):
        (tmp_path / name).mkdir()
        lab = Lab(tmp_path / name, versioned())
        put(lab, log)
        for number in order:  # each in a run of its own, as a backfill does it
            lab.run(lab.day(number))
        dumps.append(lab.dump())
        lab.store.engine.dispose()
    assert dumps[0] == dumps[1] == dumps[2]


def test_a_later_run_reads_only_the_new_window(
    switched: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    switched.run(*(switched.day(number) for number in range(2, 8)))
    read = []
    plain = Reader.rows

    def spied(self: Reader, opened: Any, window: Any) -> Any:
        read.append(window)
        return plain(self, opened, window)

    monkeypatch.setattr(Reader, "rows", spied)
    switched.run(switched.day(7))
    # windows without rows, before the log begins, are looked at again: rows may come late
    assert {one for one in read if one.start >= FIRST} == {switched.day(7)}


@pytest.mark.slow
def test_versions_that_are_alike_are_not_told_apart(lab: Lab) -> None:
    """A quarter of a year has at most one false alert; so have sixty days, with room for chance."""
    lab.config = versioned()
    put(lab, log_of([f"v{day // 6}" for day in range(66)], per_day=100, seed=3))
    lab.run(*(lab.day(number) for number in range(6, 66)))
    found = lab.results()
    fails = [r for r in found if r.verdict is Verdict.FAIL]
    drift = {(r.window, r.column) for r in found if r.metric in DRIFT and r.verdict is Verdict.WARN}
    known = Counter(r.verdict for r in found if r.metric == "reference_version")
    # of a Poisson number with the mean 60 / 91 more than three have a probability of 0.5 %
    assert (len(fails) <= 3, len(drift) <= 3) == (True, True), (fails, drift)
    assert known == {Verdict.OK: 60}
