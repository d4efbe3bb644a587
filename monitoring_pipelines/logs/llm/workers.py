"""Reading on several cores: processes that get pieces of files by name and leave Parquet parts.

Each is a program of its own, asked by lines of JSON and answering by such lines: nothing is
pickled, a caller's script is not run again, and when the caller is gone, however it ended, its
input ends and so does the worker. What is read does not depend on how many there are: the jobs
follow from the sizes of the files, and their parts are joined in the order of the log.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import msgspec

from monitoring_pipelines.errors import SourceUnreadableError
from monitoring_pipelines.logs.llm.hashes import Hashes
from monitoring_pipelines.logs.llm.pieces import Piece, jobs, wholes
from monitoring_pipelines.logs.llm.reading import Report, read_jobs
from monitoring_pipelines.logs.llm.spool import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitoring_pipelines.domain.files import FileSet

    Jobs = SimpleQueue[tuple[int, list[Piece]]]

_SERVE = "from monitoring_pipelines.logs.llm.workers import serve; serve()"


def read_files(files: FileSet, folder: Path, hashes: Hashes, workers: int = 1) -> Report:
    """Read `files` into Parquet tables in `folder`; a broken record never ends the reading.

    Local files that are worth it are read by as many processes as `workers`, and never more than
    there are jobs of 64 MB.

    Raises
    ------
    SourceUnreadableError
        If a whole file cannot be read (damaged gzip data, a document beyond the limit).
    """
    apart = jobs(files) if files.filesystem is None else [wholes(files)]
    if min(workers, len(apart)) < 2:  # noqa: PLR2004 - one job needs no second process
        return read_jobs(files.location, apart, folder, hashes)
    todo: Jobs = SimpleQueue()
    for job in enumerate(apart):
        todo.put(job)
    reports: dict[int, Report] = {}
    n = min(workers, len(apart))
    # the processes end before the threads that wait for their answers
    with ThreadPoolExecutor(n) as threads, ExitStack() as stack:
        processes = [stack.enter_context(_process(hashes)) for _ in range(n)]
        given = [
            threads.submit(_give, process, todo, reports, (files.location, folder))
            for process in processes
        ]
        for one in given:
            one.result()
    parts = [_part(folder, number) for number in range(len(apart))]
    join(parts, folder)
    for part in parts:
        shutil.rmtree(part)
    whole = Report()
    for number in range(len(apart)):
        whole.add(reports[number])
    return whole


def serve() -> None:
    """Be a worker: the first line tells the key, each further one a job; answer with one line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller ends its workers
    key, name = json.loads(sys.stdin.readline())
    hashes = Hashes(bytes.fromhex(key), name)
    for line in sys.stdin:
        location, folder, pieces = json.loads(line)
        answer: dict[str, Any]
        try:
            report = read_jobs(location, [[Piece(*one) for one in pieces]], Path(folder), hashes)
            answer = {"report": report}
        except SourceUnreadableError as error:
            answer = {"unreadable": error.detail}
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.buffer.flush()


@contextmanager
def _process(hashes: Hashes) -> Iterator[subprocess.Popen[bytes]]:
    # it finds what is imported here; `-P` keeps the present folder out of it
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-P", "-c", _SERVE]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment) as process:  # noqa: S603 - ourselves
        try:
            _tell(process, [hashes.key.hex(), hashes.name])
            yield process
        finally:
            process.kill()


def _give(
    process: subprocess.Popen[bytes],
    todo: Jobs,
    reports: dict[int, Report],
    place: tuple[str, Path],
) -> None:
    """Give one worker jobs for as long as there are some."""
    location, folder = place
    while True:
        try:
            number, pieces = todo.get_nowait()
        except Empty:
            return
        answer = _tell(process, [location, str(_part(folder, number)), pieces], answered=True)
        if answer is None:
            detail = "a process that reads it was ended, perhaps for want of memory."
            raise SourceUnreadableError(location, detail)
        if "unreadable" in answer:
            raise SourceUnreadableError(location, answer["unreadable"])
        reports[number] = Report.of(answer["report"])


def _tell(
    process: subprocess.Popen[bytes], line: Sequence[Any], *, answered: bool = False
) -> dict[str, Any] | None:
    assert process.stdin is not None  # noqa: S101 - pipes
    assert process.stdout is not None  # noqa: S101
    try:
        process.stdin.write(json.dumps(line).encode() + b"\n")
        process.stdin.flush()
    except BrokenPipeError:
        return None
    answer = process.stdout.readline() if answered else b""
    return dict(json.loads(answer)) if answer else None


def _part(folder: Path, number: int) -> Path:
    return folder / f"part-{number}"
