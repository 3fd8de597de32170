"""Inputs that do not fit test/Codegen/integer-encoder.mlir: bad_inputs.py FOLDER"""
import sys

import numpy as np

ids = np.zeros((3, 5), np.int64)
cases = {
    "lacks": {"input0": ids},
    "extra": {"input0": ids, "input1": ids, "other": ids},
    "dtype": {"input0": ids.astype(float), "input1": ids},
    "rank": {"input0": ids[0, :4], "input1": ids},
    "sizes": {"input0": ids, "input1": ids[:, :4]},
}
for name, arrays in cases.items():
    np.savez(f"{sys.argv[1]}/{name}.npz", **arrays)
