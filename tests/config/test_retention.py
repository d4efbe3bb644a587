"""Records cannot go before what they vouch for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from tests.pipeline.lab import declared


def test_it_is_read_and_changes_no_result() -> None:
    kept = declared(retention={"results": "400d", "records": "3650d"})
    assert kept.retention.results == timedelta(days=400)
    assert kept.fingerprint == declared().fingerprint
    assert kept.summary_fingerprint == declared().summary_fingerprint
    assert declared().retention.results is None


@pytest.mark.parametrize("wrong", [{"records": "9d"}, {"results": "9d", "records": "8d"}])
def test_records_outlive_results(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="cannot go before `results`"):
        declared(retention=wrong)
