"""What one user wrote and another was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from monitoring_pipelines.pipeline.crossing import PUBLIC, crossed
from tests.backends.duckdb.test_texts import rows

if TYPE_CHECKING:
    from pathlib import Path

ROLES = {"text_in": "asked", "text_out": "said", "end_user": "who"}


def found(folder: Path, *said: tuple[str, str, str]) -> dict[str, int]:
    frame = pd.DataFrame(said, columns=["who", "asked", "said"])
    return dict(crossed(rows(folder, frame), ROLES).counts)


def test_told_to_another(tmp_path: Path) -> None:
    ana = ("ana", "I am ana@bank.org", "Hello")
    assert found(tmp_path, ana, ("bo", "who is it?", "ask ana@bank.org")) == {"email": 1}


def test_told_back_to_the_same_person(tmp_path: Path) -> None:
    ana = ("ana", "I am ana@bank.org", "Hello")
    assert found(tmp_path, ana, ("ana", "who am I?", "you are ana@bank.org")) == {}


def test_what_nobody_wrote_is_nobodys(tmp_path: Path) -> None:
    assert found(tmp_path, ("bo", "whom to ask?", "ask help@bank.org")) == {}


def test_what_many_wrote_is_public(tmp_path: Path) -> None:
    many = [(f"user{i}", "is help@bank.org right?", "yes") for i in range(PUBLIC)]
    assert found(tmp_path, *many, ("bo", "whom to ask?", "ask help@bank.org")) == {}
    few = many[: PUBLIC - 1]
    assert found(tmp_path, *few, ("bo", "whom to ask?", "ask help@bank.org")) == {"email": 1}


def test_without_a_person_nothing_is_told(tmp_path: Path) -> None:
    ana = ("ana", "I am ana@bank.org", "Hello")
    assert found(tmp_path, ana, (None, "who?", "ana@bank.org")) == {}  # type: ignore[arg-type]
