"""CloudTrail: what was done, by whom as a hash, and whether it was allowed."""

from __future__ import annotations

from typing import Any

from monitoring_pipelines.logs.llm.envelope import unwrapped
from tests.llm_records import HASHES, found_in


def trail(name: str = "DeleteGuardrail", **changes: Any) -> dict[str, Any]:
    """A management event, in the fields that AWS documents."""
    return {
        "eventVersion": "1.11",
        "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/dev/ana"},
        "eventTime": "2026-01-02T03:04:05Z",
        "eventSource": "bedrock.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "203.0.113.9",
        "userAgent": "aws-cli/2",
        "requestParameters": {"guardrailIdentifier": "gr1", "description": "of Ana"},
        "eventID": "e-1",
        "eventType": "AwsApiCall",
        **changes,
    }


def test_who_did_what() -> None:
    (event,) = found_in(trail(), "cloudtrail").events
    assert (event.id, event.kind, event.status) == ("e-1", "bedrock.DeleteGuardrail", "ok")
    assert (event.resource, event.actor_kind) == ("gr1", "AssumedRole")
    assert event.actor == HASHES.personal("arn:aws:sts::1:assumed-role/dev/ana")
    assert event.ip == HASHES.personal("203.0.113.9")
    assert "Ana" not in repr(event)


def test_the_role_that_somebody_took_on() -> None:
    arn = "arn:aws:iam::1:role/dev"
    who = {"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"type": "Role", "arn": arn}}}
    (event,) = found_in(trail(userIdentity=who), "cloudtrail").events
    assert event.role == HASHES.personal(arn)
    (event,) = found_in(trail(), "cloudtrail").events
    assert event.role is None


def test_a_refused_attempt_is_told_as_one() -> None:
    (event,) = found_in(
        trail(errorCode="AccessDenied", requestParameters=None), "cloudtrail"
    ).events
    assert (event.status, event.resource) == ("error", None)


def test_a_file_of_a_trail_holds_records() -> None:
    assert [*unwrapped({"Records": [trail(), trail()]})] == [trail(), trail()]
