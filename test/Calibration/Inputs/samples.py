"""Writes calibration data of encoder.mlir into a folder: the same samples in every container, and broken ones."""
import os
import sys

import numpy as np
from safetensors.numpy import save_file

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
os.chdir(folder)
random = np.random.default_rng(5)
lengths = random.integers(1, 7, size=40)
ids = random.integers(0, 16, size=(40, 6))
mask = (np.arange(6) < lengths[:, None]).astype(np.int64)
arrays = {"input_ids": ids, "attention_mask": mask}

np.savez("whole.npz", **arrays)
np.savez_compressed("compressed.npz", **arrays)
save_file(arrays, "whole.safetensors")
os.makedirs("folder", exist_ok=True)
for name, array in arrays.items():
    np.save(f"folder/{name}.npy", array)
np.savez("first.npz", **{name: array[:13] for name, array in arrays.items()})
np.savez_compressed("second.npz", **{name: array[13:] for name, array in arrays.items()})
order = random.permutation(40)
np.savez("shuffled.npz", **{name: array[order] for name, array in arrays.items()})

broken = {
    "missing": {"input_ids": ids},
    "extra": dict(arrays, labels=ids),
    "int32": dict(arrays, input_ids=ids.astype(np.int32)),
    "counts": dict(arrays, attention_mask=mask[:7]),
    "empty": {name: array[:0] for name, array in arrays.items()},
    "long": {name: np.tile(array, 2) for name, array in arrays.items()},
    "rank": dict(arrays, attention_mask=mask[:, 0]),
    "vocabulary": dict(arrays, input_ids=np.where(np.arange(40)[:, None] == 31, 99, ids)),
    "padding": dict(arrays, attention_mask=np.where(np.arange(40)[:, None] == 11, 0, mask)),
}
for name, content in broken.items():
    np.savez(f"{name}.npz", **content)
with open("whole.npz", "rb") as file:
    content = file.read()
with open("cut.npz", "wb") as file:
    file.write(content[:len(content) // 2])
with open("damaged.npz", "wb") as file:
    file.write(content[:500] + bytes([content[500] ^ 1]) + content[501:])
