"""The order in which causes are told, whoever tells them."""

from __future__ import annotations

import pytest

from monitoring_pipelines.domain.cause import GAIN, MOST, Told, ranked

MIX, LESS = Told(("a",), False, MOST), Told(("a",), False, MOST - 0.01)
LOCAL, PAIR = Told(("b",), True, 0.9), Told(("b", "c"), True, 0.8)
# all features together: little more than `MIX` explains, and clearly more
ALIKE, CLEAR = Told((), False, MOST * GAIN - 0.01), Told((), False, MOST * GAIN + 0.01)


@pytest.mark.parametrize(
    ("causes", "order"),
    [
        ([LOCAL, MIX], [MIX, LOCAL]),
        ([LESS, LOCAL], [LOCAL, LESS]),
        ([LOCAL, PAIR], [PAIR, LOCAL]),
        ([LOCAL, PAIR, MIX], [MIX, PAIR, LOCAL]),
        ([ALIKE, MIX], [MIX, ALIKE]),
        ([MIX, CLEAR], [CLEAR, MIX]),
        ([LOCAL, CLEAR], [CLEAR, LOCAL]),
        ([], []),
    ],
)
def test_order(causes: list[Told], order: list[Told]) -> None:
    assert ranked(causes, lambda cause: cause) == order
