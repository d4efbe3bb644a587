"""Several processes read what one reads, to the last row, and none outlives the reading."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from pyarrow import parquet

from monitoring_pipelines.errors import SourceUnreadableError
from monitoring_pipelines.logs.files import find_files
from monitoring_pipelines.logs.llm import pieces, workers
from monitoring_pipelines.logs.llm.spool import TABLES
from monitoring_pipelines.logs.llm.workers import read_files
from tests.llm_records import HASHES
from tests.logs.llm.test_bedrock_invocation import entry
from tests.logs.llm.test_openai_chat import completion
from tests.logs.llm.test_otlp import otlp, span

if TYPE_CHECKING:
    from monitoring_pipelines.domain.files import FileSet


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileSet:
    """A long file of three formats with broken lines in it, a document, and a gzipped one."""
    monkeypatch.setattr(pieces, "JOB", 20_000)
    nameless = completion()
    del nameless["id"]
    records = [completion(), entry(), otlp(span(), span()), nameless, {"odd": 1}]
    lines = [json.dumps(record) for record in records] + ['{"cut', ""]
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "a.jsonl").write_text("\n".join(lines * 40))
    (logs / "b.json").write_text(json.dumps([completion(), entry()], indent=1))
    (logs / "c.jsonl").write_text(json.dumps(entry()))
    found = find_files("logs/*", tmp_path, "llm")
    assert len(pieces.jobs(found)) > 3
    return found


def tables(folder: Path) -> dict[str, list[dict[str, Any]]]:
    return {name: parquet.read_table(folder / f"{name}.parquet").to_pylist()
            for name in TABLES.values()}  # fmt: skip


def serving() -> list[int]:
    """Workers below this process, which has children of other tests too: a database, say."""
    below = {process.pid for process in psutil.Process().children(recursive=True)}
    return [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if process.pid in below and workers._SERVE in (process.info["cmdline"] or [])
    ]


def test_a_worker_is_seen_while_it_serves() -> None:
    with workers._process(HASHES) as process:
        assert serving() == [process.pid]
    assert not serving()


@pytest.mark.parametrize("n", [2, 3])
def test_what_is_read_does_not_depend_on_the_workers(
    files: FileSet, tmp_path: Path, n: int
) -> None:
    one = read_files(files, tmp_path / "one", HASHES)
    several = read_files(files, tmp_path / "several", HASHES, n)
    assert several == one
    assert one.quarantined == 80
    assert tables(tmp_path / "several") == tables(tmp_path / "one")
    assert sorted(path.name for path in (tmp_path / "several").iterdir()) == sorted(
        f"{name}.parquet" for name in TABLES.values()
    )
    assert not serving()


def test_a_file_that_cannot_be_read_ends_all(files: FileSet, tmp_path: Path) -> None:
    (tmp_path / "logs" / "d.jsonl.gz").write_bytes(b"no gzip at all" * 1000)
    damaged = find_files("logs/*", tmp_path, "llm")
    with pytest.raises(SourceUnreadableError, match=r"d.jsonl.gz' is damaged"):
        read_files(damaged, tmp_path / "out", HASHES, 2)
    assert not serving()


def test_compressed_files_are_read_beside_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "JOB", 20_000)
    halves = [(json.dumps(entry(requestId=f"r-{at}")) + "\n") * 20 for at in range(6)]
    for at in range(0, 6, 2):
        # gzip files that were put behind each other are one
        packed = b"".join(gzip.compress(half.encode()) for half in halves[at : at + 2])
        (tmp_path / f"{at}.jsonl.gz").write_bytes(packed)
    monkeypatch.setattr(pieces, "_PACKED", 1000)  # these are of one line again and again
    found = find_files("*.gz", tmp_path, "llm")
    assert len(pieces.jobs(found)) == 3
    one = read_files(found, tmp_path / "one", HASHES)
    assert (one.records, one.quarantined) == (120, 0)
    assert read_files(found, tmp_path / "two", HASHES, 2) == one
    assert tables(tmp_path / "two") == tables(tmp_path / "one")
    ids = [row["id"] for row in tables(tmp_path / "one")["llm_calls"]]
    assert ids == [f"r-{at}" for at in range(6) for _ in range(20)]


def test_a_worker_that_was_ended_is_told(
    files: FileSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_SERVE", "import sys; sys.stdin.readline()")
    with pytest.raises(SourceUnreadableError, match="was ended, perhaps for want of memory"):
        read_files(files, tmp_path / "out", HASHES, 2)


def test_small_logs_start_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_SERVE", "raise SystemExit(1)")
    (tmp_path / "a.jsonl").write_text(json.dumps(entry()))
    report = read_files(find_files("a.jsonl", tmp_path), tmp_path / "out", HASHES, 8)
    assert report.records == 1


SCRIPT = """
import signal, sys
from pathlib import Path
from monitoring_pipelines.logs.files import find_files
from monitoring_pipelines.logs.llm import pieces
from monitoring_pipelines.logs.llm.hashes import Hashes
from monitoring_pipelines.logs.llm.workers import read_files
pieces.JOB = 100_000
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
root = Path(sys.argv[1])
read_files(find_files("long.jsonl", root), root / "out", Hashes(b"key"), 2)
"""


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_the_one_who_asked(tmp_path: Path, sign: signal.Signals) -> None:
    with (tmp_path / "long.jsonl").open("w") as file:
        for _ in range(300):
            file.write((json.dumps(entry()) + "\n") * 200)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    command = [sys.executable, str(script), str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as asking:
        while not [*tmp_path.glob("out/part-*/*.parquet")]:
            assert asking.poll() is None
            time.sleep(0.05)
        children = psutil.Process(asking.pid).children(recursive=True)
        assert len(children) == 2
        asking.send_signal(sign)
        asking.wait(60)
    gone, alive = psutil.wait_procs(children, timeout=60)
    assert (len(gone), alive) == (2, [])
    assert not [*tmp_path.glob("out/*.parquet")]
