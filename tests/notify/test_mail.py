"""Mail against a server on the loopback that speaks SMTP."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from monitoring_pipelines.alerts.message import Chart, Stage
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.errors import (
    DeliveryError,
    DestinationError,
    PayloadError,
    RetryLaterError,
    UnknownOutcomeError,
)
from monitoring_pipelines.notify.base import Order, RemoteRef
from monitoring_pipelines.notify.mail import MailNotifier, classify
from tests.fake_smtp import PASSWORD, USER, FakeSmtp
from tests.notify.messages import message

if TYPE_CHECKING:
    from collections.abc import Iterator

TO = "oncall@example.org"


@pytest.fixture
def smtp() -> Iterator[FakeSmtp]:
    with FakeSmtp() as running:
        yield running


@pytest.fixture
def notifier(smtp: FakeSmtp) -> MailNotifier:
    return MailNotifier(f"smtp://127.0.0.1:{smtp.port}?from=mlmon@example.org", timeout_s=2)


def order(op: Op = Op.OPEN, root: RemoteRef | None = None, **other: Any) -> Order:
    return Order(op, TO, message(**other), f"inc_1:{op}", root)


def test_a_mail_has_text_and_html_and_its_chart(smtp: FakeSmtp, notifier: MailNotifier) -> None:
    chart = Chart("roc_auc", ("a", "b"), (0.86, 0.8), 0.86, 0.83)
    ref = notifier.send(order(chart=chart))
    (mail,) = smtp.mails
    assert smtp.recipients == [TO]
    assert (mail["From"], mail["To"]) == ("mlmon@example.org", TO)
    assert ref == RemoteRef(TO, mail["Message-ID"])
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(("plain",))
    page = mail.get_body(("html",))
    assert text is not None
    assert page is not None
    assert "roc_auc is 0.804" in text.get_content()
    assert 'src="cid:chart"' in page.get_content()
    (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<chart>"
    assert picture.get_content().startswith(b"\x89PNG")


def test_what_follows_is_in_the_same_thread(smtp: FakeSmtp, notifier: MailNotifier) -> None:
    root = notifier.send(order())
    notifier.send(order(Op.RESOLVE, root, stage=Stage.RESOLVED))
    first, second = smtp.mails
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert second["Subject"] == f"Re: {first['Subject']}"
    assert first["Message-ID"] != second["Message-ID"]
    # one that is to stand under another answers that one
    notifier.send(order(incident="inc_2")._replace(under=root))
    assert smtp.mails[2]["References"] == first["Message-ID"]


def test_only_news_is_mailed(smtp: FakeSmtp, notifier: MailNotifier) -> None:
    root = notifier.send(order())
    for op in (Op.UPDATE, Op.EVIDENCE, Op.NOTE):
        assert notifier.send(order(op, root)) is None
    assert len(smtp.mails) == 1
    # an edit of what was never said is news
    assert notifier.send(order(Op.UPDATE)) is not None


def test_a_repeat_is_the_same_mail(smtp: FakeSmtp, notifier: MailNotifier) -> None:
    notifier.send(order())
    notifier.send(order())
    assert len({mail["Message-ID"] for mail in smtp.mails}) == 1
    with pytest.raises(DestinationError):
        notifier.find(order(), datetime.now(UTC))


def test_no_text_can_make_a_header_or_a_tag(smtp: FakeSmtp, notifier: MailNotifier) -> None:
    notifier.send(order(title="a\r\nBcc: x@evil.example", what="<img src=x onerror=alert(1)>"))
    (mail,) = smtp.mails
    assert "Bcc" not in mail
    assert "\n" not in mail["Subject"]
    page = mail.get_body(("html",))
    assert page is not None
    assert "<img" not in page.get_content()


@pytest.mark.parametrize(
    ("step", "reply", "error", "n_taken"),
    [
        ("RCPT", "550 no such user", DestinationError, 0),
        ("RCPT", "451 later", RetryLaterError, 0),
        ("MAIL", "530 log in first", DestinationError, 0),
        ("MAIL", "452 full", RetryLaterError, 0),
        ("DATA", "554 spam", PayloadError, 0),
        ("DOT", "552 too large", PayloadError, 0),
        ("DOT", "451 later", RetryLaterError, 0),
        ("EHLO", "close", RetryLaterError, 0),
        ("DOT", "close", UnknownOutcomeError, 0),
        ("DOT", "close_after", UnknownOutcomeError, 1),
    ],
)
def test_each_fault_is_one_kind_of_error(
    smtp: FakeSmtp,
    notifier: MailNotifier,
    step: str,
    reply: str,
    error: type[DeliveryError],
    n_taken: int,
) -> None:
    smtp.script((step, reply))
    with pytest.raises(error) as caught:
        notifier.send(order())
    assert type(caught.value) is error
    assert len(smtp.mails) == n_taken


def test_a_lost_goodbye_is_no_fault(smtp: FakeSmtp, notifier: MailNotifier) -> None:
    smtp.script(("QUIT", "500 never"), ("QUIT", "close"))
    assert notifier.send(order()) is not None
    assert notifier.send(order()) is not None


def test_log_in(smtp: FakeSmtp) -> None:
    where = f"127.0.0.1:{smtp.port}"
    right = MailNotifier(f"smtp://{quote(USER)}:{quote(PASSWORD, safe='')}@{where}", timeout_s=2)
    assert right.check() == f"{where} takes mail from {USER}"
    right.send(order())
    assert smtp.mails[0]["From"] == USER
    wrong = MailNotifier(f"smtp://{quote(USER)}:secret@{where}", timeout_s=2)
    with pytest.raises(DestinationError, match="535") as caught:
        wrong.check()
    assert "secret" not in str(caught.value)


def test_a_password_does_not_travel_in_the_clear(
    smtp: FakeSmtp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitoring_pipelines.notify.mail._LOCAL", frozenset())
    with pytest.raises(DestinationError, match="no encryption"):
        MailNotifier(f"smtp://u:p@127.0.0.1:{smtp.port}", timeout_s=2).check()


@pytest.mark.parametrize(
    "url", ["", "host:25", "http://host", "smtp://", "smtp://h:x", "smtp://u@"]
)
def test_a_url_that_is_none(url: str) -> None:
    with pytest.raises(DestinationError, match="MONITORING_SMTP_URL is no"):
        MailNotifier(url).send(order())


@pytest.mark.parametrize("address", ["", "a b@c", "x", "a@b>,c@d", "a@b\r\nBcc: c@d"])
def test_an_address_that_is_none(notifier: MailNotifier, address: str) -> None:
    with pytest.raises(DestinationError, match="no mail address"):
        notifier.send(order()._replace(channel=address))
    with pytest.raises(DestinationError, match="no mail address"):
        notifier.examine(address)
    assert notifier.examine(TO) == "a mail address"


def test_nobody_listens_and_nobody_is_trusted() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"smtps://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(RetryLaterError, match="ConnectionRefusedError"):
            MailNotifier(url, timeout_s=2).send(order())
    found = classify(ssl.SSLCertVerificationError("self-signed"), is_sending=False)
    assert isinstance(found, DestinationError)
