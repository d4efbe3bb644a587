"""A draft is a card that loads, and its comments are comments whatever stands in them."""

from __future__ import annotations

import pytest
import yaml

from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.pipeline.cards.draft import LEFT, Draft
from tests.pipeline.lab import declared


def test_what_is_written_is_read_again() -> None:
    filled = {"purpose": "credit: #1", "authors": ["ana", "no"], "tier": 2}
    text = Draft("a file", filled, ["more"]).text()
    assert yaml.safe_load(text) == filled
    assert declared(governance=yaml.safe_load(text)).governance.authors == ("ana", "no")
    assert "# - more\n" in text
    for name in LEFT:
        assert (f"# {name}: " in text) == (name not in filled)


def test_text_of_the_source_ends_no_comment() -> None:
    draft = Draft("a\ntier: 1", {}, ["x\r\ntier: 1\x85tier: 1\u2028tier: 1", "y" * 999])
    assert yaml.safe_load(draft.text()) is None
    assert "y" * 201 not in draft.text()


def test_what_is_no_card_is_refused_where_it_stands() -> None:
    with pytest.raises(ConfigError, match=r"^\['tier'\] .*\(tier\)$"):
        Draft("f", {"tier": 7}).check(lambda place, told: ConfigError(f"{[*place]} {told}"))


def test_every_key_that_is_left_is_one_of_the_card() -> None:
    assert {*LEFT} <= {*type(declared().governance).model_fields}
