"""Hashes stand for text: equal for equal, useless without the key."""

from __future__ import annotations

from hashlib import blake2b

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
