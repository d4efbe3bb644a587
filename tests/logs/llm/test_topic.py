"""What a prompt is about: which words count, where they lead, and which are kept in the clear."""

from __future__ import annotations

import math
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pytest

from monitoring_pipelines.logs.llm.records import Call
from monitoring_pipelines.logs.llm.topic import DIMENSIONS, MIN_CELL, Topics, asked, topic, words

if TYPE_CHECKING:
    from typing import Any

HOUR = 3_600_000_000


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("hello", "hello"),
        ([{"role": "user", "content": "one"}, {"role": "user", "content": "two"}], "two"),
        # what a tool answered stands in a message of the user at Anthropic's and Bedrock's
        (
            [
                {"role": "user", "content": [{"text": "mine"}]},
                {"role": "user", "content": [{"toolResult": {"content": [{"text": "a tool's"}]}}]},
            ],
            "mine",
        ),
        ([{"role": "user", "parts": [{"type": "text", "content": "by parts"}]}], "by parts"),
        ([[{"type": "human", "content": "LangChain's"}]], "LangChain's"),
        ({"messages": [{"role": "user", "content": "a body"}]}, "a body"),
        ([{"role": "system", "content": "a developer's"}], None),
        ([], None),
        (None, None),
        (7, None),
        ({"role": "user"}, None),
    ],
)
def test_the_last_message_of_a_person_is_what_was_asked(given: Any, said: str | None) -> None:
    assert asked(given) == said


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Refund my order, REFUND!", ["refund", "order"]),
        ("a by-pass c4rd 4111111111111111 x@example.com www.example.com/secret", []),
        ("sk-live-abcdefghijkl abcdefghijklmnopqrstuvwxyz", []),
        ("Füße größer naïve", ["füße", "größer", "naïve"]),
        # Hindi has marks that are no letters
        ("वापसी", ["वापसी"]),
        ("我想退款。谢谢", ["我想", "想退", "退款", "谢谢"]),
    ],
)
def test_words_are_letters_between_blanks(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_a_topic_is_a_unit_vector_that_the_order_of_words_does_not_change() -> None:
    one = topic(["refund", "order", "late"])
    assert one is not None
    assert one == topic(["late", "order", "refund"])
    assert len(one) == DIMENSIONS
    # three words at three places have a third of the square each, rounded
    assert sorted(map(abs, one))[-3:] == [round(127 / math.sqrt(3))] * 3
    assert topic([]) is None


def test_unrelated_texts_are_as_far_apart_as_chance_has_it() -> None:
    # the cosine of two texts of w words each that share none has mean 0 and variance 1/64
    rng = np.random.default_rng(0)
    texts = [topic([f"w{n}" for n in rng.integers(0, 10**9, 30)]) for _ in range(400)]
    vectors = np.array(texts, dtype=float) / 127
    cosines = (vectors[::2] * vectors[1::2]).sum(axis=1)
    assert abs(cosines.mean()) < 4 / math.sqrt(64 * 200)
    assert cosines.var() == pytest.approx(1 / 64, rel=0.4)  # four standard errors: sqrt(2 / 200)


def counted(*told: tuple[str, str]) -> dict[str, int]:
    """Words that are kept of calls by (user, text), all in one hour of one file."""
    topics, ids = Topics(), count()
    for user, text in told:
        call = Call(f"c{next(ids)}", HOUR, end_user=user)
        call.asked = text
        topics.take([call], "a.jsonl")
        assert call.asked is None
        assert call.script == "latin"
        assert call.topic == topic(words(text))
    return {term.term: term.n for term in topics.terms()}


def test_a_word_is_kept_if_enough_users_have_it() -> None:
    few = [(f"u{n}", "refund please") for n in range(MIN_CELL - 1)]
    assert counted(*few) == {"": MIN_CELL - 1}
    enough = [*few, ("another", "refund")]
    assert counted(*enough) == {"": MIN_CELL, "refund": MIN_CELL}


def test_one_user_counts_once_however_often_they_write() -> None:
    assert counted(*[("u", "refund please")] * 50) == {"": 1}


def test_what_looks_like_a_secret_is_never_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "monitoring_pipelines.logs.llm.topic.findings",
        lambda words: ["x" if word == "secret" else "" for word in words],
    )
    assert "secret" not in counted(*[(f"u{n}", "secret") for n in range(20)])


def test_a_call_without_a_time_or_words_counts_nowhere() -> None:
    topics = Topics()
    for call, text in (
        (Call("a", None), "refund"),
        (Call("b", HOUR), "1 2 3"),
        (Call("c", HOUR), ""),
    ):
        call.asked = text
        topics.take([call], "a.jsonl")
    assert [*topics.terms()] == []
