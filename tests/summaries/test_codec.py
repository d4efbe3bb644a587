from __future__ import annotations

import dataclasses
import json
import math
import struct
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_pipelines.errors import StoreError
from monitoring_pipelines.summaries.activity import Activity, Amounts
from monitoring_pipelines.summaries.binning import Binning, ColumnBinning
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.codec import CLASSES, decode, encode
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.confusion import Confusion
from monitoring_pipelines.summaries.frame import empty_frame, fit_frame
from monitoring_pipelines.summaries.histogram import Histogram
from monitoring_pipelines.summaries.label_ages import LabelAges
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.leaves import LeafLosses, LossTree
from monitoring_pipelines.summaries.moments import Moments
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary
from monitoring_pipelines.summaries.partition import Partition, Partitions
from monitoring_pipelines.summaries.ranked import Ranked
from monitoring_pipelines.summaries.ratings import Ratings
from monitoring_pipelines.summaries.residuals import Residuals
from monitoring_pipelines.summaries.score_table import ScoreTable
from monitoring_pipelines.summaries.selection import Selection
from monitoring_pipelines.summaries.table import TableSummary
from monitoring_pipelines.summaries.vectors import VectorMoments, VectorSample
from tests.metrics import samples

NOON = datetime(2026, 3, 1, 12, 30, 0, 123456, tzinfo=UTC)
MOMENTS = Moments(3, 0.1, 1 / 3, -0.0, 5e-324)
HISTOGRAM = Histogram((0.1, 0.2, 0.30000000000000004, 7.0, 1e300), (1, 0, 10**12, 3, 4, 5), (1, 3))
CATEGORIES = Categories(("", "a b", 'quo"te', "\x00", "\ud800", "🙂"), (1, 2, 3, 4, 5, 6), 7, False)
SCORES = ScoreTable(np.array([0.1, 0.5]), np.array([1, 2]), np.array([0, 10**15]))
CONFUSION = Confusion(("no", "yes"), np.array([[1, 2], [3, 4]]))
RESIDUALS = Residuals(5, *(0.1 * k for k in range(1, 9)), 4, 0.9, 1.0, 12.5)
AGES = LabelAges(3600.5, {"no": np.arange(65), "yes": np.arange(65) * 10**9})
NUMERIC = ColumnSummary("x", ColumnKind.NUMERIC, "float", 9, 1, 2, MOMENTS, HISTOGRAM)
CATEGORICAL = ColumnSummary("c", ColumnKind.CATEGORICAL, "text", 28, 0, categories=CATEGORIES)
AMOUNTS = Amounts(np.array([0.0, 0.1]), np.array([1, 10**12]), 0.3, 1 / 3)
ACTIVITY = Activity(
    9,
    {"finish": {"stop": 5, "length": 2}},
    {"cost_usd": AMOUNTS},
    {"tool_counts": {"search": Selection(5, 1)}},
)
BINNINGS = {"x": ColumnBinning("x", ColumnKind.NUMERIC, "float", HISTOGRAM.edges, (1, 3))}
PARTITION = Partition(
    ("x", "c"), np.array([[1, 2]]), np.array([[0, 2]]), np.full((1, 2, 2), 0.1), ((0, 1), (0, 0))
)
VECTORS = samples.vectors(np.array([[0.1, 1 / 3], [-0.0, 7.0], [1e-300, 2.0]]))
FRAME = fit_frame("text", np.array([[0.1, 1.0, 2.0], [0.2, 1.5, 0.0], [0.5, 0.0, 1.0]]), 200, 9)
EMBEDDING = ColumnSummary(
    "v", ColumnKind.EMBEDDING, "vector", 3, 0, categories=CATEGORIES, vectors=VECTORS
)
RANKED = Ranked(np.array([9, 1, 0]), SCORES, 3)
TREE = LossTree(
    ("x", "c"),
    *(np.array([0, -1, -1]), np.array([0.1, 0.0, 0.0]), (("a", "b"), (), ())),
    *(np.array([1, 0, 0]), np.array([1, -1, -1]), np.array([2, -1, -1])),
)
SUMMARIES = [
    MOMENTS,
    HISTOGRAM,
    CATEGORIES,
    SCORES,
    CONFUSION,
    RESIDUALS,
    AGES,
    RANKED,
    NUMERIC,
    CATEGORICAL,
    TableSummary(37, 2, {"x": NUMERIC, "c": CATEGORICAL}, (30, 7), NOON, NOON, {"v1": 37}),
    TableSummary(0, 0, {}, (), ids=(0, 2**63 - 1)),
    TableSummary(9, 0, {}, (9,), selections={"sex": {"sex=f": Selection(9, 4)}}),
    TableSummary(9, 0, {}, (9,), activity={"": ACTIVITY, "tier=batch": Activity(0)}),
    AMOUNTS,
    ACTIVITY,
    Ratings(MOMENTS, {"judge-1": 3}),
    Selection(10**12, 0),
    LabelledSummary(9, 5, SCORES, CONFUSION, {"a": SCORES, "b": SCORES}, RESIDUALS, NOON, AGES),
    LabelledSummary(9, 0),
    LabelledSummary(9, 5, ranked=RANKED),
    BINNINGS["x"],
    Binning(BINNINGS),
    PARTITION,
    Partitions(3, {"x": PARTITION}, (PARTITION,)),
    Occurrences(3, {"email": 1}),
    SecuritySummary(3, {"personal_data x": Occurrences(3)}, {"gap": (5.0, 7.5)}),
    VectorMoments(0, np.zeros(0), np.zeros((0, 0))),
    VectorSample(200, np.zeros(0, dtype=np.int64), np.zeros((0, 3))),
    VECTORS,
    EMBEDDING,
    FRAME,
    Binning(BINNINGS, {"text": FRAME, "none": empty_frame("none", 200)}),
    TREE,
    LeafLosses(TREE, 0.1, {"": np.full((10, 2, 11), 0.3)}),
]


def plain(value: Any) -> Any:
    """`value` as nested tuples that compare by type and bits, arrays and NaN included."""
    if isinstance(value, np.ndarray):
        return ("array", str(value.dtype), value.shape, value.tobytes())
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else struct.pack("<d", value)
    if dataclasses.is_dataclass(value):
        parts = ((f.name, plain(getattr(value, f.name))) for f in dataclasses.fields(value))
        return (type(value).__name__, *parts)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    return (type(value).__name__, value)


@pytest.mark.parametrize("summary", SUMMARIES, ids=lambda s: type(s).__name__)
def test_a_summary_comes_back_bit_for_bit(summary: Any) -> None:
    assert plain(decode(encode(summary))) == plain(summary)


def test_every_summary_class_is_tried_above() -> None:
    assert {type(summary).__name__ for summary in SUMMARIES} == {*CLASSES}


floats = st.floats(width=64)
counts = st.integers(0, 2**62)


@given(st.builds(Moments, counts, floats, floats, floats, floats))
def test_any_float_comes_back(moments: Moments) -> None:
    assert plain(decode(encode(moments))) == plain(moments)


@given(
    st.lists(floats, max_size=150).map(tuple),
    st.lists(st.integers(0, 2**80), max_size=150).map(tuple),
)
def test_any_histogram_comes_back(edges: tuple[float, ...], counted: tuple[int, ...]) -> None:
    histogram = Histogram(edges, counted)
    assert plain(decode(encode(histogram))) == plain(histogram)


@given(st.dictionaries(st.text(), counts), st.text())
def test_any_text_comes_back(counted: dict[str, int], name: str) -> None:
    categories = Categories(tuple(counted), tuple(counted.values()))
    column = ColumnSummary(name, ColumnKind.CATEGORICAL, "text", 0, 0, categories=categories)
    table = TableSummary(0, 0, {name: column}, (), versions=counted)
    assert plain(decode(encode(table))) == plain(table)


@given(st.lists(st.tuples(floats, counts, counts), max_size=50))
def test_any_score_table_comes_back(rows: list[tuple[float, int, int]]) -> None:
    table = ScoreTable(
        np.array([row[0] for row in rows], dtype=np.float64),
        np.array([row[1] for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype=np.int64),
    )
    assert plain(decode(encode(table))) == plain(table)


def test_arrays_that_come_back_can_be_added_to() -> None:
    back = decode(encode(CONFUSION))
    back.counts[0, 0] += 1
    assert (back + CONFUSION).n == 10 + 1 + 10


def test_equal_summaries_are_equal_bytes() -> None:
    berlin = NOON.astimezone(ZoneInfo("Europe/Berlin"))
    one = TableSummary(1, 0, {"x": NUMERIC, "c": CATEGORICAL}, (1,), NOON, NOON, {"a": 1, "b": 2})
    same = TableSummary(
        1, 0, {"c": CATEGORICAL, "x": NUMERIC}, (1,), berlin, berlin, {"b": 2, "a": 1}
    )
    assert one == same
    assert encode(one) == encode(same)


def test_numpy_numbers_become_plain_ones() -> None:
    back = decode(encode(Moments(np.int64(2), np.float64(0.1), 0.0, 0.0, np.float32(0.5))))
    assert plain(back) == plain(Moments(2, 0.1, 0.0, 0.0, 0.5))


def test_other_values_are_not_stored() -> None:
    with pytest.raises(TypeError, match="a timedelta is no part of a summary"):
        encode(Moments(timedelta(1), 0.0, 0.0, 0.0, 0.0))  # type: ignore[arg-type]


def wrapped(node: Any, numbers: bytes = b"") -> bytes:
    text = json.dumps(node).encode()
    return b"MPS1" + zlib.compress(struct.pack("<I", len(text)) + text + numbers)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"MPS1",
        b"MPS2" + encode(MOMENTS)[4:],
        b"\x80\x04N.",  # a pickle
        b"MPS1" + zlib.compress(b""),
        encode(MOMENTS)[:-1],
        encode(MOMENTS) + b"x",
        wrapped(None),
        wrapped([1, 2]),
        wrapped({"map": []}),
        wrapped({"os.system": {"command": "true"}}),
        wrapped({"Moments": {"n": 1}}),
        wrapped({"Moments": {"n": 1, "mean": 0, "m2": 0, "minimum": 0, "maximum": 0, "x": 0}}),
        wrapped({"Moments": 3}),
        wrapped({"Moments": {}, "Histogram": {}}),
        wrapped({"Histogram": {"edges": {"floats": ["f", 9]}, "counts": []}}, b"short"),
        wrapped({"Histogram": {"edges": {"floats": ["f", -1]}, "counts": []}}, b"12345678"),
        wrapped({"Histogram": {"edges": {"floats": ["q", 1]}, "counts": []}}, b"12345678"),
        wrapped({"Histogram": {"edges": [], "counts": []}}, b"left over"),
        wrapped({"Histogram": {"edges": {"time": "yesterday"}, "counts": []}}),
        b"MPS1" + zlib.compress(struct.pack("<I", 200_000) + b"[" * 200_000),
    ],
)
def test_what_is_no_summary_is_refused(payload: bytes) -> None:
    with pytest.raises(StoreError, match="A stored summary"):
        decode(payload)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_flipped_bit_is_refused(place: int, flip: int) -> None:
    payload = bytearray(encode(SUMMARIES[8]))
    payload[place % len(payload)] ^= flip
    with pytest.raises(StoreError):
        decode(bytes(payload))


def wide_table() -> TableSummary:
    """33 columns: 21 numeric with 100 bins, 12 categorical; 1 M rows."""
    rng = np.random.default_rng(0)
    columns = {}
    for i in range(21):
        edges = tuple(np.sort(rng.normal(size=99)).tolist())
        histogram = Histogram(edges, tuple(rng.poisson(10_000, 100).tolist()), (9, 19, 29))
        moments = Moments(10**6, *rng.normal(size=4).tolist())
        name = f"numeric_{i}"
        columns[name] = ColumnSummary(
            name, ColumnKind.NUMERIC, "float", 10**6, 0, 0, moments, histogram
        )
    for i, k in enumerate([2, 3, 5, 10, 10, 20, 20, 50, 50, 50, 50, 50]):
        name = f"category_{i}"
        levels = tuple(f"level {j}" for j in range(k))
        categories = Categories(levels, tuple(rng.poisson(10**6 / k, k).tolist()))
        columns[name] = ColumnSummary(
            name, ColumnKind.CATEGORICAL, "text", 10**6, 0, categories=categories
        )
    return TableSummary(10**6, 0, columns, (10**6,), NOON, NOON)


def test_a_wide_table_is_small() -> None:
    # 21 x 99 random edges hold 52 random bits each, 13.5 kB that nothing can compress
    size = len(encode(wide_table()))
    assert 13_500 < size < 25_000
