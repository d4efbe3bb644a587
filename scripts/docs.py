"""Write the pages of `docs/` that code already knows; with ``--check`` only compare.

.venv/bin/python scripts/docs.py [--check]
"""

from __future__ import annotations

import inspect
import sys
import types
from pathlib import Path
from typing import Any, Union, get_args, get_origin

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pydantic import BaseModel  # noqa: E402 - after the checkout is on the path

from monitoring_pipelines.config.model import ModelConfig  # noqa: E402
from monitoring_pipelines.metrics import DRIFT, PERFORMANCE, QUALITY  # noqa: E402

HEADER = "<!-- written by scripts/docs.py; `make test` compares -->\n"


def configuration() -> str:
    """Every key of a monitored model, with its default and what it does."""
    lines = [HEADER, "# Configuration of a monitored model\n"]
    lines.append(
        "The same keys in `assets/<model>/defs.yaml` (below `attributes`) and in Python "
        "(`MonitoredModel.model_validate({...})`). `{{ env.X }}` stands for the environment variable "
        "X, everywhere. A secret is never written in YAML.\n"
    )
    seen: set[type[BaseModel]] = set()
    pending: list[tuple[str, type[BaseModel]]] = [("", ModelConfig)]
    while pending:
        path, section = pending.pop(0)
        if section in seen:
            continue
        seen.add(section)
        lines.append(f"## {f'`{path}`' if path else 'Top level'}\n")
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
    return "\n".join(lines)


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
    ):
        lines += [
            f"## {title}\n",
            "| metric | range | worse when | matters from | what |",
            "|---|---|---|---|---|",
        ]
        for metric in registry.values():
            module = inspect.getmodule(metric.compute)
            what = (
                (module.__doc__ or "")
                .strip()
                .split("\n\n")[0]
                .replace("\n", " ")
                .replace("|", "\\|")
            )
            low, high = metric.bounds
            relative = " of the reference's value" if getattr(metric, "relative", False) else ""
            worse = str(metric.direction).removesuffix("_is_worse").replace("_", " ")
            lines.append(
                f"| `{metric.name}` | {low:g} to {high:g} | {worse} | {metric.tolerance:g}{relative} | {what} |"
            )
        lines.append("")
    return "\n".join(lines)


def _sections(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _sections(part)]


def _type(annotation: Any) -> str:
    if get_origin(annotation) in {Union, types.UnionType}:
        parts = [_type(part) for part in get_args(annotation) if part is not type(None)]
        return " or ".join(dict.fromkeys(parts))
    if get_origin(annotation) is tuple:
        return f"list of {_type(get_args(annotation)[0])}"
    if get_origin(annotation) is dict:
        return f"mapping to {_type(get_args(annotation)[1])}"
    if get_origin(annotation) is list:
        return "list"
    if get_args(annotation):
        return " or ".join(str(value) for value in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "section"
    names = {"str": "text", "int": "whole number", "float": "number", "timedelta": "duration"}
    return names.get(annotation.__name__, annotation.__name__.lower())


def _default(value: Any) -> str:
    if value is None or value in ((), {}, "") or isinstance(value, BaseModel):
        return ""
    text = str(getattr(value, "value", value))
    return f"`{text}`" if text != "0:00:00" else "`0d`"


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
