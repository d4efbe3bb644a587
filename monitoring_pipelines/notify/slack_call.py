"""One call of slack-sdk, and what may follow from its answer."""

from __future__ import annotations

from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from monitoring_pipelines.errors import (
    DeliveryError,
    DestinationError,
    GoneError,
    PayloadError,
    RetryLaterError,
    UnknownOutcomeError,
)
from monitoring_pipelines.notify.safe import inert
from monitoring_pipelines.notify.web import SERVER_ERROR, TOO_MANY, seconds, unreached

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk.web import SlackResponse

_RETRY = frozenset(
    {"ratelimited", "rate_limited", "service_unavailable", "team_added_to_org", "accesslimited"}
)
_UNKNOWN = frozenset({"fatal_error", "internal_error", "request_timeout"})
_PAYLOAD = frozenset({
    "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "metadata_too_large",
    "block_mismatch", "msg_too_long", "no_text",
})  # fmt: skip
_GONE = frozenset({
    "message_not_found", "edit_window_closed", "cant_update_message", "is_inactive",
    "streaming_state_conflict", "cannot_reply_to_message", "thread_not_found",
    "restricted_action_thread_locked", "file_not_found", "file_deleted",
})  # fmt: skip


def call(method: Callable[..., SlackResponse], **arguments: Any) -> SlackResponse:
    """Call once; everything but an answer that is ok is a `DeliveryError`."""
    try:
        return method(**arguments)
    except SlackApiError as error:
        raise classify(error.response) from error
    except (TimeoutError, ConnectionError, HTTPException, HTTPError) as error:
        # the request left, the answer was lost
        raise UnknownOutcomeError(type(error).__name__) from error
    except URLError as error:
        raise unreached(error) from error
    except SlackClientError as error:
        # refused before anything was sent, as for a base URL that is none
        raise DestinationError(inert(error)) from error


def classify(response: SlackResponse) -> DeliveryError:
    """What may follow from an answer that is not ok."""
    data = response.data if isinstance(response.data, dict) else {}
    status = int(response.status_code)
    code = str(data.get("error", ""))
    headers = {name.lower(): value for name, value in (response.headers or {}).items()}
    if status == TOO_MANY or code in _RETRY:
        return RetryLaterError(code or "ratelimited", seconds(headers.get("retry-after")))
    if status >= SERVER_ERROR or code in _UNKNOWN or not code.replace("_", "").isalnum():
        # the SDK puts a sentence where the code should be if the answer was no JSON
        return UnknownOutcomeError(f"HTTP {status} {inert(code, 80)}".rstrip())
    if code in _PAYLOAD:
        messages = (data.get("response_metadata") or {}).get("messages") or ()
        return PayloadError(code, tuple(map(str, messages)))
    if code in _GONE:
        return GoneError(code)
    needed = f" (needs scope {inert(data['needed'], 80)})" if data.get("needed") else ""
    return DestinationError(f"{inert(code, 80)}{needed}")
