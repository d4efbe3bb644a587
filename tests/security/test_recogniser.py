"""Laws of every recogniser, and the measured recall on labelled sentences."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pytest
from pyarrow import parquet

from monitoring_pipelines.security.personal import RECOGNISERS
from monitoring_pipelines.security.recogniser import digits

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.security.recogniser import Recogniser

EXAMPLES = {
    "email": "ana@bank.org",
    "payment_card": "4111 1111 1111 1111",
    "iban": "GB82 WEST 1234 5698 7654 32",
    "us_ssn": "536-90-4399",
    "ip_address": "81.2.69.142",
    "nhs_number": "943 476 5919",
    "phone": "+44 20 7946 0958",
}
NAMES = {
    "email": "EMAIL_ADDRESS", "payment_card": "CREDIT_CARD", "iban": "IBAN_CODE",
    "us_ssn": "US_SSN", "ip_address": "IP_ADDRESS", "phone": "PHONE_NUMBER",
}  # fmt: skip
CHECKED = [name for name in RECOGNISERS if RECOGNISERS[name].chance]  # they have a check digit


@pytest.fixture(params=list(RECOGNISERS))
def recogniser(request: pytest.FixtureRequest) -> Recogniser:
    return RECOGNISERS[request.param]


def test_the_hint_is_understood_by_the_engine_and_lets_the_example_pass(
    recogniser: Recogniser,
) -> None:
    text = f"see {EXAMPLES[recogniser.kind]}, please"
    assert re.search(recogniser.hint, text)
    assert duckdb.execute("SELECT regexp_matches(?, ?)", [text, recogniser.hint]).fetchone() == (
        True,
    )


@pytest.mark.parametrize("recogniser", CHECKED, indirect=True)
def test_chance_is_what_random_digits_give(recogniser: Recogniser) -> None:
    rng = np.random.default_rng(7)
    form = {"payment_card": "4{15}", "iban": "DE{20}", "nhs_number": "{3} {3} {4}"}[recogniser.kind]
    n = 4_000

    def drawn() -> str:
        return re.sub(
            r"\{(\d+)\}", lambda m: "".join(map(str, rng.integers(0, 10, int(m[1])))), form
        )

    passed = sum(recogniser.normal(drawn()) is not None for _ in range(n))
    error = (recogniser.chance * (1 - recogniser.chance) / n) ** 0.5
    assert passed / n == pytest.approx(recogniser.chance, abs=4 * error)


def test_digits_are_ascii_ones() -> None:
    assert digits("1\u0662-3") == "13"


@pytest.mark.usefixtures("test_data")
def test_labelled_sentences(test_data: Path) -> None:
    table = parquet.read_table(test_data / "sec_presidio_pii" / "synth_v2.parquet").to_pylist()
    found, total, false = Counter[str](), Counter[str](), 0
    for row in table:
        text, spans = row["full_text"], json.loads(row["spans"])
        hits = [
            (one.kind, match.span())
            for one in RECOGNISERS.values()
            for match in one.pattern.finditer(text)
            if one.normal(match[0]) is not None
        ]
        labelled = [
            (span["entity_type"], (span["start_position"], span["end_position"])) for span in spans
        ]
        for name, place in labelled:
            total[name] += 1
            found[name] += any(NAMES.get(k) == name and overlap(place, at) for k, at in hits)
        false += sum(
            not any(NAMES.get(k) == name and overlap(place, at) for name, place in labelled)
            for k, at in hits
        )
    recall = {name: found[name] / total[name] for name in total}
    assert recall["CREDIT_CARD"] >= 0.92
    assert recall["IBAN_CODE"] >= 0.95
    assert recall["EMAIL_ADDRESS"] == recall["US_SSN"] == recall["IP_ADDRESS"] == 1
    assert false <= 3


def overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]
