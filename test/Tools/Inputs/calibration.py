"""Data for test/Codegen/float-encoder.mlir: calibration.py FILE.npz"""
import sys

import numpy as np

random = np.random.default_rng(3)
mask = np.ones((6, 4), np.int64)
mask[1, 3:] = mask[4, 2:] = 0
np.savez(sys.argv[1], input_ids=random.integers(0, 16, (6, 4)), attention_mask=mask)
