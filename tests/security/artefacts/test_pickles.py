"""The machine follows what Python's own unpickler does, and refuses names that are not listed."""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict, defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from monitoring_pipelines.security.artefacts.outcome import Limits, UnsafeError, UnverifiedError
from monitoring_pipelines.security.artefacts.pickles import follow
from monitoring_pipelines.security.artefacts.stream import Bounded, Budget


def followed(data: bytes, **limits: Any) -> None:
    follow(Bounded(io.BytesIO(data), Budget(1 << 30)), Limits(**limits))


VALUES: list[Any] = [
    None, True, 1, -(2**70), 1.5, "text", "é" * 2_000, b"bytes", b"x" * 5_000, bytearray(b"x"),
    [], [1, [2]], (), (1,), (1, 2, 3, 4), {}, {"a": {"b": 1}}, {i: str(i) for i in range(2_000)},
    {1, 2}, frozenset({1}), list(range(3_000)), tuple(range(100)),
    OrderedDict(a=1), defaultdict(list, a=[1]), datetime(2026, 1, 1, tzinfo=UTC), Decimal("1.5"),
    np.arange(5), np.float64(1.5), np.random.default_rng(0),
]  # fmt: skip


# before protocol 2 arrays are written by code pages, which are no ordinary values
FOLLOWED = [
    pytest.param(value, protocol, id=f"{type(value).__name__}-{protocol}")
    for value in VALUES
    for protocol in range(2 if isinstance(value, np.ndarray | np.float64) else 0, 6)
]


@pytest.mark.parametrize(("value", "protocol"), FOLLOWED)
def test_ordinary_values_are_followed_to_their_end(value: Any, protocol: int) -> None:
    followed(pickle.dumps(value, protocol=protocol))


def test_a_value_that_is_shared_is_known_again() -> None:
    shared = ["x"]
    followed(pickle.dumps([shared, shared, (shared, shared)]))


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        (b"cos\nsystem\n.", UnsafeError, "os.system would run something"),
        (b"cacme\nThing\n.", UnverifiedError, "acme.Thing is not on the list"),
        (b"cbuiltins\nlist\n)R)R.", UnsafeError, "made at run time"),
        (b"h\x05.", UnverifiedError, "KeyError"),
        (b".", None, ""),
        (b"", UnverifiedError, "ends in the middle"),
        (b"\xff", UnverifiedError, "no operation"),
        (b"0.", UnverifiedError, "IndexError"),
        (b"cbuiltins\nlist\nK\x01a.", UnsafeError, "changes builtins.list"),
    ],
)
def test_what_is_refused_and_why(data: bytes, error: type[Exception] | None, said: str) -> None:
    if error is None:
        followed(data)
        return
    with pytest.raises(error, match=said):
        followed(data)


def test_endless_operations_end() -> None:
    with pytest.raises(UnverifiedError, match="more operations"):
        followed(b"N0" * 100, n_operations=50)
