"""Write the pages of `docs/` that code already knows; with ``--check`` only compare.

.venv/bin/python scripts/docs.py [--check]
"""

from __future__ import annotations

import inspect
import sys
import types
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pydantic import BaseModel  # noqa: E402 - after the checkout is on the path

from monitoring_pipelines.config.alerts import Alerts  # noqa: E402
from monitoring_pipelines.config.model import ModelConfig  # noqa: E402
from monitoring_pipelines.config.monitoring import MonitoringConfig  # noqa: E402
from monitoring_pipelines.metrics import (  # noqa: E402
    DRIFT,
    FAIRNESS,
    PERFORMANCE,
    QUALITY,
    SANITY,
    SIGNALS,
)

if TYPE_CHECKING:
    from collections.abc import Collection

HEADER = "<!-- written by scripts/docs.py; `make test` compares -->\n"


def configuration() -> str:
    """Every key of a monitored model, with its default and what it does."""
    lines = [HEADER, "# Configuration of a monitored model\n"]
    lines.append(
        "The same keys in `assets/<model>/defs.yaml` (below `attributes`) and in Python "
        "(`MonitoredModel.model_validate({...})`). `{{ env.X }}` stands for the environment variable "
        "X, everywhere. A secret is never written in YAML.\n"
    )
    lines += _keys(ModelConfig, "Top level")
    lines.append("# Configuration of what all models share\n")
    lines.append("In `assets/monitoring/defs.yaml`, once for all models of a code location.\n")
    lines += _keys(MonitoringConfig, "`Monitoring`", known={Alerts})
    return "\n".join(lines)


def _keys(root: type[BaseModel], title: str, known: Collection[type[BaseModel]] = ()) -> list[str]:
    """A table for `root` and for every section below it that is not `known`."""
    lines = []
    seen = {*known}
    pending: list[tuple[str, type[BaseModel]]] = [("", root)]
    while pending:
        path, section = pending.pop(0)
        if section in seen:
            continue
        seen.add(section)
        lines.append(f"## {f'`{path}`' if path else title}\n")
        lines.append(f"{inspect.cleandoc(section.__doc__ or '')}\n")
        lines += ["| key | type | default | meaning |", "|---|---|---|---|"]
        for name, field in section.model_fields.items():
            default = (
                "required"
                if field.is_required()
                else _default(field.get_default(call_default_factory=True))
            )
            text = " ".join((field.description or "").split()).replace("|", "\\|")
            lines.append(f"| `{name}` | {_type(field.annotation)} | {default} | {text} |")
            pending += [
                (f"{path}.{name}".strip("."), inner) for inner in _sections(field.annotation)
            ]
        lines.append("")
    return lines


def metrics() -> str:
    """The catalogue: every metric with its range, its tolerance and its first sentence."""
    lines = [HEADER, "# Metrics\n"]
    lines.append(
        "Formula, interval or noise floor, and source stand in the module of each metric.\n"
    )
    for title, registry in (
        ("Drift", DRIFT),
        ("Data quality", QUALITY),
        ("Performance", PERFORMANCE),
        ("Fairness", FAIRNESS),
    ):
        lines += [
            f"## {title}\n",
            "| metric | range | worse when | matters from | what |",
            "|---|---|---|---|---|",
        ]
        for metric in registry.values():
            what = _first_sentence(metric)
            low, high = metric.bounds
            relative = " of the reference's value" if getattr(metric, "relative", False) else ""
            worse = str(metric.direction).removesuffix("_is_worse").replace("_", " ")
            lines.append(
                f"| `{metric.name}` | {low:g} to {high:g} | {worse} | {metric.tolerance:g}{relative} | {what} |"
            )
        lines.append("")
    lines += ["## Sanity\n", "| check | what |", "|---|---|"]
    lines += [f"| `{check.name}` | {_first_sentence(check)} |" for check in SANITY.values()]
    lines += [
        "",
        "## Signals of LLM applications and agents\n",
        "A `llm` has one row for each call, an `agent` one for each task. A log that lacks the column",
        "has no such signal; `mlmon coverage` says so.\n",
        "| signal | of | column | worse when | matters from | what |",
        "|---|---|---|---|---|---|",
    ]
    for signal in sorted(SIGNALS.values(), key=lambda one: (one.code, one.name)):
        of = ", ".join(sorted(signal.tasks))
        worse = str(signal.direction).removesuffix("_is_worse")
        relative = " of the reference's value" if signal.relative else ""
        matters = "a limit" if signal.total else f"{signal.tolerance:g}{relative}"
        lines.append(
            f"| `{signal.name}` ({signal.code}) | {of} | `{signal.column}` | {worse} | {matters} | {signal.what} |"
        )
    return "\n".join([*lines, ""])


def _first_sentence(metric: Any) -> str:
    # the file that declares it; its functions may be shared with others
    (own,) = (m for m in sys.modules.values() if vars(m).get("METRIC") is metric)
    text = (own.__doc__ or "").strip()
    return text.split("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def _sections(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _sections(part)]


def _type(annotation: Any) -> str:
    if get_origin(annotation) is Annotated:
        return _type(get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType}:
        parts = [_type(part) for part in get_args(annotation) if part is not type(None)]
        return " or ".join(dict.fromkeys(parts))
    containers = {tuple: ("list of ", 0), dict: ("mapping to ", 1), list: ("list of ", 0)}
    if get_origin(annotation) in containers:
        word, place = containers[get_origin(annotation)]
        return f"{word}{_type(get_args(annotation)[place])}"
    if get_args(annotation):
        return " or ".join(str(value) for value in get_args(annotation))
    return _plain(annotation)


def _plain(annotation: Any) -> str:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "section"
    names = {"str": "text", "int": "whole number", "float": "number", "timedelta": "duration"}
    return names.get(annotation.__name__, annotation.__name__.lower())


def _default(value: Any) -> str:
    if value is None or value in ((), {}, "") or isinstance(value, BaseModel):
        return ""
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds() / 60)
        return f"`{minutes // 1440}d`" if minutes % 1440 == 0 else f"`{minutes}m`"
    return f"`{getattr(value, 'value', value)}`"


def main() -> int:
    """Write or compare the pages."""
    stale = []
    for name, text in (("configuration", configuration()), ("metrics", metrics())):
        page = ROOT / "docs" / f"{name}.md"
        if "--check" in sys.argv:
            if not page.exists() or page.read_text(encoding="utf-8") != text:
                stale.append(page.name)
        else:
            page.write_text(text, encoding="utf-8")
    if stale:
        sys.stderr.write(f"{', '.join(stale)} differ from the code: run scripts/docs.py\n")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
