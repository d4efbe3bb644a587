"""Where images lie."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import fsspec
import pytest

from monitoring_pipelines.errors import SourceNotFoundError, SourceUnreadableError
from monitoring_pipelines.images import place as place_module
from monitoring_pipelines.images.broken import BrokenImageError, Reason
from monitoring_pipelines.images.place import Place, open_place
from monitoring_pipelines.logs.files import filesystem_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT = 100
FILES = {"a.png": b"first", "b/c.png": b"second", "large.png": b"x" * 101, "empty.png": b""}


def folder(tmp_path: Path) -> str:
    for name, content in FILES.items():
        (tmp_path / "images" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "images" / name).write_bytes(content)
    (tmp_path / "secret").write_bytes(b"secret")
    return "images"


def zipped(tmp_path: Path) -> str:
    with zipfile.ZipFile(tmp_path / "images.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    return "images.zip"


def tarred(tmp_path: Path, ending: str = "tar", mode: str = "w") -> str:
    with tarfile.open(tmp_path / f"images.{ending}", mode) as archive:  # type: ignore[call-overload]
        for name, content in FILES.items():
            member = tarfile.TarInfo(f"./{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("link.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return f"images.{ending}"


def gzipped(tmp_path: Path) -> str:
    return tarred(tmp_path, "tar.gz", "w:gz")


def tgz(tmp_path: Path) -> str:
    return tarred(tmp_path, "tgz", "w:gz")


def xz(tmp_path: Path) -> str:
    return tarred(tmp_path, "tar.xz", "w:xz")


def remote(tmp_path: Path) -> str:
    filesystem = fsspec.filesystem("memory")
    base = f"/{tmp_path.name}"
    for name, content in FILES.items():
        filesystem.pipe_file(f"{base}/{name}", content)
    return f"memory:/{base}"


@pytest.fixture(
    params=[folder, zipped, tarred, gzipped, tgz, xz, remote], ids=lambda make: make.__name__
)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    location = request.param(tmp_path)
    found = open_place(location, *filesystem_at(location, tmp_path))
    yield found
    found.close()


def why(place: Place, name: str) -> Reason:
    with pytest.raises(BrokenImageError) as broken:
        place.read(name, LIMIT)
    return broken.value.reason


def test_images_are_read_by_name(place: Place) -> None:
    assert place.read("a.png", LIMIT) == b"first"
    assert place.read("b/c.png", LIMIT) == b"second"
    assert place.mark("a.png") != place.mark("b/c.png")
    assert place.mark("a.png") == place.mark("a.png")


def test_what_cannot_be_read_has_a_reason(place: Place) -> None:
    assert why(place, "none.png") is Reason.NOT_FOUND
    assert why(place, "large.png") is Reason.TOO_LARGE
    assert why(place, "empty.png") is Reason.NO_NAME
    with pytest.raises(BrokenImageError):
        place.mark("none.png")


@pytest.mark.parametrize(
    "name",
    ["../secret", "b/../../secret", "/etc/passwd", "http://host/a.png", "a.png\0", "..\\secret"],
)
def test_nothing_outside_is_read(place: Place, name: str) -> None:
    assert why(place, name) in {Reason.OUTSIDE, Reason.NOT_FOUND}


def test_a_folder_is_named_outside(tmp_path: Path) -> None:
    location = folder(tmp_path)
    place = open_place(location, *filesystem_at(location, tmp_path))
    assert why(place, "../secret") is Reason.OUTSIDE
    # whole paths are fine if they lie below
    assert place.read(str(tmp_path / "images" / "a.png"), LIMIT) == b"first"
    assert why(place, "b") is Reason.NOT_FOUND  # a folder
    assert why(place, "x" * 5000) is Reason.NOT_FOUND


def test_whole_urls_below_the_location(tmp_path: Path) -> None:
    location = remote(tmp_path)
    place = open_place(location, *filesystem_at(location, tmp_path))
    base = filesystem_at(location, tmp_path)
    assert place.read(f"{base[2]}{base[1]}/a.png", LIMIT) == b"first"


def test_a_replaced_file_has_another_mark(tmp_path: Path) -> None:
    location = folder(tmp_path)
    place = open_place(location, *filesystem_at(location, tmp_path))
    before = place.mark("a.png")
    (tmp_path / "images" / "a.png").write_bytes(b"other content")
    assert place.mark("a.png") != before


def test_a_place_that_is_no_place(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError, match="place of the images"):
        open_place("none", *filesystem_at("none", tmp_path))
    (tmp_path / "a.tar.gz").write_bytes(b"x")
    with pytest.raises(SourceUnreadableError, match="no whole zip or tar"):
        open_place("a.tar.gz", *filesystem_at("a.tar.gz", tmp_path))
    whole = (tmp_path / gzipped(tmp_path)).read_bytes()
    for part in (whole[: len(whole) // 2], gzip.compress(b"no tar")):
        (tmp_path / "a.tar.gz").write_bytes(part)
        with pytest.raises(SourceUnreadableError, match="no whole zip or tar"):
            open_place("a.tar.gz", *filesystem_at("a.tar.gz", tmp_path))
    (tmp_path / "b.zip").write_bytes(b"x")
    with pytest.raises(SourceUnreadableError, match="no whole zip"):
        open_place("b.zip", *filesystem_at("b.zip", tmp_path))


def test_an_archive_that_unpacks_to_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place_module, "MAX_UNPACKED", 2_000)
    location = gzipped(tmp_path)  # a tar has at least 10,240 bytes
    with pytest.raises(SourceUnreadableError, match="it unpacks to more than"):
        open_place(location, *filesystem_at(location, tmp_path))
