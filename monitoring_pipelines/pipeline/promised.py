"""The log, as far as the card of a model promises something of it; read once per window."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scipy.special import bdtrc

from monitoring_pipelines.backends.duckdb.promised import named, reviews, scanned_columns, texts
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.errors import SourceError
from monitoring_pipelines.governance.facts import Kept, LogFacts
from monitoring_pipelines.pipeline.llm_source import WORDS
from monitoring_pipelines.pipeline.reading import Reader
from monitoring_pipelines.pipeline.security_summary import FINDINGS, found_in_answers
from monitoring_pipelines.security.personal import RECOGNISERS
from monitoring_pipelines.security.scanners.personal_data import MISSED, PERSONAL_DATA
from monitoring_pipelines.security.signals.personal_data import by_chance
from monitoring_pipelines.store.promises import oldest_with_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.governance.card import Card, LogKeeping
    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.store.database import Store

# a column of numbers that are no cards is taken for one with this probability at most
BY_CHANCE = 0.00101  # three of three cards are enough
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def asks_of_the_log(card: Card) -> bool:
    """Whether any rule needs more than the stored results."""
    return bool(
        card.log_retention
        or card.oversight
        or card.runs_in
        or card.models
        or card.personal_data is not None
    )


def log_facts(
    model: Model, card: Card, store: Store, windows: Sequence[Window], now: datetime
) -> Mapping[Window, LogFacts]:
    """What the log tells of each window. One that cannot be read is said, and stops nothing."""
    if not asks_of_the_log(card):
        return {window: LogFacts() for window in windows}
    found = {}
    with closing(Reader.open(model)) as reader:
        kept: Kept | None = None
        for window in windows:
            try:
                if card.log_retention is not None and kept is None:
                    kept = _kept(reader, card.log_retention, store, now)
                found[window] = _of_window(reader, card, window, kept)
            except SourceError as error:
                found[window] = LogFacts(problem=f"the log cannot be read: {error}")
            finally:
                reader.release()
    return found


def _of_window(reader: Reader, card: Card, window: Window, kept: Kept | None) -> LogFacts:
    rows = reader.rows(reader.predictions, window)
    columns: dict[str, tuple[str, ...]] = dict(card.runs_in)
    if card.models is not None:
        columns[card.models.column] = card.models.names
    prediction = reader.model.config.predictions.columns.prediction
    return LogFacts(
        kept=kept,
        named={name: named(rows, name, allowed) for name, allowed in columns.items()},
        reviews=reviews(rows, card.oversight, prediction) if card.oversight else None,
        personal=None
        if card.personal_data is None
        else _personal(rows, card.personal_data, is_llm=reader.model.config.predictions.is_llm),
    )


def _kept(reader: Reader, plan: LogKeeping, store: Store, now: datetime) -> Kept:
    with store.read() as connection:
        due = oldest_with_rows(connection, reader.model.name, now - plan.at_least)
    too_old = None
    if plan.at_most is not None:
        too_old = reader.predictions.count(Window(EPOCH, now - plan.at_most))
    n_due = reader.predictions.count(due) if due is not None else None
    return Kept(now, too_old, due, n_due)


def _personal(
    rows: Rows, allowed: Sequence[str], *, is_llm: bool = False
) -> dict[str, dict[str, int]]:
    """Values with the form of personal data, by column and kind.

    Of raw logs of calls the reader looked into the answers; its own hashes and words are no data.
    """
    names = scanned_columns(rows, allowed)
    if not is_llm:
        return {name: _counted(texts(rows, name, PERSONAL_DATA.hint)) for name in names}
    found = {
        name: _counted(texts(rows, name, PERSONAL_DATA.hint)) for name in names if name not in WORDS
    }
    return found | ({FINDINGS: _told(rows)} if FINDINGS in names else {})


def _told(rows: Rows) -> dict[str, int]:
    """What the reader of raw logs found in answers, by kind, as SEC-08 has it."""
    found = found_in_answers(rows, [PERSONAL_DATA])
    (one,) = found.values()
    kinds = {kind.kind: kind for kind in RECOGNISERS.values()}
    return {
        kind: n
        for kind, n in one.counts.items()
        if n and kind in kinds and not by_chance(kinds[kind], one)
    }


def _counted(found: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Rows by kind. A long number is right by chance now and then, so enough of them have to be."""
    rows, right, alike = Counter[str](), Counter[str](), Counter[str]()
    for text, n in found:
        kinds = {hit.kind for hit in PERSONAL_DATA.scan(text)}
        right.update(kind for kind in kinds if not kind.endswith(MISSED))
        alike.update({kind.removesuffix(MISSED) for kind in kinds})
        rows.update(dict.fromkeys(kinds, n))
    return {
        kind: rows[kind]
        for kind, k in right.items()
        if bdtrc(k - 1, alike[kind], RECOGNISERS[kind].chance) < BY_CHANCE
    }
