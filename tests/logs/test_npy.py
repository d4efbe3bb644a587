from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from monitoring_pipelines.errors import (
    SourceChangedError,
    SourceNotFoundError,
    SourceUnreadableError,
)
from monitoring_pipelines.logs.npy import VectorFile

if TYPE_CHECKING:
    from pathlib import Path

ROWS = np.arange(12, dtype=np.float32).reshape(4, 3)


def saved(folder: Path, content: object) -> VectorFile:
    np.save(folder / "v.npy", content, allow_pickle=True)  # type: ignore[arg-type]
    return VectorFile(folder / "v.npy", "data/v.npy")


def test_rows_by_their_place_in_any_order(tmp_path: Path) -> None:
    file = saved(tmp_path, ROWS)
    assert file.n_rows == 4
    assert file.take(np.array([3, 0, 0])).tolist() == ROWS[[3, 0, 0]].tolist()
    assert file.take(np.array([], dtype=np.int64)).shape == (0, 3)
    file.check_unchanged()
    assert file.take(np.array([1])).dtype == np.float64


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (ROWS[0], "float32 of the shape 3, not one vector per row"),
        (np.array([["a"]]), "<U1 of the shape 1 x 1"),
        (np.array([[None]], dtype=object), "no complete .npy file of numbers"),
    ],
)
def test_what_is_no_matrix_of_numbers_is_refused(
    tmp_path: Path, content: object, said: str
) -> None:
    with pytest.raises(SourceUnreadableError, match=said):
        saved(tmp_path, content).take(np.array([0]))


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError, match="data/w.npy"):
        VectorFile(tmp_path / "w.npy", "data/w.npy").take(np.array([0]))
    (tmp_path / "w.npy").write_bytes(b"no array")
    with pytest.raises(SourceUnreadableError, match="no complete"):
        VectorFile(tmp_path / "w.npy", "data/w.npy").take(np.array([0]))
    np.savez(tmp_path / "two.npz", a=ROWS)
    with pytest.raises(SourceUnreadableError, match="archive"):
        VectorFile(tmp_path / "two.npz", "data/two.npz").take(np.array([0]))


def test_a_file_that_is_replaced_is_read_again(tmp_path: Path) -> None:
    file = saved(tmp_path, ROWS)
    file.check_unchanged()  # nothing was read
    file.take(np.array([0]))
    saved(tmp_path, ROWS[:2])
    os.utime(tmp_path / "v.npy", ns=(1, 1))
    with pytest.raises(SourceChangedError):
        file.check_unchanged()
    assert file.n_rows == 2
    (tmp_path / "v.npy").unlink()
    with pytest.raises(SourceChangedError):
        file.check_unchanged()
