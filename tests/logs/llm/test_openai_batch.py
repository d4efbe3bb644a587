"""Output and error files of batches."""

from __future__ import annotations

from typing import Any

from tests.llm_records import call_in
from tests.logs.llm.test_openai_chat import completion
from tests.logs.llm.test_openai_responses import MESSAGE, response


def line(body: dict[str, Any] | None, status: int = 200, error: object = None) -> dict[str, Any]:
    answer = None if body is None else {"status_code": status, "request_id": "req_1", "body": body}
    return {"id": "batch_req_1", "custom_id": "request-2", "response": answer, "error": error}


def test_the_body_is_a_completion() -> None:
    call = call_in(line(completion()), "openai_batch")
    assert (call.id, call.input_tokens, call.http_status) == ("chatcmpl-1", 1000, 200)
    assert (call.tier, call.custom_id) == ("batch", "request-2")


def test_the_body_is_a_response() -> None:
    call = call_in(line(response(MESSAGE)), "openai_batch")
    assert (call.id, call.input_tokens, call.tier) == ("resp_1", 110, "batch")


def test_a_request_that_failed() -> None:
    body = {"error": {"code": "invalid_image", "message": "..."}}
    call = call_in(line(body, status=400), "openai_batch")
    assert (call.id, call.status, call.error_class) == ("batch_req_1", "error", "invalid_image")
    assert call.http_status == 400
    assert call.input_tokens is None


def test_a_request_that_was_never_made() -> None:
    error = {"code": "batch_expired", "message": "This request could not be executed"}
    call = call_in(line(None, error=error), "openai_batch")
    assert (call.status, call.error_class) == ("error", "batch_expired")
