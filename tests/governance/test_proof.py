"""Rows are proved by their text, which both databases give back."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitoring_pipelines.governance.proof import instant, row_hash, row_text, rows_hash


@pytest.mark.parametrize("value", [0.1, 1e-308, 5e-324, 1.7976931348623157e308, 1 / 3, 1e16, -2.5])
def test_a_fraction_reads_back_as_the_same_double(value: float) -> None:
    assert float(json.loads(row_text({"value": value}))["value"]) == value


def test_a_row_has_one_text_whatever_the_order_of_columns_and_the_zone() -> None:
    berlin = datetime(2026, 3, 29, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    utc = datetime(2026, 3, 29, 10, tzinfo=UTC)
    assert row_text({"a": 1, "at": berlin}) == row_text({"at": utc, "a": 1})
    assert instant(berlin) == "2026-03-29T10:00:00.000000Z"


def test_a_row_is_proved_by_itself_and_the_hashes_of_the_others() -> None:
    hashes = [row_hash(row_text({"n": n})) for n in range(3)]
    assert hashes[0] == hashlib.sha256(b'{"n":0}').hexdigest()
    assert rows_hash(hashes) == hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()
    assert rows_hash(reversed(hashes)) == rows_hash(hashes)
    assert rows_hash(hashes[:2]) != rows_hash(hashes)
    assert rows_hash([]) == hashlib.sha256(b"").hexdigest()
