"""Members of archives: each is looked at, and named if it is refused."""

from __future__ import annotations

import io
import json

import pytest

from monitoring_pipelines.security.artefacts.archives import check_archive, check_text
from monitoring_pipelines.security.artefacts.outcome import Limits, UnsafeError, UnverifiedError
from monitoring_pipelines.security.artefacts.stream import Bounded, Budget
from tests.security.artefacts.hostile import zipped

SEEN: list[bytes] = []


def look(stream: Bounded) -> str:
    SEEN.append(stream.read(1 << 20))
    return "seen"


def checked(data: bytes, **limits: int) -> str:
    SEEN.clear()
    return check_archive(io.BytesIO(data), Budget(1 << 20), Limits(**limits), look)


def test_numbers_and_texts_are_no_pickles() -> None:
    members = {"m/data.pkl": b"pickle", "m/data/0": b"numbers", "m/version": b"3", "d/": b""}
    assert checked(zipped(members)) == "an archive of 4 members"
    assert SEEN == [b"pickle"]


def test_a_number_elsewhere_is_looked_at() -> None:
    checked(zipped({"elsewhere/0": b"code"}))
    assert SEEN == [b"code"]


def test_too_many_members() -> None:
    with pytest.raises(UnverifiedError, match="more members"):
        checked(zipped({f"m/data/{i}": b"" for i in range(5)}), n_members=4)


def test_an_encrypted_member_is_named() -> None:
    data = bytearray(zipped({"secret.pkl": b"x"}))
    for start in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[start] |= 1
    with pytest.raises(UnverifiedError, match="secret.pkl is encrypted"):
        checked(bytes(data))


def test_a_damaged_member_is_said() -> None:
    data = bytearray(zipped({"a.pkl": b"x" * 200}))
    data[data.index(b"xxxx")] ^= 0xFF
    with pytest.raises(UnverifiedError):
        checked(bytes(data))


@pytest.mark.parametrize("layer", ["Lambda", "TFOpLambda"])
def test_layers_with_code_are_found_however_deep(layer: str) -> None:
    inner = json.dumps({"config": [{"class_name": layer}]})
    for text in (inner, json.dumps({"model_config": inner})):
        with pytest.raises(UnsafeError, match=layer):
            check_text(Bounded(io.BytesIO(text.encode()), Budget(1 << 20)))


@pytest.mark.parametrize("data", [b"\xff\xfe", b'{"a": ', b"[" * 100_000])
def test_what_is_no_text_is_said(data: bytes) -> None:
    with pytest.raises(UnverifiedError):
        check_text(Bounded(io.BytesIO(data), Budget(1 << 20)))
