from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_pipelines.alerts.condition import Policy, State, fold
from monitoring_pipelines.alerts.severity import Severity
from tests.alerts.histories import day, evaluations

HISTORIES = st.text("BCo.", max_size=20)
POLICIES = st.sampled_from(
    [Policy(), Policy(breaches=1, of=1, clear=1), Policy(breaches=3, of=5, clear=3)]
)


@pytest.mark.parametrize(
    ("history", "state"),
    [
        pytest.param("", State.OK, id="nothing was ever judged"),
        pytest.param("oB", State.PENDING, id="one breach waits for a second one"),
        pytest.param("BoB", State.FIRING, id="two of the last three"),
        pytest.param("BooB", State.PENDING, id="two of the last four are not enough"),
        pytest.param("Boo", State.PENDING, id="a breach is still among the last three"),
        pytest.param("Booo", State.OK, id="three windows without a breach"),
        pytest.param("oC", State.FIRING, id="critical fires at once"),
        pytest.param("BBo", State.RECOVERING, id="one ok window is not enough to resolve"),
        pytest.param("BBoo", State.OK, id="two ok windows resolve"),
        pytest.param("BBoB", State.FIRING, id="a breach while recovering"),
        pytest.param("B.B", State.FIRING, id="unknown windows are not judged"),
        pytest.param("BB..", State.FIRING, id="unknown never resolves"),
        pytest.param("o...", State.OK, id="unknown never fires"),
        pytest.param(
            "BBooB", State.PENDING, id="breaches before the resolution do not count again"
        ),
    ],
)
def test_state_after_a_history(history: str, state: State) -> None:
    assert fold(evaluations(history), Policy()).state is state


def test_an_episode_says_since_when_how_often_and_until_when() -> None:
    condition = fold(evaluations("BoBB.oo"), Policy())
    (episode,) = condition.episodes
    assert (episode.since, episode.fired) == (day(0), day(2))
    assert (episode.last, episode.resolved) == (day(3), day(6))
    # judged from the first breach to the last one: B o B B
    assert (episode.n_breaches, episode.n_windows) == (3, 4)


def test_severity_of_an_episode_is_the_worst_that_was_seen() -> None:
    assert fold(evaluations("BBC"), Policy()).severity is Severity.CRITICAL
    assert fold(evaluations("BBB"), Policy()).severity is Severity.HIGH


def test_flapping_keeps_an_episode_open_until_it_is_stable() -> None:
    # the last eight windows B o B o B o o o hold five changes, so two ok windows do not resolve
    flapping = fold(evaluations("BBoBoBooo"), Policy())
    assert (flapping.state, flapping.is_flapping) == (State.RECOVERING, True)
    # two windows later they are B o B o o o o o with three changes
    stable = fold(evaluations("BBoBoBooooo"), Policy())
    assert (stable.state, stable.is_flapping) == (State.OK, False)


def test_the_last_evaluation_of_a_window_wins() -> None:
    first = evaluations("BB")
    corrected = [replace(e, as_of=e.as_of + timedelta(days=9)) for e in evaluations("oo")]
    assert fold([*corrected, *first], Policy()).episodes == ()


@given(history=HISTORIES, policy=POLICIES, data=st.data())
def test_order_and_repetition_do_not_matter(
    history: str, policy: Policy, data: st.DataObject
) -> None:
    original = evaluations(history)
    older = [
        replace(e, as_of=e.as_of - timedelta(hours=1)) for e in evaluations("BoC"[: len(history)])
    ]
    shuffled = data.draw(st.permutations(original + original + older))
    assert fold(shuffled, policy) == fold(original, policy)


@given(history=HISTORIES, policy=POLICIES)
def test_unknown_windows_change_nothing_but_the_newest_window(history: str, policy: Policy) -> None:
    judged = [e for e, letter in zip(evaluations(history), history, strict=True) if letter != "."]
    everything = fold(evaluations(history), policy)
    assert replace(everything, last=None) == replace(fold(judged, policy), last=None)


@given(history=HISTORIES, policy=POLICIES)
def test_every_episode_fired_for_a_reason_and_ended_for_one(history: str, policy: Policy) -> None:
    letters = dict(zip(map(day, range(len(history))), history, strict=True))
    for episode in fold(evaluations(history), policy).episodes:
        until = [letters[w] for w in sorted(letters) if w <= episode.fired and letters[w] != "."]
        breaches = sum(letter in "BC" for letter in until[-policy.of :])
        assert until[-1] == "C" or breaches >= policy.breaches
        if episode.resolved:
            after = [letters[w] for w in sorted(letters) if episode.last < w <= episode.resolved]
            judged = [letter for letter in after if letter != "."]
            assert set(judged) == {"o"}
            assert len(judged) >= policy.clear


@given(history=HISTORIES, policy=POLICIES, later=st.text("BCo.", max_size=5))
def test_later_windows_never_change_when_an_episode_fired(
    history: str, policy: Policy, later: str
) -> None:
    before = fold(evaluations(history), policy).episodes
    after = fold(evaluations(history + later), policy).episodes
    assert [e.fired for e in after][: len(before)] == [e.fired for e in before]
