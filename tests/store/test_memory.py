from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.store.memory import Memory

if TYPE_CHECKING:
    import sqlalchemy as sa


def test_facts_are_kept_for_a_while(alert_engine: sa.Engine) -> None:
    memory = Memory(alert_engine)
    assert not memory.knows("slack:T1", "no_charts")
    memory.learn("slack:T1", "no_charts")
    memory.learn("slack:T1", "no_charts")
    assert Memory(alert_engine).knows("slack:T1", "no_charts")
    assert not memory.knows("slack:T2", "no_charts")
    assert not memory.knows("slack:T1", "no_charts", valid=timedelta())


def test_an_upload_is_known_by_its_message(alert_engine: sa.Engine) -> None:
    memory = Memory(alert_engine)
    assert memory.upload("inc_1:picture") is None
    memory.keep_upload("inc_1:picture", "F1", "0" * 64, "begun")
    memory.keep_upload("inc_1:picture", "F2", "0" * 64, "sharing")
    assert memory.upload("inc_1:picture") == ("F2", "sharing")
