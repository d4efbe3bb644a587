"""Kinds, however an answer is nested, and nothing of what was found."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_pipelines.logs.llm import findings as module
from monitoring_pipelines.logs.llm.findings import Answers, findings, spoken
from monitoring_pipelines.logs.llm.hashes import Hashes
from monitoring_pipelines.logs.llm.openai_chat import read
from monitoring_pipelines.logs.llm.records import Call
from monitoring_pipelines.security.scanners.personal_data import find_personal_data
from monitoring_pipelines.security.secrets import find_secrets
from tests.security.planted import planted

IBAN = "GB82 WEST 1234 5698 7654 32"


@pytest.mark.parametrize(
    "answer",
    [IBAN, [IBAN], {"content": [{"type": "text", "text": f"it is {IBAN}"}]}],
    ids=["text", "parts", "nested"],
)
def test_however_it_is_nested(answer: Any) -> None:
    assert findings([spoken(answer)]) == ["personal_data.iban"]


def test_kinds_of_both_scanners() -> None:
    text = f"{planted()['github_token']}, ask ana@bank.org"
    assert findings([text, "You have two options.", ""]) == [
        "personal_data.email secrets.github_token",
        "",
        "",
    ]
    assert spoken(None) == spoken([]) == ""
    assert findings([]) == []


def test_a_structure_without_end_ends() -> None:
    deep: Any = IBAN
    for _ in range(50):
        deep = [deep]
    assert spoken(deep) == ""


PIECES = [
    *planted(3).values(),
    *(IBAN, "ana@bank.org", "81.2.69.142", "4111 1111 1111 1112", "943 476 5919", "fe80::1:2"),
    *("+44 20 7946 0958", "123-45-6780", "\u017fk_live_", "to\u212aen = ", "password\u00a0: "),
    "\ud800",
]  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=4), max_size=5))
def test_many_at_once_are_what_each_is_alone(drawn: list[list[str]]) -> None:
    texts = [" ".join(pieces) for pieces in drawn]
    alone = [
        {f"personal_data.{hit.kind}" for hit in find_personal_data(text)}
        | {f"secrets.{kind}" for kind, _ in find_secrets(text)}
        for text in texts
    ]
    assert findings(texts) == [" ".join(sorted(kinds)) for kinds in alone]


def test_a_reader_s_call_waits_and_is_told() -> None:
    message = {"role": "assistant", "content": f"Your account is {IBAN}."}
    record = {"object": "chat.completion", "id": "c", "created": 1_772_323_200, "model": "m",
              "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}  # fmt: skip
    (call,) = read(record, Hashes(b"k")).calls
    silent = Call("s", None)
    answers = Answers()
    answers.add(call)
    answers.add(silent)
    answers.tell()
    assert (call.output_findings, call.answer_text) == ("personal_data.iban", None)
    assert silent.output_findings is None


def test_long_answers_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ENOUGH", 100)
    calls = [Call(str(number), None, answer_text="x" * 60) for number in range(3)]
    answers = Answers()
    for call in calls:
        answers.add(call)
    assert [call.answer_text is None for call in calls] == [True, True, False]
