"""OpenAI's audit log: who did what to the organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.records import Event, Found
from monitoring_pipelines.logs.llm.values import instant, mapping, path, sequence, text

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record


def recognise(record: Record) -> bool:
    """Whether this is an entry of the audit log."""
    return record.get("object") == "organization.audit_log"


def read(record: Record, hashes: Hashes) -> Found:
    """One event. Its payload stands under its type, with underscores for dots."""
    kind = text(record.get("type")) or "unknown"
    payload = mapping(record.get(kind.replace(".", "_")))
    actor = mapping(record.get("actor"))
    session = mapping(actor.get("session"))
    key = mapping(actor.get("api_key"))
    user = path(session, "user", "id") or path(key, "user", "id")
    scopes = path(payload, "data", "scopes") or path(payload, "changes_requested", "scopes")
    event = Event(
        id=text(record.get("id")) or "",
        timestamp=instant(record.get("effective_at")),
        kind=kind,
        actor_kind=text(actor.get("type")),
        actor=hashes.personal(user or path(key, "service_account", "id") or key.get("id")),
        ip=hashes.personal(text(session.get("ip_address"))),
        country=text(path(session, "ip_address_details", "country")),
        user_agent=text(session.get("user_agent")),
        resource=text(payload.get("id")),
        scopes=" ".join(sorted(str(scope) for scope in sequence(scopes))) or None,
    )
    return Found(events=[event])


register(LogFormat(name="openai_audit", recognise=recognise, read=read))
