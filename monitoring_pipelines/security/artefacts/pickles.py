"""What a pickle would import and call, found by following its operations without doing them.

A pickle is a program for a stack machine. The machine here moves names and marks instead of
objects, so that a name is known however it was put together, and refuses what is not on a list of
exact names (`allowed.json`): a prefix such as ``joblib.`` would let ``joblib.load`` pass. What it
cannot follow is refused too. joblib writes the numbers of an array right after the object that
describes it. They are skipped, and followed as well: a plain unpickler would take them for
operations.

References
----------
.. [1] Python's `pickletools`, which describes the operations; PEP 3154 and PEP 574.
"""

from __future__ import annotations

import math
import pickletools
import re
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.security.artefacts.names import UnlistedError, known
from monitoring_pipelines.security.artefacts.outcome import UnsafeError, UnverifiedError, name
from monitoring_pipelines.security.artefacts.stream import Bounded, Budget, Part
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

ARRAY = Name("joblib.numpy_pickle", "NumpyArrayWrapper")
DTYPES = {Name("numpy", "dtype")}
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
        return value

    def _drop(self, n: int) -> None:
        for _ in range(n):
            self._pop()

    def _to_mark(self) -> list[Any]:
        items: list[Any] = []
        while (value := self.stack.pop()) is not MARK:
            items.append(value)
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
            raise UnsafeError("a name that is put together at run time")
        self.stack.append(known(module, qualname, self.limits.allowed))

    def do_reduce(self, _: Any) -> None:
        arguments, function = self._pop(), self._pop()
        self.stack.append(_call(function, arguments))

    def do_newobj(self, _: Any) -> None:
        self.do_reduce(None)

    def do_newobj_ex(self, _: Any) -> None:
        self._pop()
        self.do_reduce(None)

    def do_inst(self, argument: str) -> None:
        module, _, qualname = argument.partition(" ")
        items = self._to_mark()
        self.stack.append(_call(known(module, qualname, self.limits.allowed), tuple(items)))

    def do_obj(self, _: Any) -> None:
        function, *items = self._to_mark()
        self.stack.append(_call(function, tuple(items)))

    def do_build(self, _: Any) -> None:
        state, made = self._pop(), self.stack[-1]
        if not isinstance(made, Made):
            raise UnsafeError(f"sets attributes of {name(made)}")
        if isinstance(state, Box):
            made.state |= state.entries
        if made.name == ARRAY:
            self._skip_array(made)

    def do_persid(self, _: Any) -> None:
        # who loads it decides what that is; a plain unpickler refuses it
        self.stack.append(UNKNOWN)

    def do_binpersid(self, _: Any) -> None:
        self._pop()
        self.stack.append(UNKNOWN)

    def do_next_buffer(self, _: Any) -> None:
        self.stack.append(UNKNOWN)

    def _skip_array(self, wrapper: Made) -> None:
        """Go over the numbers that joblib wrote behind the wrapper of an array."""
        size = _item_size(wrapper.state.get("dtype"))
        if size is None:  # an array of objects is a pickle of its own, in the same stream
            follow(self.stream, self.limits)
            return
        shape = wrapper.state.get("shape")
        if not isinstance(shape, tuple) or not all(isinstance(n, int) and n >= 0 for n in shape):
            raise UnverifiedError("an array without a shape")
        n = math.prod(shape) * size
        if wrapper.state.get("numpy_array_alignment_bytes") is not None:
            n += 1 + int.from_bytes(self.stream.peek(1), "little")
        numbers = Part(self.stream, n)
        self._follow_numbers(Bounded(numbers, Budget(n)))
        self.stream.skip(numbers.left)

    def _follow_numbers(self, numbers: Bounded) -> None:
        """See that the numbers do not import anything if they are taken for operations."""
        other = _Machine(numbers, self.limits)
        other.stack, other.memo = [*self.stack], {**self.memo}
        try:
            other.run()
        except UnlistedError as error:
            if re.fullmatch(r"[A-Za-z_][\w.]+ [A-Za-z_][\w.]*", error.args[1], re.ASCII):
                raise
        except (UnverifiedError, *CONFUSED):
            return
        raise UnverifiedError("numbers of an array that are operations of a pickle, too")


def _call(function: Any, arguments: Any) -> Made:
    if not isinstance(function, Name):
        raise UnsafeError(f"calls {name(function)}, which is made at run time")
    return Made(function, arguments)


def _require_box(target: Any) -> None:
    if not isinstance(target, Box | Made):
        raise UnsafeError(f"changes {name(target)}")


def _enter(target: Any, items: list[Any]) -> None:
    _require_box(target)
    if isinstance(target, Box):
        for key, value in zip(items[::2], items[1::2], strict=True):
            if isinstance(key, str) and len(target.entries) < MAX_ENTRIES:
                target.entries[key] = value


def _item_size(dtype: Any) -> int | None:
    """Bytes of one number; None of objects."""
    if not isinstance(dtype, Made) or dtype.name not in DTYPES:
        raise UnverifiedError("an array without a type")
    first = dtype.arguments[0] if isinstance(dtype.arguments, tuple) else None
    if not isinstance(first, str):
        raise UnverifiedError("an array of a type that cannot be told")
    code = re.fullmatch(r"[<>=|]?([biufcmMSUVO?])(\d*)", first)
    if code is None:
        raise UnverifiedError("an array of a type that cannot be told")
    if code[1] == "O":
        return None
    return int(code[2] or 1) * (4 if code[1] == "U" else 1)
