"""A period is counted in the database as it would be in Python."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.store import courses
from monitoring_pipelines.store.results import read, replace
from tests.store.samples import AS_OF, MODEL, day, result

if TYPE_CHECKING:
    from monitoring_pipelines.store.database import Store

PERIOD = day(1).start, day(3).start
FAIL, UNKNOWN = Verdict.FAIL, Verdict.UNKNOWN


def put(store: Store, *results: Result) -> None:
    groups: dict[tuple[object, ...], list[Result]] = {}
    for one in results:
        groups.setdefault((one.window, one.status is Status.ESTIMATED), []).append(one)
    with store.write() as connection:
        for (_, estimated), of in groups.items():
            replace(
                connection,
                of,
                model=MODEL,
                window=of[0].window,
                metrics={r.metric for r in of},
                as_of=AS_OF,
                estimated=bool(estimated),
            )


def whole(number: int, **more: object) -> Result:
    return result(window=day(number), column="", segment="", metric="roc_auc", **more)


def test_counts_and_windows(store: Store) -> None:
    put(
        store,
        *(result(window=day(n), column=c, segment="") for n in (1, 2, 3) for c in ("a", "b")),
        result(window=day(1), column="a", segment="", metric="hellinger", verdict=FAIL),
        result(window=day(2), column="b", segment="", metric="hellinger", verdict=Verdict.OK),
        result(window=day(2), column="c", segment="x=y"),
        # of an estimate and a number that could not be judged the estimate counts
        whole(2, status=Status.ESTIMATED, verdict=FAIL),
        whole(2, status=Status.PROVISIONAL, verdict=UNKNOWN),
    )
    with store.read() as connection:
        found = courses.counts(connection, MODEL, PERIOD)
        everything = read(connection, model=MODEL, start=PERIOD[0], end=PERIOD[1])
        moved = courses.windows_with(connection, MODEL, PERIOD, {"psi", "hellinger"})
        course = courses.courses(connection, MODEL, PERIOD, {"psi"}, {"a", "it's"})
    expected = Counter((r.window, r.metric, r.verdict) for r in everything)
    assert {(c.window, c.metric, c.verdict): c.n for c in found} == expected
    assert (day(2), "roc_auc", FAIL) in expected
    # a window in which two metrics moved is one window
    assert moved == {"a": 2, "b": 2}
    assert [(r.window, r.column) for r in course] == [(day(1), "a"), (day(2), "a")]


def test_the_newest_settled_window(store: Store) -> None:
    with store.read() as connection:
        assert courses.newest_settled(connection, MODEL, PERIOD, "roc_auc") is None
    put(
        store,
        whole(1, status=Status.FINAL, verdict=FAIL),
        whole(2, status=Status.ESTIMATED, verdict=FAIL),
        whole(2, status=Status.PROVISIONAL, verdict=UNKNOWN),
        whole(3, status=Status.FINAL),
    )
    with store.read() as connection:
        assert courses.newest_settled(connection, MODEL, PERIOD, "roc_auc") == day(1)
