"""Rows as Parquet files, batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import parquet

from monitoring_pipelines.logs.llm.records import Call, ToolCall
from monitoring_pipelines.logs.llm.spool import BATCH, TABLES, Quarantined, Spool, schema

if TYPE_CHECKING:
    from pathlib import Path


def test_every_table_is_there_even_if_empty(tmp_path: Path) -> None:
    with Spool(tmp_path / "new" / "folder"):
        pass
    for kind, name in TABLES.items():
        table = parquet.read_table(tmp_path / "new" / "folder" / f"{name}.parquet")
        assert (table.num_rows, table.schema) == (0, schema(kind))


def test_more_rows_than_a_batch_keep_their_order_and_values(tmp_path: Path) -> None:
    n = 2 * BATCH + 1
    with Spool(tmp_path) as spool:
        spool.add(Call(str(number), number, input_tokens=number) for number in range(n))
        spool.add([ToolCall("1", None, "f", ok=True), Quarantined("a", 5, "no JSON")])
    file = parquet.ParquetFile(tmp_path / "llm_calls.parquet")
    assert file.num_row_groups == 3
    assert file.read().column("input_tokens").to_pylist() == list(range(n))
    assert file.read().column("timestamp").type == pa.timestamp("us", tz="UTC")
    (row,) = parquet.read_table(tmp_path / "quarantine.parquet").to_pylist()
    assert row == {"source_file": "a", "source_offset": 5, "reason": "no JSON", "format": None}
    assert parquet.read_table(tmp_path / "tool_calls.parquet").to_pylist()[0]["ok"] is True


def test_no_answer_is_written_only_kinds_of_what_it_holds(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        spool.add([Call("1", 1, answer_text="write to ana@bank.org"), Call("2", 2)])
    table = parquet.read_table(tmp_path / "llm_calls.parquet")
    assert table.column("output_findings").to_pylist() == ["personal_data.email", None]
    assert "answer_text" not in table.column_names
    assert b"ana@" not in (tmp_path / "llm_calls.parquet").read_bytes()
