"""Kinds, however an answer is nested, and nothing of what was found."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring_pipelines.logs.llm.findings import findings
from monitoring_pipelines.logs.llm.hashes import Hashes
from monitoring_pipelines.logs.llm.openai_chat import read
from tests.security.planted import planted

IBAN = "GB82 WEST 1234 5698 7654 32"


@pytest.mark.parametrize(
    "answer",
    [IBAN, [IBAN], {"content": [{"type": "text", "text": f"it is {IBAN}"}]}],
    ids=["text", "parts", "nested"],
)
def test_however_it_is_nested(answer: Any) -> None:
    assert findings(answer) == "personal_data.iban"


def test_kinds_of_both_scanners() -> None:
    text = f"{planted()['github_token']}, ask ana@bank.org"
    assert findings(text) == "personal_data.email secrets.github_token"
    assert findings("You have two options.") == findings(None) == findings([]) == ""


def test_a_structure_without_end_ends() -> None:
    deep: Any = IBAN
    for _ in range(50):
        deep = [deep]
    assert findings(deep) == ""


def test_a_reader_tells_it() -> None:
    message = {"role": "assistant", "content": f"Your account is {IBAN}."}
    record = {"object": "chat.completion", "id": "c", "created": 1_772_323_200, "model": "m",
              "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}  # fmt: skip
    (call,) = read(record, Hashes(b"k")).calls
    assert call.output_findings == "personal_data.iban"
