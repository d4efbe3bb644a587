"""What is known of texts, by role and by scanner."""

from __future__ import annotations

from monitoring_pipelines.security.facts import OUTPUT, TEXT, Facts, TextColumn, occurrence_key
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary


def test_columns_are_read_by_their_role() -> None:
    answer, note = TextColumn("answer", OUTPUT), TextColumn("note", TEXT)
    facts = Facts(alpha=0.01, texts=(answer, note))
    assert facts.reads(frozenset({OUTPUT})) == (answer,)
    assert facts.occurrences("personal_data", "answer") == (None, None)


def test_what_was_found_now_and_before() -> None:
    found = Occurrences(3, {"email": 1})
    now = SecuritySummary(3, {occurrence_key("personal_data", "answer"): found})
    facts = Facts(alpha=0.01, now=now, usual=SecuritySummary(9))
    assert facts.occurrences("personal_data", "answer") == (found, None)


def test_what_people_set_counts() -> None:
    facts = Facts(alpha=0.01, tolerances={"SEC-08": 0.2})
    assert (facts.tolerance("SEC-08", 0.1), facts.tolerance("SEC-01", 0.1)) == (0.2, 0.1)


def test_columns_without_a_text_are_left_out_unless_none_has_one() -> None:
    columns = (TextColumn("a", TEXT), TextColumn("b", TEXT), TextColumn("said", OUTPUT))
    now = SecuritySummary(9, {occurrence_key("s", "b"): Occurrences(3)})
    facts = Facts(alpha=0.1, texts=columns, now=now)
    roles = frozenset({TEXT, OUTPUT})
    assert [column.name for column in facts.written("s", roles)] == ["b", "said"]
    assert [c.name for c in facts.written("s", frozenset({TEXT}))] == ["b"]
    assert [c.name for c in facts.written("other", frozenset({TEXT}))] == ["a"]
