"""OpenAI's audit log."""

from __future__ import annotations

from tests.llm_records import HASHES, found_in

SESSION = {
    "user": {"id": "user-1", "email": "dev@example.com"},
    "ip_address": "203.0.113.50",
    "user_agent": "curl/7.68.0",
    "ip_address_details": {"country": "RO"},
}
CREATED = {
    "id": "audit_log-1",
    "type": "api_key.created",
    "effective_at": 1702857600,
    "object": "organization.audit_log",
    "actor": {"type": "session", "session": SESSION},
    "api_key_created": {"id": "key-1", "data": {"scopes": ["models:write", "api_keys:write"]}},
}


def test_who_created_what_with_which_scopes() -> None:
    (event,) = found_in(CREATED, "openai_audit").events
    assert (event.id, event.kind) == ("audit_log-1", "api_key.created")
    assert event.timestamp == 1_702_857_600_000_000
    assert (event.resource, event.scopes) == ("key-1", "api_keys:write models:write")
    assert (event.actor_kind, event.country) == ("session", "RO")


def test_people_and_addresses_are_hashed() -> None:
    (event,) = found_in(CREATED, "openai_audit").events
    assert event.actor == HASHES.personal("user-1")
    assert event.ip == HASHES.personal("203.0.113.50")
    assert "example.com" not in repr(event)


def test_an_actor_with_a_key_instead_of_a_session() -> None:
    actor = {"type": "api_key", "api_key": {"id": "key-9", "service_account": {"id": "svc-1"}}}
    (event,) = found_in({**CREATED, "actor": actor}, "openai_audit").events
    assert event.actor == HASHES.personal("svc-1")


def test_an_event_of_a_type_that_came_later() -> None:
    (event,) = found_in({**CREATED, "type": "tunnel.created"}, "openai_audit").events
    assert (event.kind, event.resource) == ("tunnel.created", None)
