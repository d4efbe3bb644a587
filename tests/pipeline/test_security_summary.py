"""Which columns are scanned, and that windows are scanned once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from monitoring_pipelines.pipeline import security_summary
from monitoring_pipelines.pipeline.reading import Reader
from monitoring_pipelines.pipeline.security_summary import (
    FINDINGS,
    SecurityWindows,
    found_in_answers,
    text_columns,
)
from monitoring_pipelines.security.facts import TextColumn
from monitoring_pipelines.security.scanners import SCANNERS
from monitoring_pipelines.summaries.occurrences import Occurrences
from tests.backends.duckdb import test_texts
from tests.pipeline.lab import declared, labels_of, rows

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.pipeline.lab import Lab

LOOKING = [SCANNERS["personal_data"], SCANNERS["secrets"]]
COLUMNS = {
    "id": "BIGINT",
    "at": "TIMESTAMP",
    "score": "DOUBLE",
    "kind": "VARCHAR",
    "text_out": "VARCHAR",
}


def test_a_role_is_played_by_name_and_other_texts_are_just_texts() -> None:
    found = text_columns(declared(), COLUMNS)
    assert found == (TextColumn("text_out", "text_out"), TextColumn("kind", "text"))


def test_a_configured_column_plays_its_role() -> None:
    config = declared(security={"columns": {"text_out": "kind"}, "texts": []})
    assert text_columns(config, COLUMNS) == (TextColumn("kind", "text_out"),)


def test_a_window_of_the_reference_is_scanned_once(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = rows(n_days=4)
    log["note"] = "mail ana@bank.org"
    lab.write(log, labels_of(log, log["at"].max() - log["at"].max()))
    read: list[int] = []
    real = security_summary.scan

    def counting(*arguments: object) -> object:
        read.append(1)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(security_summary, "scan", counting)
    for _ in range(2):
        reader = Reader.open(lab.model)
        usual = SecurityWindows(reader, lab.store, None).usual(lab.day(2))
        reader.close()
    assert usual is not None
    assert usual.n_rows == 80
    assert usual.occurrences["personal_data note"].counts == {"email": 80}
    # two days, two columns of text, once
    assert len(read) == 4


def test_what_a_reader_found_in_answers_is_counted(tmp_path: Path) -> None:
    told = ["personal_data.iban secrets.password", "personal_data.iban", "", "", None]
    found = found_in_answers(test_texts.rows(tmp_path, pd.DataFrame({FINDINGS: told})), LOOKING)
    assert found["personal_data output_findings"] == Occurrences(4, {"iban": 2})
    assert found["secrets output_findings"] == Occurrences(4, {"password": 1})
