"""Runs float inputs that are no numbers through int8.so and float.so of a folder: float_inputs.py FOLDER

Writes nan.npz and infinite.npz, which intaglio-run refuses, special.npz, of all kinds, and native.npz, its result by int8.so.
"""
import sys

import numpy as np

import intaglio

folder = sys.argv[1]
LARGEST = np.float32(np.finfo(np.float32).max)
special = np.random.default_rng(1).normal(size=(9, 4)).astype(np.float32)
special[1, 2] = np.nan
special[3] = -np.nan
np.savez(folder + "/nan.npz", x=special)
special[[1, 3]] = np.random.default_rng(2).normal(size=(2, 4))
special[2, 0], special[4, 3] = np.inf, -np.inf
np.savez(folder + "/infinite.npz", x=special)
special[1, 2] = np.nan
special[3] = -np.nan
special[5, 1], special[6, 1], special[7, 2], special[8, 3] = LARGEST, -LARGEST, -0.0, 1e-45
numbers = np.where(np.isnan(special), np.float32(0), np.clip(special, -LARGEST, LARGEST))
np.savez(folder + "/special.npz", x=special)


def run(library, x):
    with intaglio.Model(f"{folder}/{library}.so", threads=2) as model:
        return model.run({"x": x})["y"]


native = run("int8", special)
assert np.isfinite(native).all(), native
assert np.array_equal(native, run("int8", numbers))
np.savez(folder + "/native.npz", y=native)

result, expected = run("float", special), run("float", numbers)
is_nan, finite = np.isnan(special).any(1), np.isfinite(special).all(1)
assert np.isnan(result[is_nan]).all() and not np.isfinite(result[~finite]).any(), result
assert np.array_equal(result[finite], expected[finite], equal_nan=True), (result, expected)
