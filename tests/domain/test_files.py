"""Whether files that were read are still as they were."""

from __future__ import annotations

import pytest

from monitoring_pipelines.domain.files import FileSet


def files(**marks: str) -> FileSet:
    version = str(sorted(marks.items()))
    paths, values = tuple(marks), tuple(marks.values())
    return FileSet("*.csv", paths, "csv", hive=False, version=version, modified=0.0, marks=values)


@pytest.mark.parametrize(
    ("later", "same"),
    [
        (files(a="1", b="1"), True),
        (files(a="1", b="1", c="1"), True),
        (files(a="1", b="2"), False),
        (files(a="1"), False),
    ],
)
def test_a_new_file_changes_nothing_and_a_replaced_one_does(later: FileSet, *, same: bool) -> None:
    assert files(a="1", b="1").still_in(later) is same
