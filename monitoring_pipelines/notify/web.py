"""One HTTP call with the standard library: no second attempt, no redirect, every fault sorted.

A redirect is not followed, since it would carry an alert to a host that nobody configured.
"""

from __future__ import annotations

import urllib.request
from http.client import HTTPException
from socket import gaierror
from ssl import SSLCertVerificationError
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from monitoring_pipelines.errors import (
    DeliveryError,
    DestinationError,
    PayloadError,
    RetryLaterError,
    UnknownOutcomeError,
)
from monitoring_pipelines.notify.safe import inert

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message

MAX_ANSWER = 100_000
MAX_RETRY_AFTER_S = 3600.0
TOO_MANY = 429
SERVER_ERROR = 500
# the request may have been carried out though this was answered
_UNKNOWN = frozenset({408, 425})
_PAYLOAD = frozenset({400, 411, 413, 414, 415, 422})
_NEVER_SENT = (gaierror, ConnectionRefusedError, SSLCertVerificationError)


class Answer(NamedTuple):
    """What a server said; names of headers are in lower case."""

    status: int
    body: str
    headers: Mapping[str, str]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def is_web(url: str) -> bool:
    """Whether `url` is an address that a call can be made to, without a user name in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc


def post(url: str, body: bytes, headers: Mapping[str, str], timeout_s: float = 10.0) -> Answer:
    """Post once; every answer with a status comes back, what else happens is an error.

    Raises
    ------
    DestinationError
        If `url` is no web address.
    RetryLaterError
        If the request certainly never left.
    UnknownOutcomeError
        If it may have arrived.
    """
    if not is_web(url):
        raise DestinationError("its address is no http or https URL")
    request = urllib.request.Request(  # noqa: S310 - the scheme was looked at above
        url, data=body, headers={"User-Agent": "monitoring-pipelines", **headers}, method="POST"
    )
    opener = urllib.request.build_opener(_NoRedirect)  # proxies are those of this moment
    try:
        with opener.open(request, timeout=timeout_s) as response:
            return _answer(response.status, response.read(MAX_ANSWER), response.headers)
    except HTTPError as error:
        with error:
            return _answer(error.code, error.read(MAX_ANSWER), error.headers)
    except URLError as error:
        raise unreached(error) from None
    except (OSError, HTTPException) as error:
        # the request left, the answer was lost
        raise UnknownOutcomeError(type(error).__name__) from None


def unreached(error: URLError) -> DeliveryError:
    """Only a failure before anything was sent is sure not to have left a message."""
    name = type(error.reason).__name__
    if isinstance(error.reason, _NEVER_SENT):
        return RetryLaterError(f"not reached: {name}")
    return UnknownOutcomeError(name)


def refusal(answer: Answer) -> DeliveryError | None:
    """What may follow from a status; None if the message was taken."""
    if 200 <= answer.status < 300:  # noqa: PLR2004 - HTTP's successes
        return None
    said = f"HTTP {answer.status} {inert(answer.body, 80)}".rstrip()
    if answer.status == TOO_MANY:
        return RetryLaterError(said, seconds(answer.headers.get("retry-after")))
    if answer.status >= SERVER_ERROR or answer.status in _UNKNOWN:
        return UnknownOutcomeError(said)
    if answer.status in _PAYLOAD:
        return PayloadError(said)
    return DestinationError(said)


def seconds(header: Any) -> float | None:
    """`Retry-After` in seconds, capped: a wrong header must not put an alert off for a day."""
    value = header[0] if isinstance(header, list) else header
    return min(float(value), MAX_RETRY_AFTER_S) if str(value).isdigit() else None


def _answer(status: int, body: bytes, headers: Message[str, str]) -> Answer:
    names = {name.lower(): value for name, value in headers.items()}
    return Answer(status, body.decode("utf-8", "replace"), names)
