"""Addresses by RFC 5322 as people write them; reserved domains by RFC 2606."""

from __future__ import annotations

import pytest

from monitoring_pipelines.security.personal.email import EMAIL


def found(text: str) -> list[str]:
    normal = ((EMAIL.normal(match[0])) for match in EMAIL.pattern.finditer(text))
    return [one for one in normal if one is not None]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("write to Ana.Bo+x@bank-of.co.uk.", "ana.bo+x@bank-of.co.uk"),
        ("<a_b@x.io>", "a_b@x.io"),
    ],
)
def test_is_found(text: str, normal: str) -> None:
    assert found(text) == [normal]


@pytest.mark.parametrize(
    "text",
    [
        "user@example.com",
        "root@host",
        "a@b..org",
        "icon@2x.png",
        "git@github.com:org/repo",
        "https://u:p@host.org/x",
        "@decorator.name",
        "ana@mail.test",
    ],
)
def test_is_none(text: str) -> None:
    assert found(text) == []
