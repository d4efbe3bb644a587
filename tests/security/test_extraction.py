"""A thief among users that differ, users that only differ, and too few to tell."""

from __future__ import annotations

import numpy as np

from monitoring_pipelines.security.extraction import MIN_USERS, Queries, suspects


def users(rng: np.random.Generator, m: int = 40, spread: float = 0.03) -> list[Queries]:
    """Log-normal volumes, and shares that differ from user to user."""
    n = np.maximum(rng.lognormal(6, 1, m).astype(int), 1)
    shares = [np.clip(rng.normal(p, spread, m), 0.001, 0.999) for p in (0.1, 0.05, 0.4)]
    drawn = [rng.binomial(n, share) / n for share in shares]
    return [Queries(int(n[i]), *(float(one[i]) for one in drawn)) for i in range(m)]


def test_nobody_is_one_without_a_thief() -> None:
    rng = np.random.default_rng(2)
    found = sum(bool(suspects(users(rng))) for _ in range(400))
    # a window in a hundred would be four
    assert found <= 4


def test_a_thief_is_one() -> None:
    rng = np.random.default_rng(3)
    thief = Queries(60_000, 0.5, 0.4, 0.95)
    # a hundred and fifty times the median is beyond three spreads of most samples of forty
    assert sum(suspects([*users(rng), thief]) == 1 for _ in range(20)) >= 18


def test_neither_volume_nor_one_sign_alone_is_enough() -> None:
    rng = np.random.default_rng(4)
    assert suspects([*users(rng), Queries(50_000, 0.1, 0.05, 0.4)]) == 0
    assert suspects([*users(rng), Queries(50_000, 0.9, 0.05, 0.4)]) == 0
    assert suspects([*users(rng), Queries(150, 0.9, 0.9, 1.0)]) == 0


def test_too_few_users_tell_nothing() -> None:
    few = [Queries(500, 0.1, 0.1, 0.1)] * (MIN_USERS - 1)
    assert suspects(few) is None
    assert suspects([]) is None
    assert suspects([*few, Queries(5, 0.1, 0.1, 0.1)]) is None


def test_shares_that_the_log_cannot_tell_are_no_signs() -> None:
    few = [Queries(500, None, 0.1, 0.1)] * 20
    assert suspects([*few, Queries(90_000, None, 0.9, 1.0)]) == 1
    assert suspects([*few, Queries(90_000, None, 0.9, 0.1)]) == 0
