"""A first configuration of a model from its log, each assumption with its reason."""

from __future__ import annotations

import json
import math
import re
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import yaml

from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.backends.duckdb.llm_window import Read, formats_of, times_of, tools_run
from monitoring_pipelines.backends.duckdb.log import open_files
from monitoring_pipelines.backends.duckdb.profile import adds_up, arrival, profile, time_span
from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.path_date import PathDate, usual_pattern
from monitoring_pipelines.domain.window import Cadence, following, window_of
from monitoring_pipelines.errors import ConfigError, EmptySampleError, TimestampError
from monitoring_pipelines.logs.files import find_files, with_delimiter
from monitoring_pipelines.logs.llm.hashes import Hashes
from monitoring_pipelines.logs.llm.pieces import sample, weights, wholes
from monitoring_pipelines.logs.llm.reading import is_log_of_calls, read_jobs
from monitoring_pipelines.pipeline.roles import Roles, guess

if TYPE_CHECKING:
    from monitoring_pipelines.backends.duckdb.log import Log
    from monitoring_pipelines.domain.files import FileSet

COMPONENT = "monitoring_pipelines.components.MonitoredModel"
# rows that a window needs on average, so that its numbers say something
ENOUGH = 500
LEAST_WINDOWS = 4
HOURLY = timedelta(days=14)  # a longer log is judged by the day
OLD = timedelta(days=30)
ARRIVED = 0.99
UTC_ZONE = ZoneInfo("UTC")
MAX_NAME = 80  # as the configuration has it


@dataclass(frozen=True, slots=True)
class Draft:
    """YAML of a model, and what was assumed: what, how it is written, why."""

    name: str
    yaml: str
    assumed: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at the logs told; `arrived` is when nearly all labels had come."""

    location: str
    labels: str | None
    roles: Roles
    first: datetime
    last: datetime
    n_rows: int
    arrived: timedelta | None


@dataclass(frozen=True, slots=True)
class Calls:
    """What a look at raw logs of LLM or agent calls told; `n_seen` of about `n_rows` were seen.

    `path_date` is where the day stands in the paths, if no record tells a time.
    """

    location: str
    first: datetime
    last: datetime
    n_rows: int
    n_seen: int
    formats: str
    tools: int
    path_date: str | None = None


def draft(location: str, labels: str | None, name: str | None, root: Path, now: datetime) -> Draft:
    """Look at the log at `location`, and at `labels` if they lie elsewhere.

    Raises
    ------
    SourceError
        If a log cannot be read, or tells no time at all.
    ConfigError
        If it has no time, or nothing that looks like a prediction.
    EmptySampleError
        If it has no rows with a time.
    """
    page = _Page()
    chosen = _name(location) if name is None else name
    if not re.fullmatch(rf"[A-Za-z]\w{{0,{MAX_NAME - 1}}}", chosen, re.ASCII):
        raise ConfigError(
            f"'{chosen}' is no name of a model: a letter, then at most {MAX_NAME - 1} letters, "
            "digits or _. Give another one with --name."
        )
    if (calls := _look_for_calls(location, root)) is not None:
        _write_calls(page, chosen, calls, now)
    else:
        _write(page, chosen, _look(location, labels, root), now)
    text = "\n".join(page.lines) + "\n"
    ModelConfig.model_validate(yaml.safe_load(text)["attributes"])  # what is written has to load
    return Draft(chosen, text, tuple(page.assumed))


def _look(location: str, labels: str | None, root: Path) -> Looked:
    with closing(connect()) as connection:
        log = open_files(connection, "predictions", with_delimiter(find_files(location, root)))
        truth: Log | None = None
        if labels is not None:
            truth = open_files(connection, "labels", with_delimiter(find_files(labels, root)))
        columns = profile(log)
        if not columns[0].n_rows:
            raise EmptySampleError("log")
        roles = guess(
            columns,
            profile(truth) if truth is not None else None,
            lambda names: adds_up(log, names),
        )
        time, key = roles.predictions["timestamp"], roles.predictions.get("id")
        if (span := time_span(log, time)) is None:
            raise EmptySampleError("log")
        arrived, available = None, roles.labels.get("available_at")
        if truth is not None and available is not None and key is not None:
            theirs = (truth, roles.labels.get("id", key), available)
            arrived = arrival((log, key, time), theirs, ARRIVED)
    return Looked(location, labels, roles, *span, arrived)


def _look_for_calls(location: str, root: Path) -> Calls | None:
    """Read a sample of raw logs of calls, if these are some."""
    files = find_files(location, root, "llm")
    if not is_log_of_calls(files):
        return None
    with TemporaryDirectory() as name, closing(connect()) as connection:
        folder = Path(name)
        pieces = sample(files)
        report = read_jobs(location, [pieces], folder, Hashes())
        times = [t for span in times_of(connection, folder).values() for t in span]
        reads = [Read(folder, tuple({piece.path for piece in pieces}))]
        formats, tools = formats_of(connection, reads), tools_run(connection, reads)
    n = report.records - report.quarantined
    pattern = None
    if not times and n > report.quiet:
        pattern, times = _days(files, root)
    if not times:
        raise EmptySampleError("log")
    is_all = pieces == wholes(files)
    about = n if is_all else round(n * sum(weights(files)) / report.bytes)
    return Calls(location, min(times), max(times), about, n, formats, tools, pattern)


def _days(files: FileSet, root: Path) -> tuple[str, list[datetime]]:
    """Where the paths of a log without any time name their days, and these days."""
    # the project's own folder may lie in one that has a date
    inner = [path.removeprefix(f"{root}/") for path in files.paths]
    pattern = usual_pattern(inner)
    if pattern is None:
        raise TimestampError(
            f"No record of '{files.location}' tells when it was. Put each batch into a folder of "
            "its day, such as date=2026-01-31, and look again; or write where the paths name it "
            "(`path_date`). Of a table, `fields` name the column with the time."
        )
    return pattern, [day for path in inner if (day := PathDate(pattern).of(path))]


def _cadence(span: Looked | Calls) -> Cadence:
    """The shortest window with enough rows; of a thin log the longest that gives a few windows."""
    length = max(span.last - span.first, timedelta(hours=1))
    sizes = {
        Cadence.HOUR: timedelta(hours=1), Cadence.DAY: timedelta(days=1),
        Cadence.WEEK: timedelta(weeks=1), Cadence.MONTH: timedelta(days=31),
    }  # fmt: skip
    fitting = [c for c, size in sizes.items() if length / size >= LEAST_WINDOWS]
    fitting = [c for c in fitting if c is not Cadence.HOUR or length <= HOURLY] or [Cadence.HOUR]
    if isinstance(span, Calls) and span.path_date:  # which names no hour
        fitting = [c for c in fitting if c is not Cadence.HOUR] or [Cadence.DAY]
    full = (c for c in fitting if span.n_rows * (sizes[c] / length) >= ENOUGH)
    return next(full, fitting[-1])


def _name(location: str) -> str:
    """A name from the last part of a location that says something."""
    parts = [
        part for part in re.split(r"[/\\]+", location) if part and not re.search(r"[*?=\[]", part)
    ]
    stem = re.sub(r"(\.\w+)+$", "", parts[-1]) if parts else ""
    name = re.sub(r"[^A-Za-z0-9_]+", "_", stem).strip("_")
    name = name if re.match(r"[A-Za-z]", name) else f"model_{name}"
    return name[:MAX_NAME].rstrip("_")


@dataclass(slots=True)
class _Page:
    """YAML line by line; what has a reason is an assumption."""

    lines: list[str] = field(default_factory=list)
    assumed: list[tuple[str, str, str]] = field(default_factory=list)

    def put(self, indent: int, key: str, value: str, because: str = "", about: str = "") -> None:
        """Write a key with a text, which may come from the data."""
        self.put_raw(indent, key, _scalar(value), because, about)

    def put_raw(
        self, indent: int, key: str, value: str, because: str = "", about: str = ""
    ) -> None:
        """Write a key with a value that is YAML already."""
        if because:
            self.assumed.append((about or key, value, because))
        said = f"  # {because}" if because else ""
        self.lines.append(f"{'  ' * indent}{_scalar(key)}: {value}".rstrip() + said)


def _write(page: _Page, name: str, looked: Looked, now: datetime) -> None:
    roles, cadence = looked.roles, _cadence(looked)
    start, split, end = _periods(looked, cadence)
    day = "%Y-%m-%dT%H:%M" if cadence is Cadence.HOUR else "%Y-%m-%d"
    page.lines += [
        f"# Written by `mlmon init`, which found {looked.n_rows:,} rows. What it assumed has its",
        "# reason beside it: correct what is wrong. All keys: docs/configuration.md.",
        f"type: {COMPONENT}",
        "attributes:",
    ]
    page.put(1, "name", name)
    page.put(1, "task", roles.task.value, roles.because["task"])
    page.lines.append("  # owner: team:yours  # who is told, and who answers for the model")
    page.put_raw(1, "predictions", "")
    page.put(2, "location", looked.location)
    page.put_raw(2, "columns", "")
    for role, column in roles.predictions.items():
        page.put(3, role, column, roles.because[role], f"predictions: {role}")
    if roles.proba:
        page.put_raw(3, "prediction_proba", "")
        for label, column in roles.proba.items():
            page.put(4, label, column)
    _write_labels(page, looked)
    quarter = "the first quarter of the log; name a time when all was well"
    page.put_raw(1, "reference", f'{{start: "{start:{day}}", end: "{split:{day}}"}}', quarter)
    n = looked.n_rows / ((end - start) / (following(start, cadence) - start))
    page.put(1, "window", cadence.value, f"about {n:,.0f} rows each")
    if now - looked.last > OLD and split < end:
        page.put_raw(1, "end", f'"{end:{day}}"', "the log ends here; without this it goes on")


def _write_calls(page: _Page, name: str, calls: Calls, now: datetime) -> None:
    seen = f"{calls.n_seen:,} records"
    if calls.n_seen < calls.n_rows:
        seen += f" of about {calls.n_rows:,}"
    cadence = _cadence(calls)
    start, split, end = _periods(calls, cadence)
    day = "%Y-%m-%dT%H:%M" if cadence is Cadence.HOUR else "%Y-%m-%d"
    page.lines += [
        f"# Written by `mlmon init`, which read {seen} of LLM calls. What it",
        "# assumed has its reason beside it. All keys: docs/configuration.md, docs/llm-logs.md.",
        f"type: {COMPONENT}",
        "attributes:",
    ]
    page.put(1, "name", name)
    why = "it ran tools; `llm` judges its single calls" if calls.tools else "no tool was run"
    page.put(1, "task", "agent" if calls.tools else "llm", why)
    page.lines.append("  # owner: team:yours  # who is told, and who answers for the application")
    page.put_raw(1, "predictions", "")
    page.put(2, "location", calls.location)
    page.put(2, "format", "llm", f"the records are of {calls.formats}")
    if calls.path_date:
        why = "no record tells a time; the paths name a day"
        page.put(2, "path_date", calls.path_date, why)
    quarter = "the first quarter of the log; name a time when all was well"
    page.put_raw(1, "reference", f'{{start: "{start:{day}}", end: "{split:{day}}"}}', quarter)
    n = calls.n_rows / ((end - start) / (following(start, cadence) - start))
    page.put(1, "window", cadence.value, f"about {n:,.0f} records each")
    if now - calls.last > OLD and split < end:
        page.put_raw(1, "end", f'"{end:{day}}"', "the log ends here; without this it goes on")
    promised = "failed_task_rate" if calls.tools else "error_rate"
    page.lines.append(f"  # signals: {{limits: {{{promised}: 0.05}}}}  # what is promised")


def _write_labels(page: _Page, looked: Looked) -> None:
    roles = looked.roles
    if not roles.labels:
        page.lines.append("  # labels: see docs/configuration.md; without them nothing is measured")
        return
    page.put_raw(1, "labels", "")
    if looked.labels is not None:
        page.put(2, "location", looked.labels)
    page.put_raw(2, "columns", "")
    for role, column in roles.labels.items():
        page.put(3, role, column, roles.because.get(role, ""), f"labels: {role}")
    if looked.arrived is not None:
        told = f"{ARRIVED:.0%} of the labels came within it"
        page.put_raw(2, "maturity", _duration(looked.arrived), told)
    if roles.positive is not None:
        page.put(2, "positive", roles.positive, "the class that is looked for")


def _periods(looked: Looked | Calls, cadence: Cadence) -> tuple[datetime, datetime, datetime]:
    """Start of the reference, its end, and the end of the log, in whole windows."""
    start = window_of(looked.first, cadence, UTC_ZONE).start
    quarter = looked.first + (looked.last - looked.first) / 4
    split = max(window_of(quarter, cadence, UTC_ZONE).start, following(start, cadence))
    return start, split, window_of(looked.last, cadence, UTC_ZONE).end


def _scalar(text: str) -> str:
    """A text in YAML: quoted unless it is a plain word that can be nothing else."""
    plain = re.fullmatch(r"[A-Za-z_./][\w./*-]*", text) and yaml.safe_load(text) == text
    return text if plain else json.dumps(text, ensure_ascii=False)


def _duration(lag: timedelta) -> str:
    """Whole days, or hours below two days, rounded up."""
    hours = math.ceil(lag / timedelta(hours=1))
    return f"{hours}h" if hours < 48 else f"{math.ceil(hours / 24)}d"  # noqa: PLR2004 - two days
