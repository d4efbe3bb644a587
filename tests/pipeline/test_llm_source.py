"""Raw logs as the predictions of a model: windows, tasks over files, and what cannot be read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.domain.retirement import RETIREMENT
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.errors import MissingColumnError, SourceChangedError, SourceNotFoundError
from monitoring_pipelines.pipeline import llm_source
from monitoring_pipelines.pipeline.llm_source import UNLOGGED, UNREADABLE
from monitoring_pipelines.pipeline.reading import Reader
from monitoring_pipelines.pipeline.security_summary import roles_of, text_columns
from tests.llm_logs import FIRST, model_span, span, spend, tool_span, write
from tests.pipeline.lab import Lab, declared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def app(task: str = "llm", **more: Any) -> Any:
    """A model on raw logs, with one reference day and windows from the second one."""
    return declared(
        name="app",
        task=task,
        labels=None,
        predictions={"location": "logs/*.jsonl", "format": "llm", **more.pop("predictions", {})},
        reference={"start": "2026-01-01", "end": "2026-01-02"},
        **more,
    )


@pytest.fixture
def opened(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Reader]:
    lab = Lab(tmp_path, app(*getattr(request, "param", ())))
    reader = Reader.open(lab.model)
    yield reader
    reader.close()


def day(n: int) -> Window:
    return Window(FIRST + n * DAY, FIRST + (n + 1) * DAY)


def rows(reader: Reader, n: int, columns: str) -> list[Any]:
    found = reader.rows(reader.predictions, day(n))
    return found.log.query(f"SELECT {columns} FROM ({found.statement}) ORDER BY ALL")


def test_each_window_has_its_calls_each_id_once(opened: Reader, tmp_path: Path) -> None:
    write(tmp_path / "logs" / "a.jsonl", [spend(1, HOUR), spend(2, DAY), spend(2, DAY)])
    write(tmp_path / "logs" / "b.jsonl", [spend(3, 2 * DAY - HOUR), spend(4, 2 * DAY)])
    assert rows(opened, 0, "id") == [("r-1",)]
    assert rows(opened, 1, "id, input_tokens") == [("r-2", 100), ("r-3", 100)]
    assert opened.rows(opened.predictions, day(1)).n_duplicates == 1
    assert opened.predictions.count(day(1)) == 3


@pytest.mark.parametrize("opened", [("agent",)], indirect=True)
def test_a_task_over_two_files_and_midnight_is_one(opened: Reader, tmp_path: Path) -> None:
    late, early = DAY - HOUR, DAY + HOUR
    told = {"session.id": "s"}
    write(tmp_path / "logs" / "a.jsonl", [span("t", 1, late, **told), model_span("t", 2, late, 1)])
    write(
        tmp_path / "logs" / "b.jsonl", [tool_span("t", 3, early, 1), model_span("t", 4, early, 1)]
    )
    assert rows(opened, 0, "id, steps, tool_calls, input_tokens") == [("s", 2, 1, 200)]
    assert rows(opened, 1, "id") == []


def test_a_look_later_finds_new_files_and_the_first_keeps_its_own(tmp_path: Path) -> None:
    write(tmp_path / "logs" / "a.jsonl", [spend(1, DAY)])
    lab = Lab(tmp_path, app())
    reader = Reader.open(lab.model)
    assert len(rows(reader, 1, "id")) == 1
    write(tmp_path / "logs" / "b.jsonl", [spend(2, DAY)])
    assert len(rows(reader, 1, "id")) == 1
    reader.check_unchanged()
    write(tmp_path / "logs" / "a.jsonl", [spend(1, DAY), spend(3, DAY)])
    with pytest.raises(SourceChangedError):
        reader.check_unchanged()
    assert len(rows(reader, 1, "id")) == 3
    reader.close()


def test_windows_are_freed_but_for_the_newest(opened: Reader, tmp_path: Path) -> None:
    write(tmp_path / "logs" / "a.jsonl", [spend(n, n * DAY) for n in range(12)])
    for n in range(8):
        rows(opened, n, "id")
        opened.release()
    tables = opened.connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'predictions %'"
    ).fetchall()
    assert tables == [(llm_source.AT_HAND,)]
    assert rows(opened, 0, "id") == [("r-0",)]


def test_rows_without_a_time_and_records_without_a_reader(opened: Reader, tmp_path: Path) -> None:
    undated = spend(9, DAY, startTime=None, endTime=None)
    write(tmp_path / "logs" / "a.jsonl", [spend(1, DAY), undated, {"who": "knows"}, "{broken"])
    write(tmp_path / "logs" / "b.jsonl", [spend(2, 3 * DAY)])
    write(tmp_path / "logs" / "c.jsonl", ["never", "a", "record"])
    assert opened.predictions.undated_rows() == 1
    # the file without any time belongs to no window, so that it counts in each
    told = [opened.predictions.remarks(day(n))[0] for n in (1, 2, 3)]
    assert [(one.metric, one.n) for one in told] == [(UNREADABLE, n) for n in (7, 3, 4)]
    assert [one.value for one in told] == [5 / 7, 1.0, 3 / 4]
    assert told[0].judgement.verdict.value == "fail"


def test_no_record_is_unknown(opened: Reader, tmp_path: Path) -> None:
    write(tmp_path / "logs" / "a.jsonl", [spend(1, DAY)])
    (told,) = opened.predictions.remarks(day(5))
    assert (told.n, told.value, told.judgement.verdict.value) == (0, None, "unknown")


def bucket(begin: timedelta, length: timedelta, tokens: int) -> dict[str, Any]:
    """What OpenAI's export of usage says of some time."""
    start = int((FIRST + begin).timestamp())
    result = {"input_tokens": tokens, "output_tokens": 0, "num_model_requests": 1, "model": "m"}
    end = start + int(length.total_seconds())
    return {"object": "bucket", "start_time": start, "end_time": end, "results": [result]}


@pytest.mark.parametrize(
    ("buckets", "gap"),
    [
        ([bucket(DAY, DAY, 400)], 1 - 240 / 400),
        # exported twice, the second time with what had come late
        ([bucket(DAY, DAY, 200), bucket(DAY, DAY, 240)], 0.0),
        ([bucket(DAY + n * HOUR, HOUR, 20) for n in range(24)], 0.5),
        # half of the day is no day
        ([bucket(DAY + n * HOUR, HOUR, 20) for n in range(12)], None),
        ([bucket(0 * DAY, DAY, 400)], None),
    ],
)
def test_what_the_provider_counted_is_compared_with_the_log(
    opened: Reader, tmp_path: Path, buckets: list[dict[str, Any]], gap: float | None
) -> None:
    # two calls of 120 tokens, and one of another provider
    other = spend(3, DAY, custom_llm_provider="bedrock")
    write(tmp_path / "logs" / "a.jsonl", [spend(1, DAY), spend(2, DAY), other])
    write(tmp_path / "logs" / "usage.jsonl", buckets)
    found = {one.metric: one for one in opened.predictions.remarks(day(1))}
    if gap is None:
        assert UNLOGGED not in found
    else:
        assert found[UNLOGGED].value == pytest.approx(gap)


def test_a_place_without_files_is_told(opened: Reader) -> None:
    with pytest.raises(SourceNotFoundError, match=r"logs/\*\.jsonl"):
        opened.rows(opened.predictions, day(1))


def test_a_segment_that_calls_have_not_is_told(tmp_path: Path) -> None:
    write(tmp_path / "logs" / "a.jsonl", [spend(1, DAY)])
    reader = Reader.open(Lab(tmp_path, app(segments=["teir"])).model)
    with pytest.raises(MissingColumnError, match="Did you mean 'tier'"):
        reader.rows(reader.predictions, day(1))
    reader.close()


def test_a_given_reference_is_a_log_of_the_same_kind(tmp_path: Path) -> None:
    write(tmp_path / "logs" / "a.jsonl", [spend(1, DAY)])
    write(tmp_path / "before" / "a.jsonl", [spend(n, -n * DAY) for n in range(5)])
    config = app().model_copy(
        update={
            "reference": declared(
                reference={"location": "before/*.jsonl"}, start="2026-01-02"
            ).reference
        }
    )
    reader = Reader.open(Lab(tmp_path, config).model)
    assert reader.reference is not None
    assert reader.rows(reader.reference, None).n_rows == 5
    reader.close()


def test_no_column_that_readers_write_is_a_text_to_be_scanned(tmp_path: Path) -> None:
    write(tmp_path / "logs" / "a.jsonl", [spend(1, DAY)])
    for task in ("llm", "agent"):
        reader = Reader.open(Lab(tmp_path, app(task)).model)
        log = reader.predictions.log(day(1))
        found = {column.name for column in text_columns(app(task), {**log.columns, "q": "VARCHAR"})}
        # kinds that a reader found in answers are counted, and not scanned
        assert found - {"q", "output_findings"} <= set(roles_of(app(task), log.columns).values())
        assert "q" in found
        reader.close()


def retrieval(trace: str, number: int, at: timedelta, *ids: str, parent: int = 1) -> Any:
    told = {f"retrieval.documents.{n}.document.id": one for n, one in enumerate(ids)}
    told |= {f"retrieval.documents.{n}.document.score": 0.5 + n / 4 for n in range(len(ids))}
    told |= {"openinference.span.kind": "RETRIEVER", "output.value": "[]"}
    return span(trace, number, at, parent, **told)


def test_what_was_retrieved_is_told_of_the_answer(opened: Reader, tmp_path: Path) -> None:
    at = DAY + HOUR
    later = timedelta(minutes=1)
    records = [
        # an outer and an inner search, the model asked twice: the last call is the answer
        span("t1", 1, at),
        retrieval("t1", 2, at, "a", "b"),
        retrieval("t1", 3, at, "a", "b", "c", "d", parent=2),
        model_span("t1", 4, at, 1),
        model_span("t1", 5, at + later, 1),
        # found nothing; did not search; searched and has no answer
        retrieval("t2", 6, at),
        model_span("t2", 7, at + later, 1),
        model_span("t3", 8, at, 1),
        retrieval("t4", 9, at, "a"),
    ]
    write(tmp_path / "logs" / "a.jsonl", records)
    columns = "trace_id, operation, documents, retrieval, has_documents, retrieval_score"
    assert rows(opened, 1, columns) == [
        ("t1", "chat", 2, "found", True, 0.75),
        ("t1", "chat", None, None, None, None),
        ("t2", "chat", 0, "empty", False, None),
        ("t3", "chat", None, None, False, None),
        ("t4", "retrieval", 1, "found", True, 0.5),
    ]
    told = rows(opened, 1, "list_sort(list_transform(document_counts, lambda one: one.name))")
    assert sorted(filter(None, (row[0] for row in told))) == [["", "a"], ["", "a", "b"]]


def test_scores_are_told_of_the_answer_once_for_each_trace(opened: Reader, tmp_path: Path) -> None:
    def scored(trace: str, number: int, **scores: float) -> Any:
        record = model_span(trace, number, DAY + HOUR)
        record["events"] = [
            {"attributes": {"gen_ai.evaluation.name": name, "gen_ai.evaluation.score.value": x}}
            for name, x in scores.items()
        ]
        return record

    records = [
        # two opinions of one trace are one; the same file twice adds none
        scored("a1", 1, good=0.5, kind=1),
        scored("a1", 2, good=1.0),
        scored("a2", 3),
    ]
    write(tmp_path / "logs" / "a.jsonl", records)
    write(tmp_path / "logs" / "b.jsonl", records[:1])
    told = rows(opened, 1, "trace_id, score_values, score_counts")
    answers = {trace: (values, counts) for trace, values, counts in told if counts}
    assert answers["a1"][0] == [{"name": "good", "x": 0.75}, {"name": "kind", "x": 1.0}]
    every = {"name": "", "n": 1, "hits": 0}
    named = [{"name": name, "n": 0, "hits": 1} for name in ("good", "kind")]
    assert answers["a1"][1] == [every, *named]
    assert answers["a2"] == (None, [every])


def test_models_that_end_are_told_by_name(opened: Reader, tmp_path: Path) -> None:
    # the table of litellm says 2026-10-23 of o1, and nothing of a deployment called `mine`
    named = ["o1-2024-12-17", "mine", "gpt-4o-2024-08-06"]
    records = [spend(n, DAY + n * HOUR, model=model) for n, model in enumerate(named)]
    write(tmp_path / "logs" / "a.jsonl", records)
    told = {r.column: r for r in opened.predictions.remarks(day(1)) if r.metric == RETIREMENT}
    assert {name: (one.judgement.verdict.value, one.value) for name, one in told.items()} == {
        # the window ends on 3 January 2026
        "o1-2024-12-17": ("ok", 293),
        "mine": ("unknown", None),
        "gpt-4o-2024-08-06": ("ok", 376),
    }
    assert "not in the table" in told["mine"].judgement.reason


def delegated(trace: str, at: timedelta, agents: int) -> list[dict[str, Any]]:
    """A task in which `agents` agents call one another, the last of them a model."""
    spans = [
        span(trace, depth, at, depth - 1 or None, **{"gen_ai.agent.name": f"a{depth}"})
        for depth in range(1, agents + 1)
    ]
    return [*spans, model_span(trace, 99, at, agents)]


def delegations(tmp_path: Path, *deep: int) -> None:
    """Days of 200 tasks, of which so many have four agents one below another, the others three."""
    for number, n in enumerate(deep):
        records = []
        for task in range(200):
            at = number * DAY + task * timedelta(minutes=5)
            records += delegated(f"{number}-{task}", at, 4 if task < n else 3)
        write(tmp_path / "logs" / f"{number}.jsonl", records)


def test_one_task_that_is_too_deep_is_beyond_a_limit_of_none(tmp_path: Path) -> None:
    delegations(tmp_path, 0, 1)
    here = Lab(tmp_path, app("agent", signals={"limits": {"deep_delegation_rate": 0}}))
    here.at_once(here.day(1))
    result = here.one(here.day(1), "deep_delegation_rate")
    assert (result.verdict.value, result.value) == ("fail", 1 / 200)


def test_agents_that_call_one_another_too_deep_are_told(tmp_path: Path) -> None:
    delegations(tmp_path, 0, 0, 40)
    here = Lab(tmp_path, app("agent"))
    here.at_once(here.day(1), here.day(2))
    told = {
        metric: [(r.verdict.value, r.value) for r in here.results(metric=metric, segment="")]
        for metric in ("deep_delegation_rate", "fan_out_p95")
    }
    assert told["deep_delegation_rate"] == [("ok", 0.0), ("warn", 40 / 200)]
    # each agent called one other, before and after
    assert told["fan_out_p95"] == [("ok", 1.0), ("ok", 1.0)]


def trajectory(task: int, steps: int) -> dict[str, Any]:
    """A run of tau-bench's form, which tells no time: as many calls of a tool, and an answer."""
    function = {"name": "look", "arguments": "{}"}
    asked = {"role": "assistant", "tool_calls": [{"id": "c", "function": function}]}
    told = [*([asked] * steps), {"role": "assistant", "content": "done"}]
    return {"task_id": task, "trial": 0, "reward": 1.0, "traj": told}


DATED_BY = {"location": "runs/*/*.jsonl", "path_date": "day=%Y-%m-%d"}


def test_runs_without_a_time_are_of_the_day_of_their_folder(tmp_path: Path) -> None:
    # the same two tasks every day; of the first day also a run of another model
    for number in range(3):
        folder = tmp_path / "runs" / f"day=2026-01-0{number + 1}"
        write(folder / "a.jsonl", [trajectory(1, 1 + number), trajectory(2, 5)])
    write(tmp_path / "runs" / "day=2026-01-01" / "b.jsonl", [trajectory(1, 4)])
    write(tmp_path / "runs" / "other" / "c.jsonl", [trajectory(3, 1)])
    reader = Reader.open(Lab(tmp_path, app("agent", predictions=DATED_BY)).model)
    try:
        told = "split_part(id, ':', 1), steps, last_finish, duration_ms, \"timestamp\"::VARCHAR"
        at = "2026-01-0{0} 00:00:00+00"
        steps = [(1, 2), (1, 5), (2, 6)], [(1, 3), (2, 6)], [(1, 4), (2, 6)]
        for number, runs in enumerate(steps):
            day_ = f"2026-01-0{number + 1}"
            # how long a run took the log does not tell
            assert rows(reader, number, told) == [
                (f"{day_}/{task}", n, "stop", None, at.format(number + 1)) for task, n in runs
            ]
        # two calls of the run whose folder names no day
        assert reader.predictions.undated_rows() == 2
    finally:
        reader.close()


def test_a_time_that_a_record_tells_counts_and_not_its_folder(tmp_path: Path) -> None:
    write(tmp_path / "runs" / "day=2026-01-01" / "a.jsonl", [spend(1, DAY + HOUR)])
    reader = Reader.open(Lab(tmp_path, app(predictions=DATED_BY)).model)
    try:
        assert rows(reader, 0, "id") == []
        assert rows(reader, 1, "id, notes") == [("r-1", None)]
    finally:
        reader.close()


def test_the_day_begins_in_the_zone_of_the_log(tmp_path: Path) -> None:
    write(tmp_path / "runs" / "day=2026-01-02" / "a.jsonl", [trajectory(1, 0)])
    there = {**DATED_BY, "timezone": "Europe/Berlin"}
    reader = Reader.open(Lab(tmp_path, app("agent", predictions=there)).model)
    try:
        # an hour before midnight in UTC, in which the windows are
        assert rows(reader, 0, '"timestamp"::VARCHAR') == [("2026-01-01 23:00:00+00",)]
        assert rows(reader, 1, "id") == []
    finally:
        reader.close()


def test_annotations_of_phoenix_are_scores_of_what_their_spans_answered(tmp_path: Path) -> None:
    def given(number: int, score: float, id_: str) -> dict[str, Any]:
        told = {"id": id_, "name": "correct", "annotator_kind": "LLM", "result": {"score": score}}
        return {**told, "span_id": f"{number:016x}", "updated_at": "2026-02-01T00:00:00Z"}

    calls = [model_span(f"{n:032x}", n, (n % 2) * DAY) for n in range(1, 5)]
    write(tmp_path / "logs" / "a.jsonl", calls)
    # exported a month later, in a file of its own
    page = {"data": [given(1, 0.25, "x"), given(3, 1.0, "y")], "next_cursor": None}
    write(tmp_path / "logs" / "b.jsonl", [page])
    reader = Reader.open(Lab(tmp_path, app()).model)
    try:
        told = "score_values[1].x, judge_counts[2].name, len(score_counts)"
        assert rows(reader, 0, told) == [(None, None, 1), (None, None, 1)]
        assert rows(reader, 1, told) == [(0.25, "correct: LLM", 2), (1.0, "correct: LLM", 2)]
    finally:
        reader.close()
