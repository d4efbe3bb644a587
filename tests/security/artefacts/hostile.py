"""Model files that would run something, or that cannot be read; nothing here is ever loaded."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import pickle
import struct
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

COMMAND = "echo hostile"


class Runs:
    """Pickled, it is a call."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


def system(protocol: int = 2) -> bytes:
    return pickle.dumps(Runs(os.system, COMMAND), protocol=protocol)


def zipped(members: dict[str, bytes], **more: Any) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", **more) as archive:
        for path, content in members.items():
            archive.writestr(path, content)
    return file.getvalue()


def saved(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def array(value: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, value, allow_pickle=True)
    return file.getvalue()


def lz4(data: bytes) -> bytes:
    import pyarrow as pa

    return bytes(pa.Codec("lz4").compress(data))


def polyglot_array() -> bytes:
    """Numbers of an array of joblib, for joblib; operations, for a plain unpickler."""
    order = b"cos\nsystem\n(V" + COMMAND.encode() + b"\ntR."
    wrapper = (
        b"\x80\x02cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}("
        b"X\x05\x00\x00\x00shapeK" + bytes([len(order)]) + b"\x85"
        b"X\x05\x00\x00\x00dtypecnumpy\ndtype\nX\x02\x00\x00\x00u1\x85R"
        b"X\x1b\x00\x00\x00numpy_array_alignment_bytesNub"
    )
    return wrapper + order + b"."


def keras(layer: str) -> bytes:
    config = {"class_name": "Sequential", "config": {"layers": [{"class_name": layer}]}}
    return zipped({"config.json": json.dumps(config).encode(), "metadata.json": b"{}"})


def onnx(location: bytes) -> bytes:
    entry = b"\x0a\x08location\x12" + bytes([len(location)]) + location
    tensor = b"\x6a" + bytes([len(entry)]) + entry
    graph = b"\x2a" + bytes([len(tensor)]) + tensor
    return b"\x08\x08\x12\x03skl\x3a" + bytes([len(graph)]) + graph


def tensors(header: dict[str, Any], data: bytes = b"") -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def tarred(data: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        info = tarfile.TarInfo("pickle")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def joined_at_run_time() -> bytes:
    """A name whose module is what another call gives."""
    return (
        b"\x80\x04\x8c\x08builtins\x8c\x03str\x93\x8c\x02os\x85R\x8c\x06system\x93\x8c\x01x\x85R."
    )


HOSTILE: dict[str, Callable[[], bytes]] = {
    **{f"call in protocol {n}": (lambda n=n: system(n)) for n in range(6)},
    "eval": lambda: pickle.dumps(Runs(eval, "1")),
    "exec": lambda: pickle.dumps(Runs(exec, "1")),
    "import": lambda: pickle.dumps(Runs(__import__, "os")),
    "getattr": lambda: pickle.dumps(Runs(getattr, "x", "upper")),
    "subprocess": lambda: b"\x80\x04\x8c\x0asubprocess\x8c\x05Popen\x93]\x85R.",
    "load of another file": lambda: b"cjoblib.numpy_pickle\nload\n(S'x'\ntR.",
    "load of numpy": lambda: b"cnumpy\nload\n(S'x'\ntR.",
    "partial": lambda: b"cfunctools\npartial\n(cos\nsystem\nS'x'\ntR.",
    "an instance by name": lambda: b"(S'x'\nios\nsystem\n.",
    "an object by name": lambda: b"(cos\nsystem\nS'x'\no.",
    "extension registry": lambda: b"\x80\x02\x82\x01.",
    "a name made at run time": joined_at_run_time,
    "a call of what a call gives": lambda: b"cbuiltins\nlist\n)R)R.",
    "attributes of a class": lambda: b"\x80\x02cbuiltins\nlist\n}X\x01\x00\x00\x00aK\x01sb.",
    "a second pickle": lambda: pickle.dumps([1]) + system(),
    "cut off": lambda: pickle.dumps(list(range(100)))[:-5],
    "code behind a pickle": lambda: pickle.dumps([1]) + b"\x00garbage",
    "packed with zlib": lambda: zlib.compress(system()),
    "packed with gzip": lambda: gzip.compress(system()),
    "packed with bzip2": lambda: bz2.compress(system()),
    "packed with LZMA": lambda: lzma.compress(system(), format=lzma.FORMAT_ALONE),
    "packed with xz": lambda: lzma.compress(system()),
    "packed with LZ4": lambda: lz4(system()),
    "packed twice": lambda: gzip.compress(zlib.compress(system())),
    "packed too often": lambda: gzip.compress(gzip.compress(gzip.compress(gzip.compress(
        gzip.compress(gzip.compress(pickle.dumps([1]))))))),
    "torch archive": lambda: zipped({"archive/data.pkl": system(), "archive/data/0": b"\0" * 8}),
    "pickle that is named as numbers": lambda: zipped({"archive/data/0.pkl": system()}),
    "archive in an archive": lambda: zipped({"inner.zip": zipped({"data.pkl": system()})}),
    "archive behind a pickle": lambda: pickle.dumps([1]) + zipped({"data.pkl": system()}),
    "path out of the archive": lambda: zipped({"../../.bashrc": b"x"}),
    "array of objects": lambda: array(np.array([Runs(os.system, COMMAND)], dtype=object)),
    "archive of arrays": lambda: saved(a=np.arange(3), b=np.array([Runs(os.system, COMMAND)])),
    "array that is operations, too": polyglot_array,
    "layer of Keras with code": lambda: keras("Lambda"),
    "ONNX that reads a file": lambda: onnx(b"../../etc/passwd"),
    "ONNX with weights elsewhere": lambda: onnx(b"weights.bin"),
    "tensors that overlap": lambda: tensors({
        "a": {"data_offsets": [0, 8]}, "b": {"data_offsets": [4, 12]}}, b"\0" * 12),
    "tensors with something behind": lambda: tensors({"a": {"data_offsets": [0, 4]}}, b"\0" * 9),
    "HDF5": lambda: b"\x89HDF\r\n\x1a\n" + b"\0" * 100,
    "program": lambda: b"\x7fELF" + b"\0" * 60,
    "script": lambda: b"#!/bin/sh\necho hostile\n",
    "legacy torch in tar": lambda: tarred(system()),
    "nothing": lambda: b"",
    "noise": lambda: bytes(range(128, 256)) * 8,
}  # fmt: skip
