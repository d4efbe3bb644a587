"""Names to plugins: one door for built-in and for third-party ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from monitoring_pipelines.errors import ConfigError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


class Registry(Generic[T]):
    """A mapping that refuses a second owner of a name and suggests one for a misspelt name.

    >>> channels = Registry[str]("channel")
    >>> channels.add("slack", "S")
    >>> channels["slak"]
    Traceback (most recent call last):
    monitoring_pipelines.errors.UnknownNameError: Unknown channel 'slak'. Did you mean 'slack'? Known: slack.
    """  # noqa: E501 - one sentence of output

    def __init__(self, what: str) -> None:
        self._what = what
        self._items: dict[str, T] = {}

    def add(self, name: str, item: T) -> None:
        """Register `item`; a name is given once."""
        if name in self._items:
            raise ConfigError(f"The {self._what} '{name}' is registered twice.")
        self._items[name] = item

    def __getitem__(self, name: str) -> T:
        try:
            return self._items[name]
        except KeyError:
            raise UnknownNameError(self._what, name, self._items) from None

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._items))

    def __len__(self) -> int:
        return len(self._items)

    def values(self) -> list[T]:
        """All items, in the order of their names."""
        return [self._items[name] for name in self]
