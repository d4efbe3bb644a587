"""A YAML file, or a Markdown file that begins with YAML, that knows the line of every key."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from monitoring_pipelines.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAX_BYTES = 1_000_000
FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)(.*)", re.S | re.M)


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says: `content`, and of a Markdown file the `text` below it, from `text_line`."""

    path: Path
    content: dict[str, Any]
    text: str = ""
    text_line: int = 1
    _node: yaml.Node | None = field(default=None, repr=False)
    _above: int = 0

    def line_of(self, place: Sequence[str | int]) -> int:
        """Line of a key or an item, or of the nearest one around it."""
        node, line = self._node, 1 + self._above
        for step in place:
            found = _within(node, step)
            if found is None:
                break
            line, node = found[0] + 1 + self._above, found[1]
        return line

    def fault(self, place: Sequence[str | int], told: str) -> ConfigError:
        """An error that names file and line."""
        return ConfigError(f"{self.path}:{self.line_of(place)}: {told}")


def read_document(path: Path) -> Document:
    """Read `path`; raises a `ConfigError` with file and line."""
    text = read_text(path)
    if path.suffix.lower() != ".md":
        return _parsed(path, text, 0)
    match = FRONT_MATTER.match(text)
    if match is None:
        raise ConfigError(
            f"{path}:1: it does not begin with YAML between two lines of ---, as a card does."
        )
    above = text[: match.start(1)].count("\n")
    document = _parsed(path, match[1], above)
    line = text[: match.start(2)].count("\n") + 1
    return Document(path, document.content, match[2], line, document._node, above)  # noqa: SLF001 - its own


def read_text(path: Path) -> str:
    """Text of a file of moderate size."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(f"'{path}' is larger than {MAX_BYTES:,} bytes, so it is no card.")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"There is no file '{path}'.") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"'{path}' is not UTF-8 at byte {error.start}.") from None
    except OSError as error:
        raise ConfigError(f"'{path}' cannot be read: {error.strerror}.") from None


def _parsed(path: Path, text: str, above: int) -> Document:
    node: yaml.Node | None = None
    try:
        if path.suffix.lower() == ".json":
            content = json.loads(text)
        else:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
            _refuse_repeated(node)
            content = yaml.safe_load(text)
    except json.JSONDecodeError as error:
        raise ConfigError(f"{path}:{error.lineno}: it is no JSON: {error.msg}.") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = (mark.line if mark else 0) + 1 + above
        raise ConfigError(f"{path}:{line}: it is no YAML: {error.problem}.") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        told = " ".join(str(error).split())[:200]
        raise ConfigError(f"{path}:{1 + above}: it is no YAML: {told}.") from None
    if content is None:
        content = {}
    if not isinstance(content, dict) or not all(isinstance(name, str) for name in content):
        raise ConfigError(f"{path}:{1 + above}: it holds no names with values.")
    return Document(path, content, "", 1, node, above)


def _refuse_repeated(node: yaml.Node | None, seen: int = 0) -> None:
    """A key that stands twice: YAML would take the last one and say nothing."""
    if isinstance(node, yaml.MappingNode):
        names = set()
        for key, value in node.value:
            if key.value in names:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value} stands twice", problem_mark=key.start_mark
                )
            names.add(key.value if isinstance(key.value, str) else id(key))
            _refuse_repeated(value, seen + 1)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated(item, seen + 1)


def _within(node: yaml.Node | None, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    return None
