"""An encoder with INT32 inputs and the same with INT64, and data for them: onnx_int32.py FOLDER"""
import pathlib
import sys

import numpy as np
import onnx

import onnx_forms

folder = pathlib.Path(sys.argv[1])
CHOICE = {"opset": 17, "style": "legacy", "norm": "operator", "place": "post", "activation": "erf", "mask": "subtract", "scale": "divide",
          "keys": "direct", "bias": "first", "positions": "roberta", "types": "input", "inputs": "named", "head": "two-outputs"}
for ids, name in (("int32", "m"), ("int64", "wide")):
    onnx.save(onnx_forms.build({**CHOICE, "ids": ids}, 4), folder / f"{name}.onnx")
data = onnx_forms.make_inputs({**CHOICE, "ids": "int32"}, 4, 6, 9)
np.savez(folder / "data.npz", **data)
np.savez(folder / "wide.npz", **{name: array.astype(np.int64) for name, array in data.items()})
data["input_ids"][0, 1] = onnx_forms.VOCABULARY
np.savez(folder / "beyond.npz", **data)
