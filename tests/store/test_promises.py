"""What rules ask the store, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.store import promises, results
from monitoring_pipelines.store.schema import conditions, incident_events
from tests.store.samples import AS_OF, MODEL, day, result

if TYPE_CHECKING:
    from monitoring_pipelines.store.database import Store


DAY = timedelta(days=1)


def put(store: Store, number: int, rows: float) -> None:
    row = result(window=day(number), metric="volume", value=rows, segment="", column="")
    with store.write() as connection:
        results.replace(
            connection, [row], model=MODEL, window=day(number), metrics=["volume"], as_of=AS_OF
        )


def test_windows_are_found_by_their_volume(store: Store) -> None:
    with store.read() as connection:
        assert promises.first_judged(connection, MODEL) is None
        assert promises.last_prediction(connection, MODEL, day(9).end) is None
    for number, rows in ((2, 10.0), (3, 10.0), (5, 0.0)):
        put(store, number, rows)
    with store.read() as connection:
        assert promises.first_judged(connection, MODEL) == day(2).start
        found = promises.judged(connection, MODEL, day(3).start, day(5).start)
        assert found == {day(3).start}
        assert promises.last_prediction(connection, MODEL, day(9).end) == day(3).end
        assert promises.last_prediction(connection, MODEL, day(2).end) == day(2).end
        assert promises.first_judged(connection, "another") is None
        # the fifth had no rows, so none can have been deleted
        assert promises.oldest_with_rows(connection, MODEL, day(1).start) == day(2)
        assert promises.oldest_with_rows(connection, MODEL, day(3).start) == day(3)
        assert promises.oldest_with_rows(connection, MODEL, day(4).start) is None


def test_what_fires_is_told_with_the_moment_it_was_known(store: Store) -> None:
    row = {
        "fingerprint": "f", "model": MODEL, "cause": "performance", "segment": "",
        "metric": "roc_auc", "column": "", "state": "firing", "severity": "critical",
        "since_window": day(1).start, "last_window": day(2).start, "flapping": False,
        "incident_id": "inc_1", "updated_at": AS_OF,
    }  # fmt: skip
    calm = row | {"fingerprint": "g", "metric": "mae", "incident_id": None, "since_window": None}
    with store.write() as connection:
        connection.execute(conditions.insert(), [row, calm])
        for seq, (kind, at) in enumerate([("opened", AS_OF), ("severity", AS_OF + DAY)]):
            event = {"incident_id": "inc_1", "seq": seq, "at": at, "type": kind}
            connection.execute(
                incident_events.insert().values({**event, "actor": "run:r", "payload": {}})
            )
    with store.read() as connection:
        assert promises.firing(connection, MODEL) == [("roc_auc", "", "critical", AS_OF)]
        assert promises.firing(connection, "another") == []
