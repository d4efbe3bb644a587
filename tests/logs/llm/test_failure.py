"""A call that was answered by an error."""

from __future__ import annotations

import pytest

from monitoring_pipelines.logs.llm.failure import error_class, failed_call


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("rate_limit_exceeded", 429, "rate_limit_exceeded"),
        (None, 429, "rate_limit"),
        (None, 401, "authentication"),
        (None, 403, "permission"),
        (None, 404, "not_found"),
        (None, 408, "timeout"),
        (None, 504, "timeout"),
        (None, 503, "server"),
        (None, 422, "request"),
        (None, None, "error"),
        # a sentence may repeat what somebody wrote
        ("You asked for my card 4111", 400, "request"),
        ("x" * 200, 500, "server"),
    ],
)
def test_one_word_for_an_error(code: str | None, status: int | None, expected: str) -> None:
    assert error_class(code, status) == expected


def test_a_prompt_that_was_refused_for_its_content() -> None:
    error = {
        "code": "content_filter",
        "innererror": {"content_filter_result": {"hate": {"filtered": True, "severity": "high"}}},
    }
    call = failed_call("7", None, error, 400)
    assert (call.status, call.finish, call.http_status) == ("error", "content_filter", 400)
    assert (call.guardrail_action, call.guardrail_categories) == ("blocked", "hate")


def test_an_error_that_is_only_a_text_or_nothing() -> None:
    assert failed_call("7", None, "timeout", None).error_class == "timeout"
    assert failed_call(None, None, None, 500).error_class == "server"
