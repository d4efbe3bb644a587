"""Makes the two small encoders of this folder: ``pip install onnx && python build.py``.

`words.onnx` counts the words of a vocabulary in a text and gives the sum of their vectors, of four
numbers; `numbers.onnx` gives tanh(x W) of three numbers, two of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

WORDS = ("late", "broken", "refund", "thanks", "great", "love")
WORD_VECTORS = [
    [1, 0, 0, 1],
    [1, 1, 0, 0],
    [0, 1, 1, 0],
    [-1, 0, 1, 0],
    [0, -1, 0, 1],
    [0, 0, -1, -1],
]
WEIGHTS = [[1.0, 0.0], [0.5, -1.0], [0.0, 2.0]]
HERE = Path(__file__).parent


def build() -> None:
    """Write both files."""
    import numpy as np
    import onnx
    from onnx import TensorProto as Kind
    from onnx import helper
    from onnx import numpy_helper as arrays

    def save(name: str, nodes: list[Any], given: Any, size: int, weights: Any) -> None:
        result = helper.make_tensor_value_info("vector", Kind.FLOAT, ["n", size])
        table = arrays.from_array(np.array(weights, dtype=np.float32), "weights")
        graph = helper.make_graph(nodes, name, [given], [result], [table])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
        onnx.checker.check_model(model)
        onnx.save(model, HERE / f"{name}.onnx")

    count = helper.make_node(
        "TfIdfVectorizer",
        ["tokens"],
        ["counts"],
        mode="TF",
        min_gram_length=1,
        max_gram_length=1,
        max_skip_count=0,
        ngram_counts=[0],
        ngram_indexes=list(range(len(WORDS))),
        pool_strings=list(WORDS),
    )
    nodes = [
        helper.make_node("StringSplit", ["text"], ["tokens", "length"]),
        count,
        helper.make_node("MatMul", ["counts", "weights"], ["vector"]),
    ]
    text = helper.make_tensor_value_info("text", Kind.STRING, ["n"])
    save("words", nodes, text, 4, WORD_VECTORS)
    nodes = [
        helper.make_node("MatMul", ["x", "weights"], ["product"]),
        helper.make_node("Tanh", ["product"], ["vector"]),
    ]
    save("numbers", nodes, helper.make_tensor_value_info("x", Kind.FLOAT, ["n", 3]), 2, WEIGHTS)


if __name__ == "__main__":
    build()
