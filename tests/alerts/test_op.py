from __future__ import annotations

from monitoring_pipelines.alerts.op import Op


def test_an_op_edits_or_starts_or_answers() -> None:
    assert {op for op in Op if op.is_edit} == {Op.UPDATE, Op.RESOLVE}
    assert {op for op in Op if op.is_root} == {Op.OPEN, Op.DIGEST}
    replies = {op for op in Op if not op.is_edit and not op.is_root}
    assert {op for op in Op if op.is_broadcast} == {Op.REOPEN, Op.ESCALATE} < replies
