"""Windows to what the signals of security need of them; computed once and kept in the store."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.outliers import count_outer
from monitoring_pipelines.backends.duckdb.texts import candidates, count_texts
from monitoring_pipelines.backends.duckdb.types import family
from monitoring_pipelines.domain.window import Cadence, Window, previous
from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.logs.llm.findings import SCANNED
from monitoring_pipelines.pipeline.audit import AuditLog
from monitoring_pipelines.pipeline.compared import compared
from monitoring_pipelines.pipeline.crossing import crossed
from monitoring_pipelines.pipeline.llm_source import WORDS, OpenedLlm
from monitoring_pipelines.pipeline.reference import GIVEN
from monitoring_pipelines.pipeline.security_counts import (
    behaved,
    extremes,
    guarded,
    newcomers,
    of_labels,
)
from monitoring_pipelines.security.canaries import canaries
from monitoring_pipelines.security.facts import (
    CONTEXT,
    CROSSED,
    INPUT,
    OUTER,
    OUTPUT,
    TEXT,
    TextColumn,
    occurrence_key,
)
from monitoring_pipelines.security.prompt_leak import prompt_leak
from monitoring_pipelines.security.scanners import SCANNERS
from monitoring_pipelines.security.unsafe_output import unsafe_output
from monitoring_pipelines.store.summaries import SummaryKey, get, put
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.pipeline.reading import Reader
    from monitoring_pipelines.security.scanner import Scanner
    from monitoring_pipelines.store.database import Store
    from monitoring_pipelines.summaries.binning import Binning

KIND, END_USER = "security", "end_user"
FINDINGS = "output_findings"  # of the tables of calls
TEXTS = frozenset({INPUT, OUTPUT, CONTEXT})
MIN_NUMERIC, EARLIER = 3, 30
# changes with what the detectors find, so that what an older release found is not compared
DETECTORS = "4"
# names of the tables of LLM calls (docs/llm-logs.md)
ALIASES = {
    "cost": ("cost_usd",),
    "tokens": ("input_tokens",),
    "status": ("error_class", "http_status"),
}
# so many windows of the reference tell what is usual: two months of days, a week of hours
MOST, MOST_HOURS = 60, 168


@dataclass(slots=True)
class SecurityWindows:
    """Summaries of windows of one model, from the store where they can be.

    `columns` are those of the window that was read last, with their types. `binning` are the frozen
    bins of the reference, None while it has no rows. What is read anew is stored, unless it is only
    to be looked at (`keeps`).
    """

    reader: Reader
    store: Store
    binning: Binning | None
    keeps: bool = True
    columns: Mapping[str, str] = field(default_factory=dict, init=False)
    scanners: list[Scanner] = field(init=False)
    audit: AuditLog = field(init=False)
    _known: dict[Window, SecuritySummary] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.scanners = scanners_of(self.reader.model)
        self.audit = AuditLog(self.reader.model, self.reader.connection)

    def of(self, window: Window) -> SecuritySummary:
        """What is in a window, read anew."""
        rows = self.reader.rows(self.reader.predictions, window)
        self.columns = rows.log.columns
        found = self._summary(rows, window)
        self._keep(window.utc, found)
        self.reader.release()  # what was read from a database, before the next window is
        return found

    def usual(self, window: Window) -> SecuritySummary | None:
        """What is in the windows that `window` is compared with; None if they have no rows."""
        config = self.reader.model.config
        if self.reader.reference is not None:
            found = [self._given()]
        else:
            most = MOST_HOURS if config.window is Cadence.HOUR else MOST
            found = [self._earlier(at) for at in compared(config, window, most)]
        parts = [part for part in found if part.n_rows]
        return reduce(add, parts) if parts else None

    def _earlier(self, window: Window) -> SecuritySummary:
        kept = self._kept(window.utc)
        return kept if kept is not None and kept.n_rows else self.of(window)

    def _given(self) -> SecuritySummary:
        assert self.reader.reference is not None  # noqa: S101 - there is a file
        kept = self._kept(GIVEN)
        if kept is None:
            kept = self._summary(self.reader.rows(self.reader.reference, None), None)
            self._keep(GIVEN, kept)
        return kept

    def _summary(self, rows: Rows, window: Window | None) -> SecuritySummary:
        occurrences: dict[str, Occurrences] = {}
        config = self.reader.model.config
        roles = roles_of(config, rows.log.columns)
        for column in text_columns(config, rows.log.columns):
            looking = [scanner for scanner in self.scanners if column.role in scanner.reads]
            occurrences |= scan(rows, column, roles, looking)
        if {INPUT, OUTPUT, END_USER} <= {*roles}:
            occurrences[occurrence_key(CROSSED, roles[OUTPUT])] = crossed(rows, roles)
        occurrences |= guarded(rows, roles) | behaved(rows)
        features = features_of(config, rows.log.columns)
        if limits := self._limits(features[0]):
            counts = {str(k): n for k, n in count_outer(rows, limits).items()}
            occurrences[occurrence_key(OUTER, "")] = Occurrences(rows.n_rows, counts)
        largest: dict[str, float] = {}
        if window is not None and (told := self.audit.of(window.utc)) is not None:
            occurrences, largest["keys_listed"] = occurrences | told[0], told[1]
        if window is not None:  # a given file is no window, and has no largest of one
            score = config.predictions.columns.prediction_score
            largest |= extremes(rows, window, roles, features, score)
            by_source, worst = of_labels(self.reader, window)
            largest, occurrences = largest | by_source, occurrences | worst
            largest |= self._new(rows, window, roles)
        return SecuritySummary(
            rows.n_rows, occurrences, {name: (value,) for name, value in largest.items()}
        )

    def _new(self, rows: Rows, window: Window, roles: Mapping[str, str]) -> dict[str, float]:
        """Callers, and places that tools sent to, that the thirty windows before did not have."""
        config, opened = self.reader.model.config, self.reader.predictions
        if config.predictions.is_database:
            return {}
        since = previous(window, config.window, config.zone, EARLIER).utc.start
        if not isinstance(opened, OpenedLlm):
            return newcomers(rows, window, roles, since)
        every = replace(rows, log=opened.calls_since(rows.log, since, window.utc.end))
        found = newcomers(every, window, roles, since)
        new = opened.new_places(window, since) if opened.is_task else None
        return found | ({"new_places": new} if new is not None else {})

    def _limits(self, numeric: Sequence[str]) -> dict[str, tuple[float, float]]:
        """Outermost edges of the frozen bins of numeric features."""
        columns = self.binning.columns if self.binning is not None else {}
        edges = {name: columns[name].edges for name in numeric if name in columns}
        return {name: (found[0], found[-1]) for name, found in edges.items() if found}

    # --- the store ----------------------------------------------------------------------------

    def _kept(self, window: Window) -> SecuritySummary | None:
        if window not in self._known:
            with self.store.read() as connection:
                found = get(connection, self._key(window))
            if not isinstance(found, SecuritySummary):
                return None
            self._known[window] = found
        return self._known[window]

    def _keep(self, window: Window, summary: SecuritySummary) -> None:
        self.reader.check_unchanged()
        self._known[window] = summary
        if not self.keeps:
            return
        with self.store.write() as connection:
            put(connection, self._key(window), summary, summary.n_rows)

    def _key(self, window: Window) -> SummaryKey:
        config, reference = self.reader.model.config, self.reader.reference
        text = config.summary_fingerprint + DETECTORS + scanned(config)
        text += self.binning.fingerprint if self.binning is not None else ""
        text += reference.version if reference is not None and window == GIVEN else ""
        return SummaryKey(
            model=config.name,
            kind=KIND,
            window=window,
            fingerprint=hashlib.sha256(text.encode()).hexdigest()[:16],
        )


def scanned(config: ModelConfig) -> str:
    """What of the configuration a summary depends on; limits are applied to it later."""
    return config.security.model_dump_json(
        include={"columns", "texts", "canaries", "hosts", "system_prompt", "audit", "tools"}
    )


def roles_of(config: ModelConfig, columns: Mapping[str, str]) -> dict[str, str]:
    """Columns of the log by their role: as configured, or named like it."""
    configured = config.security.columns
    found = {}
    for role in type(configured).model_fields:
        chosen = getattr(configured, role)
        names = [chosen] if chosen else [role, *ALIASES.get(role, ())]
        if known := [name for name in names if name in columns]:
            found[role] = known[0]
    return found


def features_of(
    config: ModelConfig, columns: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Numeric features, if there are enough of them to tell rows apart, and all features."""
    roles = {name for role, name in roles_of(config, columns).items() if role not in TEXTS}
    chosen = config.features.include or tuple(columns)
    left = {*roles, *_taken(config), *config.features.exclude}
    every = tuple(n for n in chosen if n in columns and n not in left)
    numeric = tuple(n for n in every if family(columns[n]) in {"integer", "float"})
    return (numeric if len(numeric) >= MIN_NUMERIC else ()), every


def text_columns(config: ModelConfig, columns: Mapping[str, str]) -> tuple[TextColumn, ...]:
    """Columns of texts and what they are: named by their role, or in `texts`, or all others."""
    roles = roles_of(config, columns)
    found = [TextColumn(roles[role], role) for role in (INPUT, OUTPUT, CONTEXT) if role in roles]
    names = config.security.texts
    if names is None:
        taken = {*roles.values(), *_taken(config)}
        # ids, hashes and words of ours; a table may have texts beside
        taken |= WORDS if config.predictions.is_llm else set()
        names = tuple(n for n, dtype in columns.items() if n not in taken and dtype == "VARCHAR")
    if config.predictions.is_llm and FINDINGS in columns:
        found.append(TextColumn(FINDINGS, TEXT))
    return (*found, *(TextColumn(name, TEXT) for name in names if name in columns))


def _taken(config: ModelConfig) -> set[str | None]:
    """Columns that play a role of the model's own, and are no texts by themselves."""
    columns, labels = config.predictions.columns, config.labels
    taken = {columns.id, columns.timestamp, columns.prediction, columns.prediction_score}
    taken |= {columns.model_version, *columns.prediction_proba.values()}
    return taken | ({labels.columns.label, labels.columns.available_at} if labels else set())


def scanners_of(model: Model) -> list[Scanner]:
    """Those that every model has, and those that need something of this one's configuration."""
    security = model.config.security
    found = [*SCANNERS.values(), unsafe_output(security.hosts)]
    if security.canaries:
        found.append(canaries(security.canaries))
    if security.system_prompt is not None:
        found.append(prompt_leak(read_text(model.folder / security.system_prompt)))
    return found


def read_text(path: Path) -> str:
    """A text that the configuration names; raises a `ConfigError`."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise ConfigError(f"`security.system_prompt`: '{path}' cannot be read: {why}.") from error


def scan(
    rows: Rows, column: TextColumn, roles: Mapping[str, str], looking: Sequence[Scanner]
) -> dict[str, Occurrences]:
    """Count the texts of a column with a hit, by scanner and kind of hit."""
    if column.name == FINDINGS:
        return found_in_answers(rows, looking)
    if not looking or family(rows.log.columns[column.name]) != "text":
        return {}
    beside = [roles[INPUT]] if column.role == OUTPUT and INPUT in roles else []
    hint = "|".join(f"(?:{scanner.hint})" for scanner in looking)
    counts: dict[str, dict[str, int]] = {scanner.name: defaultdict(int) for scanner in looking}
    n = count_texts(rows, column.name)
    for text, others, count in candidates(rows, column.name, hint, beside):
        for scanner in looking:
            for kind in _kinds(scanner, text, others):
                counts[scanner.name][kind] += count
    return {
        occurrence_key(scanner, column.name): Occurrences(n, dict(sorted(found.items())))
        for scanner, found in counts.items()
    }


def found_in_answers(rows: Rows, looking: Sequence[Scanner]) -> dict[str, Occurrences]:
    """What a reader of raw logs found in answers while it had them, by scanner."""
    names = {scanner.name for scanner in looking} & {*SCANNED}
    counts: dict[str, dict[str, int]] = {name: defaultdict(int) for name in names}
    n = count_texts(rows, FINDINGS)
    for text, _, count in candidates(rows, FINDINGS, "."):
        for word in text.split():
            name, _, kind = word.partition(".")
            if name in counts:
                counts[name][kind] += count
    return {
        occurrence_key(name, FINDINGS): Occurrences(n, dict(sorted(found.items())))
        for name, found in counts.items()
    }


def _kinds(scanner: Scanner, text: str, others: tuple[str | None, ...]) -> set[str]:
    hits = set(scanner.scan(text))
    if hits and scanner.is_news:
        hits -= {hit for other in others if other for hit in scanner.scan(other)}
    return {hit.kind for hit in hits}
