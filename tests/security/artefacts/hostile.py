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


def text(content: str) -> bytes:
    """The operation that puts a text on the stack."""
    return b"X" + struct.pack("<I", len(content)) + content.encode()


def dtype(code: str) -> bytes:
    return b"cnumpy\ndtype\n" + text(code) + b"\x85R"


ECHO = b"cos\nsystem\n" + text(COMMAND) + b"\x85R."
WRAPPER = b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n"
MADE = b"\x80\x02" + WRAPPER + b")\x81"


def described(n: int, code: bytes, more: bytes = b"") -> bytes:
    """The state of a wrapper of joblib: `n` numbers of the type that `code` makes."""
    shape = text("shape") + b"K" + bytes([n]) + b"\x85"
    others = text("order") + text("C") + text("subclass") + b"cnumpy\nndarray\n"
    return b"}(" + shape + text("dtype") + code + others + more + b"u"


def swallowed(seen: int, read: int, behind: bytes = ECHO) -> bytes:
    """What runs for a reader that skips `read` bytes, and is one text for one that skips `seen`."""
    fill = read - seen - 5
    return bytes(seen) + b"B" + struct.pack("<I", fill + len(behind)) + bytes(fill) + behind + b"."


# ten numbers, which as an operation reach beyond their end
BEYOND = b"B" + struct.pack("<I", 30) + bytes(5) + swallowed(0, 25)


def by_state(code: str, size: int, flags: int) -> bytes:
    """A type whose size or flags its state sets."""
    return (
        dtype(code)
        + b"(K\x03"
        + text("|")
        + b"NNNK"
        + bytes([size])
        + b"K\x01K"
        + bytes([flags])
        + b"tb"
    )


def memo_in_numbers() -> bytes:
    """Numbers that change, for a plain unpickler, which name is called behind them."""
    numbers = text("os") + b"q\x01" + text("system") + b"q\x02"
    names = b"\x80\x04" + text("builtins") + b"q\x01" + text("list") + b"q\x02"
    call = b"h\x01h\x02\x93" + text(COMMAND) + b"\x85R."
    return names + MADE[2:] + described(len(numbers), dtype("u1")) + b"b" + numbers + call


def tensors_that_are_a_pickle() -> bytes:
    """A valid file of tensors. To an unpickler its length begins a text; others lead to the end."""
    k = 60  # the length of the header is 88 + 256 k: `X` and a length of k
    size = ord("X") + 256 * k
    data = bytes(200) + ECHO
    start = f'{{"a":{{"data_offsets":[0,{len(data)}]}},"__metadata__":{{"x":"'
    end = b'"}}'
    head = start.encode().ljust(k - 3, b"x")
    while len(head) + 128 < size - len(end):
        head += b"C~" + b"x" * 126
    over = len(head) + 128 - size  # how far the last text reaches into the numbers
    head = (head + b"C~").ljust(size - len(end), b"x") + end
    return struct.pack("<Q", size) + head + bytes(over) + ECHO.ljust(len(data) - over, b".")


# each runs something in `joblib.load`, and is fine to who follows it less than exactly
ARRAYS = {
    "type without its size": lambda: MADE + described(8, dtype("i")) + b"b" + swallowed(8, 32),
    "size in the state of a type": lambda: (
        MADE + described(1, by_state("V1", 40, 0)) + b"b" + swallowed(1, 40)
    ),
    "objects by the flags of a type": lambda: (
        MADE + described(40, by_state("f8", 40, 1)) + b"b" + ECHO.ljust(320, b".") + b"."
    ),
    "wrapper made by a call": lambda: (
        b"\x80\x02ccopyreg\n_reconstructor\n(" + WRAPPER + b"cbuiltins\nobject\nNtR"
        + described(40, dtype("u1")) + b"b" + swallowed(0, 40)
    ),
    "wrapper made by its constructor": lambda: (
        b"\x80\x02" + WRAPPER + b"(cnumpy\nndarray\nK\x00\x85" + text("C") + dtype("u1") + b"tR"
        + described(1, dtype("u1")) + b"b" + b"\x40" + swallowed(0, 0x41)
    ),
    "wrapper as a class of another": lambda: (
        b"\x80\x02csklearn.cluster._birch\n_CFSubcluster\n)\x81N}(" + text("__class__") + WRAPPER
        + described(40, dtype("u1"))[2:] + b"\x86b" + swallowed(0, 40)
    ),
    "wrapper built twice": lambda: (
        MADE + b"q\x01" + described(0, dtype("u1")) + b"b0h\x01" + described(40, dtype("u1"))
        + b"b" + swallowed(0, 40)
    ),
    "slots of a wrapper": lambda: (
        MADE + b"q\x01" + described(0, dtype("u1")) + b"b0h\x01N" + described(40, dtype("u1"))
        + b"\x86b" + swallowed(0, 40)
    ),
    "key made by a call": lambda: (
        MADE + described(1, dtype("u1"), b"cbuiltins\nstr\n" + text(
            "numpy_array_alignment_bytes") + b"\x85RK\x10") + b"b\x40" + swallowed(0, 0x40 + 1)
    ),
    "method among the attributes": lambda: (
        MADE + described(10, dtype("u1"), text("read") + b"cbuiltins\nslice\n") + b"b" + BEYOND
    ),
}  # fmt: skip


def keras(layer: str, module: str | None = None) -> bytes:
    inner = {"class_name": layer, "module": module}
    config = {"class_name": "Sequential", "module": "keras", "config": {"layers": [inner]}}
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
    **{f"joblib: {how}": make for how, make in ARRAYS.items()},
    "numbers that reach beyond their end": lambda: (
        MADE + described(10, dtype("u1")) + b"b" + BEYOND
    ),
    "numbers that change the memo": memo_in_numbers,
    "tensors that are a pickle": tensors_that_are_a_pickle,
    "layer of Keras with code": lambda: keras("Lambda"),
    "function of Keras with code": lambda: keras("__lambda__"),
    "function that Keras imports": lambda: keras("Popen", "subprocess"),
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
