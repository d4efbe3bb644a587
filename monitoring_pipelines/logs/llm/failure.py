"""A call that was answered by an error."""

from __future__ import annotations

import re
from typing import Any

from monitoring_pipelines.logs.llm.content_filter import describe_filter
from monitoring_pipelines.logs.llm.records import Call
from monitoring_pipelines.logs.llm.values import path, text

_WORD = re.compile(r"[A-Za-z][\w.:-]{0,79}")
_CLASSES = {
    401: "authentication",
    403: "permission",
    404: "not_found",
    408: "timeout",
    429: "rate_limit",
    504: "timeout",
}
_SERVER = 500


def failed_call(id_: str | None, timestamp: int | None, error: Any, status: int | None) -> Call:
    """Build the call that an error answered; one refused for its content says what was seen."""
    call = Call(id=id_ or "", timestamp=timestamp, status="error", finish="error")
    call.http_status = status
    call.error_class = error_class(
        path(error, "code") or path(error, "type") or (error if isinstance(error, str) else None),
        status,
    )
    if isinstance(error, dict):
        describe_filter(call, {"error": error})
    if call.error_class == "content_filter":
        call.finish = "content_filter"
    return call


def error_class(code: Any, status: int | None = None) -> str:
    """One word for an error: the provider's code if it is a word, else by the HTTP status.

    Messages are not taken: they may repeat what people wrote.

    >>> error_class("DeploymentNotFound"), error_class(None, 429), error_class("Bad things: 7", 500)
    ('DeploymentNotFound', 'rate_limit', 'server')
    """
    word = text(code)
    if word is not None and _WORD.fullmatch(word):
        return word
    if status is None:
        return "error"
    return _CLASSES.get(status, "server" if status >= _SERVER else "request")
