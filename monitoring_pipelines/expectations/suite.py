"""A suite of expectations as a user writes it: a file of Great Expectations, or a list in YAML.

Nothing here imports Great Expectations, which takes seconds; the names of its expectations are
read from the file names of the installed package.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.errors import ConfigError, UnknownNameError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# the keys of one item in an exported suite; what is not judged is accepted and left alone
_ITEM_KEYS = frozenset(
    {
        "type", "expectation_type", "kwargs", "severity", "meta", "id", "notes", "description",
        "rendered_content", "expectation_context", "success_on_last_run", "windows",
    }
)  # fmt: skip
# how Great Expectations should report is decided here (never with values), not by the suite
_REPORT_KEYS = frozenset(
    {"result_format", "catch_exceptions", "include_config", "batch_id", "meta", "severity"}
)
_LONGEST_NAME = 120


class Severity(StrEnum):
    """How bad a failure is; the words are Great Expectations'."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class ExpectationSpec:
    """One expectation: its type in Great Expectations, its arguments, how bad a failure is."""

    type: str
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.CRITICAL

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose values it is about, in order; none if it is about the table."""
        if self.type.startswith("expect_table_"):
            return ()
        single = [self.kwargs.get(key) for key in ("column", "column_A", "column_B")]
        several = self.kwargs.get("column_list") or ()
        return tuple(str(name) for name in (*single, *several) if name is not None)


@dataclass(frozen=True, slots=True)
class ExpectationSuite:
    """Expectations that belong together, in the order they were written."""

    name: str
    expectations: tuple[ExpectationSpec, ...]

    @property
    def check_names(self) -> tuple[str, ...]:
        """One unique name of ``[A-Za-z0-9_]+`` for each expectation, as Dagster's checks need it.

        >>> spec = ExpectationSpec("expect_column_values_to_not_be_null", {"column": "age (y)"})
        >>> ExpectationSuite("s", (spec, spec)).check_names
        ('expect_column_values_to_not_be_null__age_y', 'expect_column_values_to_not_be_null__age_y__2')
        """  # noqa: E501 - one line of output
        names: dict[str, None] = {}
        for spec in self.expectations:
            base = name = _slug(spec)
            number = 1
            while name in names:
                number += 1
                name = f"{base}__{number}"
            names[name] = None
        return tuple(names)

    def __iter__(self) -> Iterator[ExpectationSpec]:
        return iter(self.expectations)

    def __len__(self) -> int:
        return len(self.expectations)


def _slug(spec: ExpectationSpec) -> str:
    """Type and columns in legal characters; what is lost is told apart by numbering."""
    legal = (re.sub(r"[^A-Za-z0-9]+", "_", column).strip("_") for column in spec.columns)
    return "__".join((spec.type, *(part for part in legal if part)))[:_LONGEST_NAME]


@cache
def known_types() -> frozenset[str]:
    """Names of the expectations that the installed Great Expectations brings.

    Looking for a top-level package does not import it; each expectation is a file of its name.
    """
    spec = find_spec("great_expectations")
    folders = (spec and spec.submodule_search_locations) or []
    return frozenset(
        file.stem
        for folder in folders
        for file in Path(folder, "expectations", "core").glob("expect_*.py")
    )


def load_suite(source: str | Path | Sequence[object], base_folder: Path) -> ExpectationSuite:
    """The suite in a JSON file (relative to `base_folder`), or given as a list of items.

    Raises `ConfigError`, with the place and the likely name, for anything that cannot work.
    """
    if not isinstance(source, str | Path):
        return ExpectationSuite("expectations", _specs(source, "`expectations`"))
    path = base_folder / source
    document = _document(path)
    name = document.get("name") or document.get("expectation_suite_name") or path.stem
    items = document.get("expectations")
    if not isinstance(items, list):
        raise ConfigError(f"'{path}' has no list `expectations`, so it is no exported suite.")
    return ExpectationSuite(str(name), _specs(items, f"'{path}'"))


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        others = (file.name for file in path.parent.glob("*.json"))
        raise ConfigError(
            f"No expectation suite at '{path}'. {suggestion(path.name, others)}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The expectation suite '{path}' cannot be read: {error}.") from error
    except json.JSONDecodeError as error:
        raise ConfigError(
            f"The expectation suite '{path}' is not JSON: line {error.lineno}, "
            f"column {error.colno}: {error.msg}."
        ) from error
    if not isinstance(document, dict):
        raise ConfigError(f"'{path}' holds no JSON object, so it is no exported suite.")
    return document


def _specs(items: Iterable[object], where: str) -> tuple[ExpectationSpec, ...]:
    return tuple(
        _spec(item, f"Expectation {number} of {where}") for number, item in enumerate(items, 1)
    )


def _spec(item: object, where: str) -> ExpectationSpec:
    """One item in its long form (`type`, `kwargs`) or its short one (`type: kwargs`)."""
    if isinstance(item, ExpectationSpec):
        return item
    if isinstance(item, str):
        item = {item: {}}
    if not isinstance(item, dict) or not all(isinstance(key, str) for key in item):
        raise ConfigError(f"{where} must be a type with its arguments, not {type(item).__name__}.")
    if len(item) == 1 and not item.keys() & _ITEM_KEYS:
        ((name, kwargs),) = item.items()
        # the severity of a short form stands among the arguments
        severity = kwargs.get("severity") if isinstance(kwargs, dict) else None
        return _checked(name, kwargs, severity, where)
    unknown = sorted(item.keys() - _ITEM_KEYS)
    if unknown:
        raise ConfigError(
            f"{where} has the unknown key '{unknown[0]}'. {suggestion(unknown[0], _ITEM_KEYS)}"
        )
    # before 1.0 Great Expectations wrote `expectation_type`
    name = item.get("type") or item.get("expectation_type")
    return _checked(name, item.get("kwargs"), item.get("severity"), where)


def _checked(name: object, kwargs: object, severity: object, where: str) -> ExpectationSpec:
    if not isinstance(name, str):
        raise ConfigError(f"{where} has no `type`.")
    if known_types() and name not in known_types():
        raise _unknown_type(name, where)
    if kwargs is None:
        kwargs = {}
    if not isinstance(kwargs, dict):
        raise ConfigError(f"{where}: the arguments of {name} must be a mapping.")
    for key, value in kwargs.items():
        if isinstance(value, dict) and "$PARAMETER" in value:
            raise ConfigError(f"{where}: write the value of `{key}`; $PARAMETER is not supported.")
    used = {key: value for key, value in kwargs.items() if key not in _REPORT_KEYS}
    return ExpectationSpec(name, used, _severity(severity, where))


def _severity(value: object, where: str) -> Severity:
    try:
        return Severity.CRITICAL if value is None else Severity(str(value))
    except ValueError:
        raise ConfigError(
            f"{where} has the unknown severity '{value}'. {suggestion(str(value), Severity)}"
        ) from None


def _unknown_type(name: str, where: str) -> ConfigError:
    error = UnknownNameError("expectation", name, known_types())
    # sixty names would bury the sentence; the likely one stays
    sentence = str(error).partition(" Known: ")[0]
    return ConfigError(f"{sentence} ({where})")
