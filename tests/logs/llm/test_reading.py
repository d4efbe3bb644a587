"""Files of records: lines, documents, tables; what is broken is set aside and counted."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import Table, parquet

from monitoring_pipelines.errors import RecordError, SourceUnreadableError
from monitoring_pipelines.logs.files import find_files
from monitoring_pipelines.logs.llm import FORMATS, pieces
from monitoring_pipelines.logs.llm.reading import (
    RecordReader,
    Report,
    is_log_of_calls,
    read_jobs,
)
from monitoring_pipelines.logs.llm.workers import read_files
from tests.llm_records import HASHES, recorded
from tests.logs.llm.test_azure import diagnostic
from tests.logs.llm.test_bedrock_invocation import entry
from tests.logs.llm.test_litellm import spend
from tests.logs.llm.test_openai_chat import completion
from tests.logs.llm.test_openai_responses import response
from tests.logs.llm.test_otlp import otlp, span

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path, pattern: str = "*") -> tuple[Report, dict[str, list[dict[str, Any]]]]:
    files = find_files(str(path / pattern), path)
    report = read_files(files, path / "out", HASHES)
    tables = ("llm_calls", "tool_calls", "quarantine", "events")
    return report, {
        name: parquet.read_table(path / "out" / f"{name}.parquet").to_pylist() for name in tables
    }


def lines(*records: Any) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def test_records_of_several_formats_in_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(completion(), entry(), diagnostic(), otlp(span())))
    report, tables = read(tmp_path)
    assert report.formats == {
        "openai_chat": 1,
        "bedrock_invocation": 1,
        "azure": 1,
        "otlp": 1,
    }
    assert (report.records, report.quarantined) == (4, 0)
    assert [row["format"] for row in tables["llm_calls"]] == [
        "openai_chat",
        "bedrock_invocation",
        "azure",
        "otlp",
    ]


def test_answers_are_judged_and_every_job_has_its_own_schemas(tmp_path: Path) -> None:
    # each schema is larger than half of what one job may have
    asked = [{"type": "json_schema", "schema": {"enum": [n, "x" * 300_000]}} for n in range(2)]
    for n in range(2):
        message = {"type": "message", "content": [{"type": "output_text", "text": f"{n}"}]}
        one = response(message, id=str(n), text={"format": asked[n]})
        (tmp_path / f"{n}.jsonl").write_bytes(lines(one))
    files = find_files(str(tmp_path / "*.jsonl"), tmp_path)
    pieces_of = pieces.wholes(files)
    told = {}
    for name, jobs in {"one": [pieces_of], "two": [[piece] for piece in pieces_of]}.items():
        read_jobs(files.location, jobs, tmp_path / name, HASHES)
        table = parquet.read_table(tmp_path / name / "llm_calls.parquet")
        told[name] = table.select(["output_valid", "notes"]).to_pylist()
    valid = {"output_valid": True, "notes": None}
    assert told["two"] == [valid, valid]
    assert told["one"] == [valid, {"output_valid": None, "notes": "schema_not_checked"}]


def test_what_is_broken_is_set_aside_with_file_and_offset(tmp_path: Path) -> None:
    good = lines(completion())
    bad = b'{"id": "chatcmpl-2", "obj\n'
    unknown = lines({"hello": "4111-1111-1111-1111"})
    shape = lines(completion(choices=[{"message": {"tool_calls": [7]}}], usage=3))
    wrong = lines({**diagnostic(), "category": "New"})
    (tmp_path / "a.jsonl").write_bytes(good + bad + unknown + b"\n" + shape + wrong + b"3\n" + good)
    report, tables = read(tmp_path)
    path = str(tmp_path / "a.jsonl")
    offset = len(good)
    after = offset + len(bad) + len(unknown) + 1 + len(shape)
    assert [tuple(row.values()) for row in tables["quarantine"]] == [
        (path, offset, "no JSON", None),
        (path, offset + len(bad), "no known format", None),
        (path, after, "an Azure diagnostic record of an unknown category", None),
        (path, after + len(wrong), "a JSON value that is no object", None),
    ]
    assert (report.records, report.quarantined) == (7, 4)
    assert len(tables["llm_calls"]) == 3
    assert "4111" not in str(tables)


def test_a_known_format_with_fields_of_another_type_is_set_aside(tmp_path: Path) -> None:
    batch = {"custom_id": "1", "response": None, "error": None, "id": ["x"]}
    (tmp_path / "a.jsonl").write_bytes(lines(batch, {**entry(), "input": 5, "output": "x"}))
    report, _ = read(tmp_path)
    assert report.records == 2


def test_python_s_own_nan_is_read(tmp_path: Path) -> None:
    text = json.dumps({**entry(), "cost": float("nan")}).encode()
    (tmp_path / "a.jsonl").write_bytes(text)
    assert read(tmp_path)[0].quarantined == 0


def test_gzip_and_partitions(tmp_path: Path) -> None:
    for day in ("01", "02"):
        folder = tmp_path / "logs" / f"day={day}"
        folder.mkdir(parents=True)
        (folder / "a.json.gz").write_bytes(gzip.compress(lines(entry(), entry())))
    files = find_files(str(tmp_path / "logs"), tmp_path)
    assert read_files(files, tmp_path / "out", HASHES).records == 4


def test_an_object_store(tmp_path: Path) -> None:
    store = MemoryFileSystem()
    store.pipe("/bucket/llm/a.jsonl", lines(entry()))
    store.pipe("/bucket/llm/b.jsonl.gz", gzip.compress(lines(entry(), completion())))
    try:
        files = find_files("memory://bucket/llm/*", tmp_path)
        report = read_files(files, tmp_path / "out", HASHES)
    finally:
        store.rm("/bucket", recursive=True)
    assert report.formats == {"bedrock_invocation": 2, "openai_chat": 1}


def test_damaged_gzip_is_told(tmp_path: Path) -> None:
    data = gzip.compress(lines(*[entry()] * 500))
    (tmp_path / "a.jsonl.gz").write_bytes(data[: len(data) // 2])
    with pytest.raises(SourceUnreadableError, match="damaged"):
        read(tmp_path)


@pytest.mark.parametrize("indent", [None, 2])
def test_a_document_and_a_list_over_one_line_or_many(tmp_path: Path, indent: int | None) -> None:
    (tmp_path / "a.json").write_text(json.dumps(otlp(span(), span()), indent=indent))
    (tmp_path / "b.json").write_text(json.dumps([completion(), completion()], indent=indent))
    report, tables = read(tmp_path)
    assert (report.formats["otlp"], report.formats["openai_chat"]) == (1, 2)
    assert len(tables["llm_calls"]) == 4
    assert report.bytes == sum(path.stat().st_size for path in tmp_path.glob("*.json"))


def test_a_first_line_that_is_cut_off_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"id": "cut\n' + lines(completion(), completion()))
    report, _ = read(tmp_path)
    assert (report.records, report.quarantined) == (3, 1)


def test_a_line_beyond_the_limit_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "LONGEST_LINE", 2000)
    long = lines(completion(note="x" * 3000))
    (tmp_path / "a.jsonl").write_bytes(lines(completion()) + long + lines(completion()))
    report, tables = read(tmp_path)
    # what is read of it in two pieces is no JSON
    assert (report.formats["openai_chat"], report.quarantined) == (2, 2)
    assert {row["reason"] for row in tables["quarantine"]} == {"no JSON"}


def test_a_document_beyond_the_limit_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "LONGEST_DOCUMENT", 100)
    (tmp_path / "a.json").write_text(json.dumps(otlp(span()), indent=2))
    with pytest.raises(SourceUnreadableError, match="Write one record per line"):
        read(tmp_path)


def test_a_gateways_table(tmp_path: Path) -> None:
    rows = [spend(), {**spend(), "agent_id": "a"}]
    parquet.write_table(Table.from_pylist(rows), tmp_path / "spend.parquet")
    report, tables = read(tmp_path)
    assert report.formats == {"litellm": 2}
    assert [row["source_offset"] for row in tables["llm_calls"]] == [0, 1]


def test_a_call_without_an_id_gets_one_that_stays(tmp_path: Path) -> None:
    record = completion()
    del record["id"]
    (tmp_path / "a.jsonl").write_bytes(lines(record, record))
    first, again = (read(tmp_path, "*.jsonl")[1]["llm_calls"] for _ in range(2))
    ids = [row["id"] for row in first]
    assert len(set(ids)) == 2
    assert ids == [row["id"] for row in again]


def test_known_records_that_tell_of_no_call_are_counted_apart(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines({**diagnostic(), "category": "Trace"}))
    report, _ = read(tmp_path)
    assert (report.quiet, report.quarantined) == (1, 0)


def test_every_recorded_record_is_of_one_format_only() -> None:
    for path in recorded():
        text = path.read_text(encoding="utf-8")
        try:
            records = [json.loads(text)]
        except ValueError:
            records = [json.loads(line) for line in text.splitlines()]
        for record in records:
            found = [one.name for one in FORMATS.values() if one.recognise(record)]
            assert len(found) == 1, (path.name, found)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
SAMPLES = [completion(), entry(), diagnostic(), spend(), otlp(span())]


@given(st.sampled_from(SAMPLES), st.data())
@settings(max_examples=300, deadline=None)
def test_a_field_of_any_other_kind_never_ends_the_reading(
    record: dict[str, Any], data: Any
) -> None:
    key = data.draw(st.sampled_from(sorted(record)))
    changed = {**record, key: data.draw(JSON)}
    with suppress(RecordError):
        RecordReader(HASHES).read(changed)


@pytest.mark.parametrize(
    ("texts", "known"),
    [
        ([json.dumps(completion())] * 12, True),
        ([json.dumps(completion())] * 19 + ['{"odd": 1}'], True),
        ([json.dumps(completion())] * 8 + ['{"odd": 1}'] * 2, False),
        (['{"score": 0.5, "at": "2026-01-01"}'] * 5, False),
        (["id,score", "1,0.5"], False),
        (["[1, 2]"], False),
    ],
)
def test_a_log_of_calls_is_told_from_others(tmp_path: Path, texts: list[str], known: bool) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(texts))
    assert is_log_of_calls(find_files("a.jsonl", tmp_path, "llm")) is known
