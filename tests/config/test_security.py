"""The section `security`: on by default, off in one word, and no misspelt id."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.pipeline.lab import declared


@pytest.mark.parametrize("value", ["standard", {"profile": "standard"}, {}])
def test_is_on(value: Any) -> None:
    assert declared(security=value).security.is_on


@pytest.mark.parametrize("value", ["off", False, {"profile": "off"}, {"profile": False}])
def test_is_off(value: Any) -> None:
    assert not declared(security=value).security.is_on


def test_single_signals() -> None:
    found = declared(security={"signals": {"SEC-08": False}, "tolerances": {"SEC-08": 0.1}})
    assert (found.security.off, found.security.warns) == (frozenset({"SEC-08"}), frozenset())
    assert declared(security={"signals": {"SEC-08": "warn"}}).security.warns == {"SEC-08"}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"signals": {"SEC-99": "off"}}, "Unknown signal 'SEC-99'"),
        ({"tolerances": {"SEC-08": 0}}, "above 0"),
        ({"colums": {}}, "Did you mean 'columns'"),
        ({"canaries": ["short"]}, "eight letters and digits"),
        ({"tolerances": {"SEC-07": 0.1}}, "one finding is enough"),
        ({"columns": {"text": "x"}}, "Unknown key 'text'"),
    ],
)
def test_what_cannot_be_is_refused(value: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        declared(security=value)


def test_no_summary_is_read_again_for_it() -> None:
    plain, other = declared(), declared(security={"texts": ["kind"]})
    assert plain.summary_fingerprint == other.summary_fingerprint
    assert plain.fingerprint == other.fingerprint
