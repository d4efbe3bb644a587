"""The only place that reads the environment: where the database is, what Slack is called by."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from monitoring_pipelines.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from monitoring_pipelines.pipeline.model import Model

DATABASE = "MONITORING_DATABASE_URL"
UI = "MONITORING_UI_URL"


def open_store(root: Path) -> Store:
    """Open the monitoring database; by default an SQLite file under the project's `.monitoring`."""
    return Store.open(os.environ.get(DATABASE) or default_url(root))


def default_url(root: Path) -> str:
    """URL of the embedded database of a project."""
    return f"sqlite:///{root / '.monitoring' / 'monitoring.db'}"


def ui_url() -> str | None:
    """Base URL of the Dagster UI, for links in messages."""
    return (os.environ.get(UI) or "").rstrip("/") or None


def flush_alerts(
    model: Model, store: Store, now: datetime, run_id: str, tell: Callable[[str], None]
) -> None:
    """Temporary until alerts are merged."""
