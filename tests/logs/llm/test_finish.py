"""One vocabulary for why a model stopped."""

from __future__ import annotations

import pytest

from monitoring_pipelines.logs.llm.finish import unified

# from the interfaces of OpenAI, Anthropic, Bedrock Converse, Titan, Cohere, Gemini, Vercel's SDK
CASES = {
    "stop": ["stop", "end_turn", "stop_sequence", "FINISH", "COMPLETE", "STOP", "endTurn"],
    "length": ["length", "max_tokens", "MAX_TOKENS", "max_output_tokens", "LENGTH"],
    "tool_calls": ["tool_calls", "tool_use", "function_call", "tool-calls"],
    "content_filter": ["content_filter", "content_filtered", "SAFETY", "content-filter"],
    "guardrail": ["guardrail_intervened"],
    "context_window": ["model_context_window_exceeded"],
    "malformed_tool": ["malformed_tool_use", "malformed_model_output", "MALFORMED_FUNCTION_CALL"],
    "refusal": ["refusal"],
    "error": ["error"],
}


@pytest.mark.parametrize(
    ("word", "ours"), [(word, ours) for ours, words in CASES.items() for word in words]
)
def test_a_providers_word(word: str, ours: str) -> None:
    assert unified(word) == ours


def test_a_list_or_its_json_as_spans_have_it() -> None:
    assert unified(["stop"]) == unified('["stop"]') == "stop"
    assert unified([]) is unified(None) is unified("") is None


def test_of_parallel_answers_the_cut_one_is_told() -> None:
    assert unified(["stop", "length", "stop"]) == "length"


def test_a_new_word_is_unknown_and_not_guessed() -> None:
    assert unified("paused_for_tea") == "unknown"
