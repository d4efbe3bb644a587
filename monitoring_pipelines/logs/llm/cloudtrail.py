"""AWS CloudTrail: who did what to the account; of Bedrock's controls and of logging above all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.records import Event, Found
from monitoring_pipelines.logs.llm.values import instant, mapping, path, text

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record

_SERVICE = ".amazonaws.com"


def recognise(record: Record) -> bool:
    """Whether this is an event of CloudTrail."""
    return {"eventVersion", "eventSource", "eventName"} <= record.keys()


def read(record: Record, hashes: Hashes) -> Found:
    """One event, such as ``bedrock.DeleteGuardrail``. What was asked for is not kept."""
    who = mapping(record.get("userIdentity"))
    source = (text(record.get("eventSource")) or "").removesuffix(_SERVICE)
    failure = text(record.get("errorCode"))
    asked = mapping(record.get("requestParameters"))
    role = path(who, "sessionContext", "sessionIssuer", "arn")
    event = Event(
        id=text(record.get("eventID")) or "",
        timestamp=instant(record.get("eventTime")),
        kind=f"{source}.{text(record.get('eventName')) or 'unknown'}",
        actor_kind=text(who.get("type")),
        actor=hashes.personal(text(who.get("arn")) or text(who.get("principalId"))),
        role=hashes.personal(text(role)),
        ip=hashes.personal(text(record.get("sourceIPAddress"))),
        user_agent=text(record.get("userAgent")),
        resource=text(path(asked, "guardrailIdentifier")),
        status="error" if failure else "ok",
    )
    return Found(events=[event])


register(LogFormat(name="cloudtrail", recognise=recognise, read=read))
