"""A chart as a picture in a Slack thread: where to, the bytes, and then the sharing.

Only the last of the three steps shows anything, and its answer does not say where. So the id of the
file is kept before it, and after a lost answer the file is looked at instead of sent again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from monitoring_pipelines.errors import (
    DestinationError,
    GoneError,
    RetryLaterError,
    UnknownOutcomeError,
)
from monitoring_pipelines.notify.base import RemoteRef
from monitoring_pipelines.notify.picture import png
from monitoring_pipelines.notify.safe import inert
from monitoring_pipelines.notify.slack_call import call
from monitoring_pipelines.notify.web import post, refusal

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from monitoring_pipelines.alerts.message import Chart
    from monitoring_pipelines.notify.base import Memory, Order

BEGUN, SHARING, SHARED = "begun", "sharing", "shared"
_HOSTS = ("slack.com", "slack-gov.com")


def share(client: WebClient, memory: Memory, order: Order, chart: Chart) -> None:
    """Put the picture of `chart` into the thread of ``order.root``."""
    if order.root is None:
        raise RetryLaterError("the message is not there")
    picture = png(chart)
    digest = hashlib.sha256(picture).hexdigest()
    begun = call(client.files_getUploadURLExternal, filename="chart.png", length=len(picture))
    file_id = str(begun["file_id"])
    memory.keep_upload(order.idem, file_id, digest, BEGUN)
    _put(client, str(begun["upload_url"]), picture)
    memory.keep_upload(order.idem, file_id, digest, SHARING)
    call(
        client.files_completeUploadExternal,
        files=[{"id": file_id, "title": inert(chart.title, 80)}],
        channel_id=order.root.channel,
        thread_ts=order.root.root,
    )
    memory.keep_upload(order.idem, file_id, digest, SHARED)


def shared(client: WebClient, memory: Memory, order: Order) -> RemoteRef | None:
    """The picture of `order`, if an earlier attempt has shared it; None if it certainly did not."""
    file_id, state = memory.upload(order.idem) or ("", BEGUN)
    if state == BEGUN:
        return None  # the last step was never reached
    try:
        file = call(client.files_info, file=file_id)["file"]
    except GoneError:
        return None
    shares = file.get("shares") or {}
    for channels in shares.values():
        for channel in channels:
            return RemoteRef(channel, file_id)
    # it takes Slack a while until a file stands in its channel; twice would be worse than late
    raise RetryLaterError("the picture is not shared yet")


def _put(client: WebClient, url: str, picture: bytes) -> None:
    """Send the bytes, to Slack and nobody else; nothing is shown yet, so any doubt is a retry."""
    if client.base_url == client.BASE_URL and not _is_slacks(url):
        raise DestinationError("the upload would go to a host that is not Slack's")
    try:
        refused = refusal(
            post(url, picture, {"Content-Type": "image/png"}, timeout_s=client.timeout)
        )
    except UnknownOutcomeError as error:
        raise RetryLaterError(str(error)) from error
    if isinstance(refused, UnknownOutcomeError):
        raise RetryLaterError(str(refused))
    if refused is not None:
        raise refused


def _is_slacks(url: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    return parts.scheme == "https" and any(
        host == known or host.endswith(f".{known}") for known in _HOSTS
    )
