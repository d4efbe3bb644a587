"""Every secret here is made up; numbers with a check digit are the well-known test numbers."""

from __future__ import annotations

import hashlib
import random
import string
import uuid

import pytest

from monitoring_pipelines.notify.redact import redact


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "private_key"),
        ("-----BEGIN PRIVATE KEY----- cut off", "private_key"),
        ("https://hooks.slack.com/services/T0/B0/abcdef", "slack_webhook"),
        ("xoxb-" + "1234567890-abcdef", "token"),
        ("AKIA" + "ABCDEFGHIJKLMNOP", "token"),
        ("ghp_" + "a1" * 18, "token"),
        ("sk-" + "proj-0123456789abcdef", "token"),
        ("eyJhbGciOiJI.eyJzdWIiOiIx.c2ln", "token"),
        ("db_password=hunter2", "assigned_secret"),
        ("Authorization: Bearer abcdef", "assigned_secret"),
        ("bearer abcdefghij", "bearer"),
        ("postgresql://ann:s3cret@db/x", "credentials"),
        ("ann.lee+x@mail.example.org", "email"),
        ("123-45-6789", "ssn"),
        ("+49 30 1234567", "phone"),
        ("10.20.30.40", "ip"),
        ("4111 1111 1111 1111", "card"),
        ("5500-0000-0000-0004", "card"),
        ("DE89 3704 0044 0532 0130 00", "iban"),
    ],
)
def test_secrets_and_personal_values_go(text: str, kind: str) -> None:
    found = redact(f"before {text} after")
    assert f"[{kind}]" in found
    assert text not in found


def test_a_random_key_goes_by_its_mixture_of_characters() -> None:
    rng = random.Random(1)
    alphabet = string.ascii_letters + string.digits
    keys = ["a1B" + "".join(rng.choices(alphabet, k=37)) for _ in range(200)]
    kept = sum(redact(key) == key for key in keys)
    # some keys repeat letters so often that they look like words
    assert kept <= 10


@pytest.mark.parametrize(
    "text",
    [
        "roc_auc is 0.804 (limit 0.83, usual 0.862, interval 0.798 to 0.81)",
        "41,207 rows, 12.3 %",
        "2026-11-22-04:00 to 2026-11-23T00:00:00+01:00",
        "20261122041233 and 1795147920000",
        str(uuid.UUID(int=0xF3C0E5B06F4E4F6E9A512B7D1E4C9D10)),
        hashlib.sha256(b"x").hexdigest(),
        "expect_column_values_to_be_between of customerAge30DaysRollingMean",
        "4111 1111 1111 1112",
        "DE00 3704 0044 0532 0130 00",
        "number_of_tokens: 12",
    ],
)
def test_numbers_ids_and_names_stay(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("4111 1111 1111 1111 43 rows", "[card] 43 rows"),
        ("35 4111 1111 1111 1111", "35 [card]"),
        ("4111-1111-1111-1111 5500-0000-0000-0004", "[card] [card]"),
        ("DE89370400440532013000 1", "[iban] 1"),
        ("AB12 DE89 3704 0044 0532 0130 00", "AB12 [iban]"),
        ("DE89370400440532013000 GB82WEST12345698765432", "[iban] [iban]"),
    ],
)
def test_numbers_around_it_do_not_hide_it(text: str, shown: str) -> None:
    assert redact(text) == shown
