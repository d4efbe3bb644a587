"""Wrappings that services put around records."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monitoring_pipelines.errors import RecordError
from monitoring_pipelines.logs.llm.envelope import unwrapped

INNER = {"schemaType": "ModelInvocationLog"}
TEXT = json.dumps(INNER)


@pytest.mark.parametrize(
    "wrapped",
    [
        INNER,
        [INNER],
        {"records": [INNER]},  # Azure's Event Hub
        {"object": "list", "data": [INNER], "has_more": False},  # OpenAI's pages
        {
            "messageType": "DATA_MESSAGE",
            "logGroup": "bedrock",
            "logEvents": [{"id": "1", "timestamp": 1, "message": TEXT}],
        },  # a subscription of CloudWatch
        {"@timestamp": "2025-05-15 14:17:22.000", "@message": TEXT},  # CloudWatch Insights
        {"timestamp": 1, "message": TEXT, "ingestionTime": 2, "eventId": "e"},
    ],
)
def test_the_record_inside(wrapped: Any) -> None:
    assert list(unwrapped(wrapped)) == [INNER]


def test_a_control_message_holds_none() -> None:
    assert (
        list(unwrapped({"messageType": "CONTROL_MESSAGE", "logEvents": [{"message": "x"}]})) == []
    )


def test_a_message_that_is_no_record_stays_as_it_is() -> None:
    plain = {"@timestamp": "t", "@message": "START RequestId"}
    assert list(unwrapped(plain)) == [plain]


@pytest.mark.parametrize("value", [3, "text", None, [INNER, "[DONE]"]])
def test_what_is_no_object_is_refused(value: Any) -> None:
    with pytest.raises(RecordError, match="no object"):
        list(unwrapped(value))


def test_wrapping_without_end_ends() -> None:
    value: Any = INNER
    for _ in range(50):
        value = {"records": [value]}
    assert len(list(unwrapped(value))) == 1
