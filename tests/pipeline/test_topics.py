"""Topics of prompts, from raw logs to what a person reads."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from monitoring_pipelines.pipeline.signals import TERMS
from monitoring_pipelines.pipeline.topics import rising_terms
from monitoring_pipelines.summaries.activity import Activity
from monitoring_pipelines.summaries.selection import Selection
from monitoring_pipelines.summaries.table import TableSummary
from tests.llm_logs import spend, write
from tests.pipeline.lab import Lab
from tests.pipeline.test_llm_source import app

if TYPE_CHECKING:
    from pathlib import Path

DAY = timedelta(days=1)
OLD = ["refund", "order", "parcel", "late", "address", "change", "invoice", "account"]
NEW = ["outage", "login", "screen", "frozen"]


def prompts(tmp_path: Path, day: int, new: float, n: int = 600) -> None:
    """A day of prompts of three words, of which some are about something new."""
    rng = np.random.default_rng([7, day])
    records = []
    for number in range(n):
        chosen = rng.choice(NEW if rng.uniform() < new else OLD, 3, replace=False)
        text = f"{' '.join(chosen)} 4111-1111-1111-1111 jane@example.com"
        said = {"messages": [{"role": "user", "content": text}], "end_user": f"u{number}"}
        records.append(
            spend(day * 10_000 + number, day * DAY + number * timedelta(minutes=2), **said)
        )
    write(tmp_path / "logs" / f"{day}.jsonl", records)


def test_a_new_subject_drifts_and_its_words_are_said(tmp_path: Path) -> None:
    for day, new in ((0, 0.0), (1, 0.0), (2, 0.3)):
        prompts(tmp_path, day, new)
    here = Lab(tmp_path, app("llm"))
    here.at_once(here.day(1), here.day(2))
    found = [r for r in here.results(segment="") if r.column == "topic"]
    by_day = [{r.metric: r for r in found if r.window == here.day(n).utc} for n in (1, 2)]
    assert {r.verdict.value for r in by_day[0].values()} <= {"ok", "unknown"}
    assert by_day[0]["jensen_shannon"].n == 600
    told = by_day[1]["jensen_shannon"]
    assert told.verdict.value == "warn"
    assert "more people write: " in told.reason
    # 30 % of 600 texts have three of four words: each word has a share of 0.225, and of 0 before
    assert {word for word in NEW if f"{word} 2" in told.reason} == {*NEW}
    assert not {word for word in OLD if word in told.reason}
    assert "4111" not in told.reason
    assert "jane" not in told.reason


def test_a_log_without_prompts_tells_nothing_of_topics(tmp_path: Path) -> None:
    for day in (0, 1):
        write(tmp_path / "logs" / f"{day}.jsonl", [spend(day, day * DAY)])
    here = Lab(tmp_path, app("llm"))
    here.at_once(here.day(1))
    assert not [r for r in here.results(segment="") if r.column == "topic"]


def test_a_user_counts_one_text_a_day(tmp_path: Path) -> None:
    said = {"messages": [{"role": "user", "content": "refund please"}]}
    for day in (0, 1):
        records = [
            spend(day * 100 + n, day * DAY + n * timedelta(hours=1), end_user=f"u{n % 3}", **said)
            for n in range(12)
        ]
        write(tmp_path / "logs" / f"{day}.jsonl", records)
    here = Lab(tmp_path, app("llm"))
    here.at_once(here.day(1))
    assert {r.n for r in here.results(metric="jensen_shannon") if r.column == "topic"} == {3}


def table(n: int, **words: int) -> TableSummary:
    shares = {"": Selection(n, 0), **{word: Selection(0, hits) for word, hits in words.items()}}
    return TableSummary(n, 0, {}, (n,), activity={"": Activity(n, shares={TERMS: shares})})


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        (table(1000, outage=200, order=300), table(9000, outage=90, order=2700), ["outage"]),
        (table(1000, outage=9), table(9000), []),  # fewer than ten users
        (table(1000, outage=25), table(1000, outage=4), []),  # two points, but not beyond chance
        (table(10_000, outage=150), table(10_000, outage=0), []),  # beyond chance, and small
        (table(0), table(9000, outage=1), []),
        (table(1000, outage=200), TableSummary(0, 0, {}, (0,)), []),
    ],
)
def test_a_word_rises_if_many_have_it_and_more_than_chance(
    now: TableSummary, before: TableSummary, told: list[str]
) -> None:
    assert [word for word, _, _ in rising_terms(now, before)] == told
