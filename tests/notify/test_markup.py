from __future__ import annotations

from html.parser import HTMLParser

from monitoring_pipelines.alerts.links import Link
from monitoring_pipelines.alerts.message import Chart, Stage, Table
from monitoring_pipelines.notify.markup import GREEN, ORANGE, html
from tests.notify.messages import message

HOSTILE = "<script>alert(1)</script>\"'&lt;b&gt; <!channel> https://evil.example/x"


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def test_a_whole_message() -> None:
    page = html(message(table=Table(("check", "value"), (("psi", "0.3"),)), handled="Ann has it."))
    for part in ("HIGH", "roc_auc is 0.804", "Rows", "31,204", "Do next", "psi", "Ann has it."):
        assert part in page
    assert ORANGE in page
    assert Tags(page).links == ["https://dagster.example/runs/3f2b"]


def test_what_is_over_is_struck_through_and_green() -> None:
    page = html(message(stage=Stage.RESOLVED, before="roc_auc is 0.804.", what="Back to normal."))
    assert GREEN in page
    assert "<s>roc_auc is 0.804.</s>" in page


def test_no_text_becomes_a_tag_or_a_link() -> None:
    plain = Tags(html(message()))
    hostile = Tags(
        html(
            message(
                title=HOSTILE,
                what=HOSTILE,
                detail=HOSTILE,
                owner=HOSTILE,
                steps=(HOSTILE,) * 2,
                small=(HOSTILE,),
                links=(
                    Link(HOSTILE, "https://dagster.example/runs/3f2b"),
                    Link("x", "javascript:alert(1)"),
                ),
            )
        )
    )
    assert hostile.tags == plain.tags
    assert hostile.links == plain.links


def test_a_picture_has_words_for_who_sees_none() -> None:
    page = html(message(chart=Chart('a"b', ("x",), (1.0,))), "cid:chart")
    assert Tags(page).links[0] == "cid:chart"
    assert 'alt="chart of a&quot;b"' in page
