"""Elements of SVG as text, with every attribute and text escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from monitoring_pipelines.report.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

Value = str | float


def tag(name: str, *inside: str | Markup, **attributes: Value) -> Markup:
    """One element. Underscores in names of attributes are hyphens; ``class_`` is ``class``.

    >>> str(tag("line", x1=0, y2=1.25, class_="grid"))
    '<line x1="0" y2="1.25" class="grid"/>'
    >>> str(tag("title", "a < b"))
    '<title>a &lt; b</title>'
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
    )
    if not inside:
        return Markup(f"<{name}{told}/>")  # noqa: S704 - all values were escaped
    content = "".join(part if isinstance(part, Markup) else _text(part) for part in inside)
    return Markup(f"<{name}{told}>{content}</{name}>")  # noqa: S704 - all values were escaped


def picture(width: float, height: float, label: str, parts: Iterable[Markup], kind: str) -> Markup:
    """A drawing that a reader who sees nothing hears as `label`."""
    return tag(
        "svg",
        Markup().join(parts),
        viewBox=f"0 0 {coordinate(width)} {coordinate(height)}",
        role="img",
        aria_label=label,
        class_=kind,
    )


def path(points: Iterable[tuple[float, float]]) -> str:
    """``points`` of a polyline or a polygon.

    >>> path([(0, 1), (2.5, 3.14159)])
    '0,1 2.5,3.1'
    """
    return " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in points)


def coordinate(value: float) -> str:
    """A tenth of a unit is finer than any screen."""
    return f"{value:.1f}".removesuffix(".0")


def _value(value: Value) -> str:
    return _text(value) if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    return str(escape(visible(text, 4_000_000)))
