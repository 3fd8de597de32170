"""Writes inputs for test/Codegen/integer-encoder.mlir: arrays.py FILE.npz"""
import sys

import numpy as np

random = np.random.default_rng(7)
mask = np.ones((3, 5), np.int64)
mask[1, 3:] = 0
mask[2] = 0
np.savez(sys.argv[1], input0=random.integers(0, 4, (3, 5)), input1=mask)
