"""The images of a log's rows as ordinary columns, decoded once and kept."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from monitoring_pipelines.backends.duckdb.pictures import (
    ImageColumn,
    beside,
    image_column,
    image_contents,
    reasons,
    some_contents,
)
from monitoring_pipelines.checks.judgement import Judgement, Share
from monitoring_pipelines.checks.quarantine import judge_quarantine
from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.images.broken import BrokenImageError, Reason
from monitoring_pipelines.images.keep import BROKEN, arrow, current, keep, read_kept
from monitoring_pipelines.images.measure import (
    N_THUMBNAIL,
    Item,
    Limits,
    column_names,
    content_of,
    measure,
)
from monitoring_pipelines.images.near_duplicates import near_duplicates
from monitoring_pipelines.images.place import Place, Remote, open_place
from monitoring_pipelines.images.properties.base import PREFIX
from monitoring_pipelines.logs.files import filesystem_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo
    from pathlib import Path

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.config.images import Images
    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Cadence, Window
    from monitoring_pipelines.pipeline.judging import Judging
    from monitoring_pipelines.pipeline.model import Model

UNREADABLE = "unreadable_images"
NOT_OF_IMAGES = frozenset({"missing_rate", "unit_change"})
REPEATED = f"{PREFIX}repeated"
# changes with what is measured, so that what an older release kept is not taken for it
MEASURED = "2"
ASKED_AT_ONCE = 16
ALL = frozenset({*column_names(), REPEATED})
# key and window (microseconds since 1970) of the image of each row
Periods = list[tuple[str, "int | None"]]


@dataclass(slots=True)
class ImageReader:
    """Puts the properties of images beside the rows of one model's logs.

    What was measured is kept below `.monitoring/images`, by what tells an image from its
    replacement, so that another run decodes new ones only.
    """

    model: Model
    source: Images
    _place: Place | None = field(default=None, init=False)
    _tables: dict[str, Rows] = field(default_factory=dict, init=False)
    _plain: dict[str, Rows] = field(default_factory=dict, init=False)

    def beside(self, rows: Rows) -> Rows:
        """`rows` with a column for every property; images that cannot be read have none."""
        if rows.statement in self._tables:
            return self._tables[rows.statement]
        if BROKEN in rows.log.columns:
            return rows  # they are beside them already
        image = image_column(rows, self.source.column)
        windows = self.model.config.window, self.model.config.zone
        table = with_repeated(*self._measured(rows, image, windows))
        # several are in use at once: those of the window, and of its reference
        seen = beside(rows, image, f"images {len(self._tables)}", table, windows)
        self._tables[rows.statement], self._plain[seen.statement] = seen, rows
        return seen

    def plain(self, rows: Rows) -> Rows:
        """`rows` as the log has them: with the images themselves instead of their properties."""
        return self._plain.get(rows.statement, rows)

    def release(self) -> None:
        """Free the rows; what was measured stays kept."""
        for rows in self._tables.values():
            rows.log.connection.execute(f"DROP TABLE IF EXISTS {rows.log.view}")
        self._tables.clear()
        self._plain.clear()

    def close(self) -> None:
        """Close the archive, if there is one."""
        if self._place is not None:
            self._place.close()

    def content(self, found: bytes | str) -> bytes:
        """Bytes of one image by what the log has of it; raises a `BrokenImageError`."""
        limits = Limits(self.source.max_bytes, self.source.max_pixels)
        return content_of(
            Item("", found), self._opened() if isinstance(found, str) else None, limits
        )

    def contents(self, rows: Rows, keys: list[str]) -> dict[str, bytes]:
        """Content of some images of plain `rows`, by key; broken ones are left out."""
        image = image_column(rows, self.source.column)
        if image.is_bytes:
            return {key: content for key, content in some_contents(rows, image, keys) if content}
        found = {}
        for key in keys:
            try:
                found[key] = self._opened().read(key, self.source.max_bytes)
            except BrokenImageError:  # it was there a moment ago; a sheet goes without it
                continue
        return found

    def _measured(
        self, rows: Rows, image: ImageColumn, windows: tuple[Cadence, tzinfo]
    ) -> tuple[pa.Table, Periods]:
        """Properties of the images of `rows`, and where these are; only new ones are decoded."""
        path, periods = self._path(rows), Periods()
        logged: Iterable[tuple[str, int | None, Any]] = image_contents(rows, image, windows)
        kept, place, marks = read_kept(path), None, dict[str, str]()
        if not image.is_bytes:
            logged, place = [*logged], self._opened()
            marks = self._marks(sorted({key for key, *_ in logged}))
            kept = current(kept, marks)
        known = {*kept["key"].to_pylist()} if kept is not None else set[str]()

        def fresh() -> Iterator[Item]:
            for key, period, content in logged:
                periods.append((key, period))
                if key not in known:
                    known.add(key)
                    yield Item(key, content)

        limits = Limits(self.source.max_bytes, self.source.max_pixels)
        measured = measure(fresh(), place, limits)
        if image.is_bytes:  # which name themselves: they are known only now
            marks = {key: "" for key, _ in periods}
            kept = current(kept, marks)
        if kept is not None and not measured.keys:
            return kept, periods
        found = arrow(measured, marks)
        table = found if kept is None else pa.concat_tables([kept, found])
        keep(path, table)
        return table, periods

    def _marks(self, names: list[str]) -> dict[str, str]:
        """What changes when an image is replaced; an image that is not there has a mark of it."""
        place = self._opened()

        def mark(name: str) -> str:
            try:
                return place.mark(name)
            except BrokenImageError as error:
                return error.reason.value

        if not isinstance(place, Remote):
            return {name: mark(name) for name in names}
        with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
            return dict(zip(names, pool.map(mark, names), strict=True))

    def _opened(self) -> Place:
        if self._place is None:
            if self.source.location is None:
                raise ConfigError(
                    f"Column '{self.source.column}' holds names of images: say in "
                    "`predictions.images.location` what they are relative to."
                )
            found = filesystem_at(self.source.location, self.model.root)
            self._place = open_place(self.source.location, *found)
        return self._place

    def _path(self, rows: Rows) -> Path:
        limits = f"{self.source.max_bytes} {self.source.max_pixels}"
        # the view of a database's window has a number that depends on the order of reading
        of = rows.statement.replace(rows.log.view, "")
        text = f"{MEASURED}\0{rows.log.location}\0{self.source.location}\0{limits}\0{of}"
        return self.folder / f"{hashlib.sha256(text.encode()).hexdigest()[:24]}.parquet"

    @property
    def folder(self) -> Path:
        """Where the model's properties and sheets are kept."""
        return self.model.root / ".monitoring" / "images" / self.model.name


def with_repeated(found: pa.Table, periods: Periods) -> pa.Table:
    """A row for each image and window, with whether another row there has a picture like it."""
    at = {key: place for place, key in enumerate(found["key"].to_pylist())}
    thumbnails = np.frombuffer(b"".join(found["thumbnail"].to_pylist()), np.uint8).reshape(
        -1, N_THUMBNAIL
    )
    fine = [reason == "" for reason in found[BROKEN].to_pylist()]
    rows: dict[int | None, list[int]] = {}
    for key, period in periods:
        rows.setdefault(period, []).append(at[key])
    places, in_period, repeated = list[int](), list["int | None"](), list["bool | None"]()
    for period, all_places in rows.items():
        readable = [place for place in all_places if fine[place]]
        same = near_duplicates(thumbnails[readable]).tolist() if period is not None else []
        known = dict(zip(readable, same, strict=False))
        for place in dict.fromkeys(all_places):
            places.append(place)
            in_period.append(period)
            repeated.append(known.get(place))
    table = found.drop_columns(["thumbnail", "mark"]).take(places)
    table = table.append_column("period", pa.array(in_period, pa.int64()))
    return table.append_column(REPEATED, pa.array(repeated, pa.bool_()))


def image_results(
    judging: Judging, window: Window, rows: Rows, results: list[Result]
) -> list[Result]:
    """`results` of quality with how many images could not be read, if the model logs images.

    That these have no properties is no finding of its own in each property, and what is measured
    here has no unit that could change.
    """
    if judging.config.predictions.images is None:
        return results
    broken = reasons(rows, BROKEN, Reason.NO_NAME.value)
    n = sum(broken.values())
    judgement = judge_quarantine(Share(n, rows.n_rows))
    said = judgement.reason.split(";", maxsplit=1)[0].replace("record", "image")
    if n:
        said += ": " + ", ".join(f"{count:,} {reason}" for reason, count in broken.items())
    judgement = Judgement(judgement.verdict, said)
    told = judging.result(
        window, UNREADABLE, rows.n_rows, judgement, value=n / rows.n_rows if rows.n_rows else None
    )
    return [told, *(r for r in results if r.metric not in NOT_OF_IMAGES or r.column not in ALL)]


def properties_in(columns: Iterable[str], config: ModelConfig) -> list[str]:
    """Columns that are properties of images and not left out."""
    left_out = {BROKEN, *config.features.exclude}
    return [name for name in columns if name in ALL and name not in left_out]
