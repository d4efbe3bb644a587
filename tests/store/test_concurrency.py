"""Several processes at one database, and some of them killed."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.store import results, summaries
from monitoring_pipelines.store.database import Store
from monitoring_pipelines.store.summaries import SummaryKey
from monitoring_pipelines.summaries.moments import Moments
from tests.store.samples import AS_OF, MODEL, day, result

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import sqlalchemy as sa

    from monitoring_pipelines.domain.result import Result

N_PROCESSES = 6
N_ROWS = 40
SPAWN = multiprocessing.get_context("spawn")


def write(connection: sa.Connection, number: int, value: float) -> None:
    """Give all rows of one window the same value."""
    rows = [result(window=day(number), column=f"c{i}", value=value) for i in range(N_ROWS)]
    results.replace(connection, rows, model=MODEL, window=day(number), metrics=["psi"], as_of=AS_OF)
    key = SummaryKey(model=MODEL, kind="table", window=day(number), fingerprint="f")
    summaries.put(connection, key, Moments(1, value, 0.0, value, value), n_rows=1)


def written(store: Store, number: int) -> list[Result]:
    with store.read() as connection:
        return results.read(connection, start=day(number).start, end=day(number).end)


def work(url: str, worker: int) -> None:
    """Open the still empty database, then write a shared and an own window, in either order."""
    store = Store.open(url)
    for turn in range(5):
        with store.write() as connection:
            shared_first = (worker + turn) % 2
            for number in (1, 10 + worker) if shared_first else (10 + worker, 1):
                write(connection, number, worker + turn / 10)
        assert len(written(store, 1)) == N_ROWS


@pytest.mark.slow
def test_processes_that_start_and_write_at_once_lose_and_double_nothing(
    database_url: str,
) -> None:
    with ProcessPoolExecutor(N_PROCESSES, mp_context=SPAWN) as pool:
        list(pool.map(work, [database_url] * N_PROCESSES, range(N_PROCESSES)))
    store = Store.open(database_url)
    for worker in range(N_PROCESSES):
        own = written(store, 10 + worker)
        assert [r.value for r in own] == [worker + 0.4] * N_ROWS
    shared = {r.value for r in written(store, 1)}
    assert len(written(store, 1)) == N_ROWS
    assert len(shared) == 1
    with store.read() as connection:
        assert len(results.read(connection, latest=False)) == N_ROWS * (1 + N_PROCESSES)
        found = summaries.get_many(
            connection, MODEL, "table", "f", [day(1), *(day(10 + w) for w in range(N_PROCESSES))]
        )
    assert len(found) == 1 + N_PROCESSES
    assert {found[day(1)].mean} == shared


def hang(url: str, pipe: Connection) -> None:
    with Store.open(url).write() as connection:
        write(connection, 1, 2.0)
        pipe.send("written, not committed")
        time.sleep(60)


def hurry(url: str, pipe: Connection) -> None:
    store = Store.open(url)
    for value in range(2, 10_000):
        with store.write() as connection:
            write(connection, 1, float(value))
        if value == 3:
            pipe.send("at work")


@pytest.mark.slow
@pytest.mark.parametrize(("target", "delays"), [(hang, [0.0]), (hurry, [0.0, 0.013, 0.037])])
def test_a_killed_process_leaves_a_window_whole(
    store: Store, target: object, delays: list[float]
) -> None:
    url = store.engine.url.render_as_string(hide_password=False)
    with store.write() as connection:
        write(connection, 1, 1.0)
    for delay in delays:
        here, there = SPAWN.Pipe()
        process = SPAWN.Process(target=target, args=(url, there))
        process.start()
        assert here.poll(60)
        time.sleep(delay)
        process.kill()
        process.join()
        rows = written(store, 1)
        assert len(rows) == N_ROWS
        assert len({r.value for r in rows}) == 1
    if target is hang:
        assert {r.value for r in written(store, 1)} == {1.0}
    # and nobody has to wait for the dead
    with store.write() as connection:
        write(connection, 1, -1.0)
    assert [r.value for r in written(store, 1)] == [-1.0] * N_ROWS
