"""Azure's content filter: results on prompts, on answers, and inside of errors."""

from __future__ import annotations

from typing import Any

from monitoring_pipelines.logs.llm.content_filter import describe_filter
from monitoring_pipelines.logs.llm.records import Call

SAFE = {"filtered": False, "severity": "safe"}


def described(body: dict[str, Any]) -> tuple[str | None, str | None, str | None, str | None]:
    call = Call("1", None)
    describe_filter(call, body)
    return (
        call.guardrail_verdict,
        call.guardrail_action,
        call.guardrail_mode,
        call.guardrail_categories,
    )


def prompt(**results: Any) -> dict[str, Any]:
    return {"prompt_filter_results": [{"prompt_index": 0, "content_filter_results": results}]}


def test_all_safe_is_clear() -> None:
    assert described(prompt(hate=SAFE)) == ("clear", "none", None, None)


def test_no_filter_says_nothing() -> None:
    assert described({"choices": [{"index": 0}]}) == (None, None, None, None)


def test_a_filtered_answer() -> None:
    choice = {"content_filter_results": {"hate": {"filtered": True, "severity": "high"}}}
    assert described({"choices": [choice]}) == ("detected", "blocked", "enforce", "hate")


def test_detected_without_filtering_is_only_watched() -> None:
    jailbreak = {"filtered": False, "detected": True}
    assert described(prompt(jailbreak=jailbreak)) == ("detected", "none", "detect", "jailbreak")
    assert described(prompt(sexual={"filtered": False, "severity": "low"}))[2] == "detect"


def test_the_same_category_under_two_spellings() -> None:
    filtered = {"filtered": True, "severity": "high"}
    body = {
        **prompt(self_harm=filtered),
        "error": {"innererror": {"content_filter_result": {"self-harm": filtered}}},
    }
    assert described(body)[3] == "self_harm"


def test_block_lists_are_an_object_or_a_list() -> None:
    hit = {"filtered": True, "id": "terms"}
    assert described(prompt(custom_blocklists=[hit]))[1] == "blocked"
    assert described(prompt(custom_blocklists=hit))[1] == "blocked"
    assert described(prompt(custom_blocklists=[]))[0] == "clear"
