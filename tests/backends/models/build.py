"""Makes the small encoders of this folder: ``pip install onnx && python build.py``.

`words.onnx` counts the words of a vocabulary in a text and gives the sum of their vectors, of four
numbers; `numbers.onnx` gives tanh(x W) of three numbers, two of them; `pictures.onnx` takes n
pictures of 16 by 16 pixels, three channels first, and gives four weighted sums of their mean
colour; `levels.onnx` does so with bytes, channels last, of any size, one picture at a time.
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
PICTURE_WEIGHTS = [[1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, -1.0], [0.0, 0.0, 1.0, 0.5]]
HERE = Path(__file__).parent


def build() -> None:
    """Write both files."""
    import numpy as np
    import onnx
    from onnx import TensorProto as Kind
    from onnx import helper
    from onnx import numpy_helper as arrays

    def save(
        name: str, nodes: list[Any], given: Any, size: int, weights: Any, sides: Any = None
    ) -> None:
        result = helper.make_tensor_value_info("vector", Kind.FLOAT, ["n", size])
        table = arrays.from_array(np.array(weights, dtype=np.float32), "weights")
        tables = [table] if sides is None else [table, arrays.from_array(np.array(sides), "sides")]
        graph = helper.make_graph(nodes, name, [given], [result], tables)
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

    nodes = [
        helper.make_node("ReduceMean", ["x", "sides"], ["mean"], keepdims=0),
        helper.make_node("MatMul", ["mean", "weights"], ["vector"]),
    ]
    picture = helper.make_tensor_value_info("x", Kind.FLOAT, ["n", 3, 16, 16])
    save("pictures", nodes, picture, 4, PICTURE_WEIGHTS, sides=[2, 3])
    nodes = [
        helper.make_node("Cast", ["x"], ["levels"], to=Kind.FLOAT),
        helper.make_node("ReduceMean", ["levels", "sides"], ["mean"], keepdims=0),
        helper.make_node("MatMul", ["mean", "weights"], ["vector"]),
    ]
    levels = helper.make_tensor_value_info("x", Kind.UINT8, [1, "height", "width", 3])
    save("levels", nodes, levels, 4, PICTURE_WEIGHTS, sides=[1, 2])


if __name__ == "__main__":
    build()
