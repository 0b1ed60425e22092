"""Writes a network down as ONNX: the few messages of its format that are needed (field numbers of onnx.proto3, IR 10),
so that no library of 30 MB is installed for writing alone."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

MICROSOFT = "com.microsoft"  # operators only onnxruntime has
_OPSETS = {"": 18, MICROSOFT: 1}
_IR_VERSION = 10
_TYPES = {np.dtype(np.float32): 1, np.dtype(np.int8): 3}
_FLOAT, _INTEGER = 1, 2


class Graph:
    """Collects what is computed; every method gives the name of what comes out, for the next to go on with."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[tuple[bytes, memoryview]] = []  # views: 20 MB of weights are copied once, into the file

    def constant(self, values: npt.NDArray[np.generic]) -> str:
        """The array is kept as it is until the file is written: do not change it."""
        name = f"c{len(self._constants)}"
        dimensions = b"".join(_number(1, size) for size in values.shape)
        head = dimensions + _number(2, _TYPES[values.dtype]) + _text(8, name) + _key(9, 2) + _varint(values.nbytes)
        self._constants.append((_key(5, 2) + _varint(len(head) + values.nbytes) + head, _raw(values)))
        return name

    def node(self, operator: str, inputs: Sequence[str], domain: str = MICROSOFT, **attributes: float) -> str:
        return self.nodes(operator, inputs, 1, domain, **attributes)[0]

    def nodes(
        self, operator: str, inputs: Sequence[str], outputs: int, domain: str = MICROSOFT, **attributes: float
    ) -> list[str]:
        names = [f"n{len(self._nodes)}.{at}" for at in range(outputs)]
        self._nodes.append(
            b"".join(_text(1, name) for name in inputs)
            + b"".join(_text(2, name) for name in names)
            + _text(4, operator)
            + b"".join(_bytes(5, _attribute(name, value)) for name, value in attributes.items())
            + _text(7, domain)
        )
        return names

    def model(self, takes: Mapping[str, Sequence[int | str]], gives: Mapping[str, Sequence[int | str]]) -> bytes:
        """The finished file. Names of float32 tensors with their shapes; a text stands for any size."""
        graph: list[bytes | memoryview] = [_bytes(1, node) for node in self._nodes]
        graph += [_text(2, "sympolis"), *(part for constant in self._constants for part in constant)]
        graph += [_bytes(11, _value(*item)) for item in takes.items()]
        graph += [_bytes(12, _value(*item)) for item in gives.items()]
        opsets = [_bytes(8, _text(1, domain) + _number(2, version)) for domain, version in _OPSETS.items()]
        head = _number(1, _IR_VERSION) + _key(7, 2) + _varint(sum(map(len, graph)))
        return b"".join([head, *graph, *opsets])


def _raw(values: npt.NDArray[np.generic]) -> memoryview:
    return memoryview(np.ascontiguousarray(values).reshape(-1).view(np.uint8))


def _attribute(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _INTEGER)
    return _text(1, name) + _key(2, 5) + struct.pack("<f", value) + _number(20, _FLOAT)


def _value(name: str, shape: Sequence[int | str]) -> bytes:
    sizes = (_text(2, size) if isinstance(size, str) else _number(1, size) for size in shape)
    dimensions = b"".join(_bytes(1, size) for size in sizes)
    tensor = _number(1, _TYPES[np.dtype(np.float32)]) + _bytes(2, dimensions)
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _varint(value: int) -> bytes:
    """Sizes, versions and types: never negative."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _key(field: int, wire: int) -> bytes:
    return _varint(field << 3 | wire)


def _number(field: int, value: int) -> bytes:
    return _key(field, 0) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _key(field, 2) + _varint(len(value)) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())
