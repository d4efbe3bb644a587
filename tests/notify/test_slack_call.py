"""Sorting of answers; each kind of fault is provoked with the real SDK in `test_slack`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.errors import (
    DeliveryError,
    DestinationError,
    GoneError,
    PayloadError,
    RetryLaterError,
)
from monitoring_pipelines.notify.slack import SlackNotifier
from monitoring_pipelines.notify.slack_call import call
from tests.fake_slack import TOKEN

if TYPE_CHECKING:
    from tests.fake_slack import FakeSlack


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("accesslimited", RetryLaterError),
        ("metadata_too_large", PayloadError),
        ("edit_window_closed", GoneError),
        ("thread_not_found", GoneError),
        ("missing_scope", DestinationError),
    ],
)
def test_codes(fake: FakeSlack, code: str, error: type[DeliveryError]) -> None:
    fake.script("auth.test", f"error:{code}")
    with pytest.raises(error, match=code):
        call(SlackNotifier(TOKEN, fake.url).client.auth_test)


def test_details_of_refused_blocks_are_kept(fake: FakeSlack) -> None:
    fake.takes_charts = False
    client = SlackNotifier(TOKEN, fake.url).client
    built = [{"type": "data_visualization"}]
    with pytest.raises(PayloadError) as caught:
        call(client.chat_postMessage, channel="C0ALERTS", text="a", blocks=built)
    (detail,) = caught.value.details
    assert "/blocks/0/type" in detail
