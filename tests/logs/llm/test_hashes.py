"""Hashes stand for text: equal for equal, useless without the key."""

from __future__ import annotations

from hashlib import blake2b

import pytest

from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.logs.llm.hashes import Hashes


def test_is_blake2b_with_the_key() -> None:
    ours = Hashes(b"k").personal("alice")
    assert ours == blake2b(b"alice", key=b"k", digest_size=8).hexdigest()
    assert ours != blake2b(b"alice", digest_size=8).hexdigest()


def test_equal_values_have_equal_hashes_whatever_the_order_of_keys() -> None:
    hashes = Hashes()
    assert hashes.personal({"a": 1, "b": [2]}) == hashes.personal({"b": [2], "a": 1})
    assert hashes.personal({"a": 1}) != hashes.personal({"a": 2})


def test_without_a_key_other_readings_cannot_be_joined() -> None:
    assert Hashes().personal("alice") != Hashes().personal("alice")


def test_nothing_has_no_hash() -> None:
    assert Hashes().personal(None) is Hashes().personal("") is Hashes.template("", None) is None


def test_templates_are_the_same_everywhere_and_their_parts_do_not_run_together() -> None:
    assert Hashes(b"a").template("You are") == Hashes(b"b").template("You are")
    assert Hashes.template("ab", "c") != Hashes.template("a", "bc")


def test_takes_text_that_is_no_unicode_and_a_long_key() -> None:
    assert len(Hashes(b"k" * 200).personal("\ud83d") or "") == 16


def test_the_key_is_not_shown() -> None:
    assert "secret" not in repr(Hashes(b"secret"))


OLD = {"PII_2025": "0123456789abcdef", "PII_2026": "fedcba9876543210"}


def test_a_named_key_stands_beside_its_hashes() -> None:
    hashes = Hashes.named("PII_2026", OLD)
    made = hashes.personal("alice") or ""
    assert made.startswith("PII_2026.")
    assert made.split(":")[0] == hashes.id
    # the hash itself is that of RFC 7693
    plain = blake2b(b"alice", key=b"fedcba9876543210", digest_size=8).hexdigest()
    assert made.split(":")[1] == plain
    # and the same without the name
    assert Hashes(b"fedcba9876543210").personal("alice") == plain


def test_after_a_rotation_old_hashes_are_found_by_the_old_key_alone() -> None:
    old, new = (Hashes.named(name, OLD) for name in ("PII_2025", "PII_2026"))
    stored = old.personal("alice") or ""
    assert old.matches(stored, "alice")
    assert not old.matches(stored, "bob")
    assert not old.matches(stored, "")
    assert not new.matches(stored, "alice")
    # another secret under the old name is told apart, too
    changed = Hashes.named("PII_2025", {"PII_2025": "another secret!!"})
    assert changed.id != old.id
    assert not changed.matches(stored, "alice")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("PII_2027", "The hash key PII_2027 is not set"),
        ("SHORT", "shorter than 16 characters"),
        ("s3cret-pasted-instead-of-its-name!", "is no name of an environment variable"),
    ],
)
def test_a_key_that_is_none_is_refused_and_not_shown(name: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told) as raised:
        Hashes.named(name, {"SHORT": "tooshort"})
    assert "tooshort" not in str(raised.value)
