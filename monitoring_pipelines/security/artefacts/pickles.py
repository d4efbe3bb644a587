"""What a pickle would import and call, found by following its operations without doing them.

A pickle is a program for a stack machine. The machine here moves names and marks instead of
objects, so that a name is known however it was put together, and refuses what is not on a list of
exact names (`allowed.json`): a prefix such as ``joblib.`` would let ``joblib.load`` pass. What it
cannot follow is refused too. joblib writes the numbers of an array right after the object that
describes it. They are skipped, by exactly as much as joblib skips: one byte less or more, and
joblib would run what was taken for numbers here. So the object may only be made and described as
joblib does it.

References
----------
.. [1] Python's `pickletools`, which describes the operations; PEP 3154 and PEP 574.
"""

from __future__ import annotations

import math
import pickletools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.security.artefacts.dtypes import item_size
from monitoring_pipelines.security.artefacts.names import known
from monitoring_pipelines.security.artefacts.outcome import (
    MisusedError,
    UnsafeError,
    UnverifiedError,
    name,
)
from monitoring_pipelines.security.artefacts.values import (
    MARK,
    MAX_ENTRIES,
    MAX_ITEMS,
    MAX_TEXT,
    UNKNOWN,
    Box,
    Made,
    Name,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring_pipelines.security.artefacts.outcome import Limits
    from monitoring_pipelines.security.artefacts.stream import Bounded

ARRAY, NUMBERS = Name("joblib.numpy_pickle", "NumpyArrayWrapper"), Name("numpy", "ndarray")
PADDING = "numpy_array_alignment_bytes"
DESCRIBED = {"subclass", "shape", "order", "dtype", "allow_mmap", PADDING}
# lengths of the numbers that say how long an argument is
LENGTHS = {
    "SHORT_BINSTRING": 1, "BINSTRING": 4, "SHORT_BINBYTES": 1, "BINBYTES": 4, "BINBYTES8": 8,
    "SHORT_BINUNICODE": 1, "BINUNICODE": 4, "BINUNICODE8": 8, "BYTEARRAY8": 8,
    "LONG1": 1, "LONG4": 4,
}  # fmt: skip
TEXTS = {"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "SHORT_BINSTRING", "BINSTRING"}
BY_CODE = {ord(op.code): op for op in pickletools.opcodes}
CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
PLAIN = {
    "INT", "BININT", "BININT1", "BININT2", "LONG", "FLOAT", "BINFLOAT", "UNICODE", "STRING",
}  # fmt: skip


def follow(stream: Bounded, limits: Limits) -> None:
    """Follow one pickle to its end.

    Raises
    ------
    UnsafeError
        If it would import or call something that is not allowed.
    UnverifiedError
        If it cannot be followed to its end.
    """
    machine = _Machine(stream, limits)
    try:
        machine.run()
    except CONFUSED as error:
        raise UnverifiedError(f"no pickle that can be followed ({type(error).__name__})") from error


CONFUSED = (IndexError, KeyError, TypeError, ValueError, AttributeError, OverflowError)


class _Machine:
    def __init__(self, stream: Bounded, limits: Limits) -> None:
        self.stream, self.limits = stream, limits
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def run(self) -> None:
        for _ in range(self.limits.n_operations):
            code = self.stream.read(1)
            if not code:
                raise UnverifiedError("the pickle ends in the middle")
            operation = BY_CODE.get(code[0])
            if operation is None:
                raise UnverifiedError("no operation of a pickle")
            argument = self.argument(operation)
            if operation.name == "STOP":
                return
            self.do(operation.name, argument)
        raise UnverifiedError("more operations than are looked at")

    def argument(self, operation: pickletools.OpcodeInfo) -> Any:
        """Read an argument; of a long one only that it is there."""
        if operation.name in LENGTHS:
            n = int.from_bytes(self.stream.read(LENGTHS[operation.name]), "little")
            if n > MAX_TEXT:
                self.stream.skip(n)
                return UNKNOWN
            data = self.stream.read(n)
            if len(data) < n:
                raise UnverifiedError("the pickle ends in the middle")
            if operation.name in TEXTS:
                return data.decode("utf-8", "surrogatepass")
            return data if "BYTES" in operation.name else UNKNOWN
        if operation.arg is None:
            return None
        try:
            return operation.arg.reader(self.stream)  # type: ignore[arg-type]
        except (ValueError, UnicodeError) as error:
            raise UnverifiedError("an argument of the pickle cannot be read") from error

    def do(self, operation: str, argument: Any) -> None:  # noqa: C901 - one line per family
        handler: Callable[[Any], None] | None = getattr(self, f"do_{operation.lower()}", None)
        if handler is not None:
            handler(argument)
        elif operation in LENGTHS or operation in PLAIN:
            self.stack.append(argument)
        elif operation in CONSTANTS:
            self.stack.append(CONSTANTS[operation])
        elif operation.startswith("EMPTY_"):
            self.stack.append(() if operation == "EMPTY_TUPLE" else Box(operation))
        elif operation in {"TUPLE1", "TUPLE2", "TUPLE3"}:
            n = int(operation[-1])
            items = tuple(self.stack[-n:])
            self._drop(n)
            self.stack.append(items)
        elif operation in {"PUT", "BINPUT", "LONG_BINPUT"}:
            self.memo[argument] = self.stack[-1]
        elif operation in {"GET", "BINGET", "LONG_BINGET"}:
            self.stack.append(self.memo[argument])
        elif operation.startswith("EXT"):
            raise UnsafeError("a name of the extension registry, which cannot be told")
        elif operation not in {"PROTO", "FRAME", "READONLY_BUFFER"}:
            raise UnverifiedError(f"the operation {operation} is not known here")

    # --- the stack ----------------------------------------------------------------------------

    def _pop(self) -> Any:
        value = self.stack.pop()
        if value is MARK:
            raise UnverifiedError("the pickle uses its stack wrongly")
        if value == ARRAY:  # it could make one that is not seen
            raise UnverifiedError("an array that is made in an unknown way")
        return value

    def _drop(self, n: int) -> None:
        for _ in range(n):
            self._pop()

    def _to_mark(self) -> list[Any]:
        items: list[Any] = []
        while self.stack[-1] is not MARK:
            items.append(self._pop())
        self.stack.pop()
        return items[::-1]

    def do_mark(self, _: Any) -> None:
        self.stack.append(MARK)

    def do_pop(self, _: Any) -> None:
        self.stack.pop()

    def do_pop_mark(self, _: Any) -> None:
        self._to_mark()

    def do_dup(self, _: Any) -> None:
        self.stack.append(self.stack[-1])

    def do_memoize(self, _: Any) -> None:
        self.memo[len(self.memo)] = self.stack[-1]

    def do_tuple(self, _: Any) -> None:
        items = self._to_mark()
        self.stack.append(tuple(items) if len(items) <= MAX_ITEMS else UNKNOWN)

    def do_list(self, _: Any) -> None:
        self._to_mark()
        self.stack.append(Box("list"))

    do_frozenset = do_list

    def do_dict(self, _: Any) -> None:
        box = Box("dict")
        _enter(box, self._to_mark())
        self.stack.append(box)

    def do_append(self, _: Any) -> None:
        self._pop()
        _require_box(self.stack[-1])

    def do_appends(self, _: Any) -> None:
        self._to_mark()
        _require_box(self.stack[-1])

    do_additems = do_appends

    def do_setitem(self, _: Any) -> None:
        value, key = self._pop(), self._pop()
        _enter(self.stack[-1], [key, value])

    def do_setitems(self, _: Any) -> None:
        items = self._to_mark()
        _enter(self.stack[-1], items)

    # --- names and calls ----------------------------------------------------------------------

    def do_global(self, argument: str) -> None:
        module, _, qualname = argument.partition(" ")
        self.stack.append(known(module, qualname, self.limits.allowed))

    def do_stack_global(self, _: Any) -> None:
        qualname, module = self._pop(), self._pop()
        if not isinstance(module, str) or not isinstance(qualname, str):
            may_be = all(map(_may_be_text, (module, qualname)))
            raise (UnsafeError if may_be else MisusedError)(
                "a name that is put together at run time"
            )
        self.stack.append(known(module, qualname, self.limits.allowed))

    def do_reduce(self, _: Any) -> None:
        arguments, function = self._pop(), self._pop()
        self.stack.append(_call(function, arguments))

    def do_newobj(self, _: Any) -> None:
        arguments, function = self._pop(), self.stack.pop()
        self.stack.append(_call(function, arguments))

    def do_newobj_ex(self, _: Any) -> None:
        self._pop()
        self.do_reduce(None)

    def do_inst(self, argument: str) -> None:
        module, _, qualname = argument.partition(" ")
        self.stack.append(known(module, qualname, self.limits.allowed))
        function, items = self._pop(), self._to_mark()
        self.stack.append(_call(function, tuple(items)))

    def do_obj(self, _: Any) -> None:
        function, *items = self._to_mark()
        self.stack.append(_call(function, tuple(items)))

    def do_build(self, _: Any) -> None:
        state, made = self._pop(), self.stack[-1]
        if not isinstance(made, Made):
            raise _misuse(f"sets attributes of {name(made)}", made)
        was_built, made.built = made.built is not None, state
        if made.name == ARRAY:
            self.stream.budget.is_ambiguous = True
            if not self.limits.plain:
                self._skip_array(state, was_built=was_built)

    def do_persid(self, _: Any) -> None:
        # who loads it decides what that is; a plain unpickler refuses it
        self.stack.append(UNKNOWN)

    def do_binpersid(self, _: Any) -> None:
        self._pop()
        self.stack.append(UNKNOWN)

    def do_next_buffer(self, _: Any) -> None:
        self.stack.append(UNKNOWN)

    def _skip_array(self, state: Any, *, was_built: bool) -> None:
        """Go over the numbers that joblib reads behind what describes an array."""
        told = isinstance(state, Box) and state.is_whole and {*state.entries} <= DESCRIBED
        if was_built or not told:
            raise UnverifiedError("an array that is described in an unknown way")
        size = item_size(state.entries.get("dtype"))
        if size is None:  # objects are a pickle of their own, which a plain unpickler reads
            follow(self.stream, replace(self.limits, plain=True))
        else:
            self._skip_numbers(size, state.entries)
        self.stack[-1] = Made(NUMBERS)

    def _skip_numbers(self, size: int, entries: dict[str, Any]) -> None:
        shape, padding = entries.get("shape"), entries.get(PADDING)
        if not isinstance(shape, tuple) or not all(isinstance(n, int) and n >= 0 for n in shape):
            raise UnverifiedError("an array without a shape")
        n = math.prod(shape) * size
        if padding is not None:
            if not isinstance(padding, int):
                raise UnverifiedError("an array whose numbers begin anywhere")
            n += int.from_bytes(self.stream.read(1), "little")
        self.stream.skip(n)


def _call(function: Any, arguments: Any) -> Made:
    if not isinstance(function, Name):
        raise _misuse(f"calls {name(function)}, which is made at run time", function)
    return Made(function, arguments)


def _require_box(target: Any) -> None:
    if not isinstance(target, Box | Made):
        raise _misuse(f"changes {name(target)}", target)


def _misuse(told: str, target: Any) -> UnsafeError:
    """What may be an object does something; a number or a text stops whoever loads it."""
    return UnsafeError(told) if isinstance(target, Made | Name) else MisusedError(told)


def _may_be_text(value: Any) -> bool:
    """Whether it can be a text when it is loaded; an object of a class is none."""
    if isinstance(value, Made):
        return not value.name.qualname[:1].isupper()
    return isinstance(value, str) or value is UNKNOWN


def _enter(target: Any, items: list[Any]) -> None:
    _require_box(target)
    if isinstance(target, Box):
        for key, value in zip(items[::2], items[1::2], strict=True):
            if isinstance(key, str) and len(target.entries) < MAX_ENTRIES:
                target.entries[key] = value
            else:
                target.is_whole = False
