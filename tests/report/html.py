"""HTML read by a parser that forgives nothing: every element is closed by its own end."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "input", "link"}


@dataclass
class Element:
    """An element, the text directly and indirectly in it, and its children."""

    name: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    parts: list[str | Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        told = [part if isinstance(part, str) else part.text for part in self.parts]
        return " ".join("".join(told).split())

    def all(self, name: str, kind: str = "") -> list[Element]:
        """Elements below this one with a name, and a class if one is given."""
        found = []
        for child in self.children:
            if child.name == name and (not kind or kind in child.attributes.get("class", "")):
                found.append(child)
            found += child.all(name, kind)
        return found

    def one(self, id_: str) -> Element:
        """The section with this id."""
        [found] = [e for e in self.all("section") if e.attributes.get("id") == id_]
        return found

    def table(self, caption: str) -> list[dict[str, str]]:
        """Rows of the first table whose caption begins like this, by their headings."""
        tables = self.all("table")
        table = next(t for t in tables if t.all("caption")[0].text.startswith(caption))
        head = [cell.text for cell in table.all("thead")[0].all("th")]
        rows = table.all("tbody")[0].all("tr")
        cells = [[e.text for e in row.children if e.name in {"td", "th"}] for row in rows]
        return [dict(zip(head, row, strict=True)) for row in cells]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len({*names}), f"an attribute of <{tag}> stands twice: {names}"
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(made)
        self.open[-1].parts.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def parsed(html: str) -> Element:
    """The root of a whole and well-formed page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"not closed: {[e.name for e in reader.open[1:]]}"
    return reader.open[0]
