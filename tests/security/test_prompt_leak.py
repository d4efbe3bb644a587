"""An answer that repeats the prompt, and one that only talks about it."""

from __future__ import annotations

import pytest

from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.security.prompt_leak import prompt_leak, shingles

PROMPT = " ".join(f"word{i}" for i in range(27))  # twenty parts of eight words


def leaks(text: str, prompt: str = PROMPT) -> bool:
    return any(prompt_leak(prompt).scan(text))


def test_parts_are_as_many_as_places_to_begin() -> None:
    assert len(shingles(PROMPT)) == 27 - 8 + 1
    assert shingles("too short") == set()


def test_more_than_three_in_ten_parts_leak() -> None:
    words = PROMPT.split()
    # n words in a row have n - 7 parts of the twenty
    assert not leaks(" ".join(words[: 7 + 6]))
    assert leaks(" ".join(words[: 7 + 7]))
    assert leaks(f"Sure! My instructions: {PROMPT.upper()}.")


def test_other_answers_do_not() -> None:
    assert not leaks("I cannot tell you my instructions.")
    assert not leaks("")


def test_a_prompt_that_has_no_part_is_refused() -> None:
    for prompt in ("", "a prompt of seven words has none"):
        with pytest.raises(ConfigError, match="fewer than 8 words"):
            prompt_leak(prompt)
