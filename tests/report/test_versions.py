"""Runs of windows by the version that served."""

from __future__ import annotations

from monitoring_pipelines.report.content import Approved
from monitoring_pipelines.report.versions import changes, versions
from tests.report.samples import NOW, day, result


def test_runs_gaps_and_approvals() -> None:
    names = ["v1", "v1", "", "v1", "v1 (+1)", "v2", "v1"]
    results = [result(n, model_version=name) for n, name in enumerate(names)]
    results.append(result(0, metric="sec_07_secrets"))  # does not know the version
    old, new = (Approved("v1", by, NOW, is_over=False) for by in ("ann", "bob"))
    found = versions(results, [old, new])
    told = [(one.version, one.first, one.last, one.n_windows) for one in found]
    assert told == [
        ("v1", day(0), day(3), 3),
        ("v1 (+1)", day(4), day(4), 1),
        ("v2", day(5), day(5), 1),
        ("v1", day(6), day(6), 1),
    ]
    assert [one.approved for one in found] == [new, new, None, new]
    assert changes(found) == {day(4): "v1 (+1)", day(5): "v2", day(6): "v1"}
    assert versions([result(0)], []) == []
