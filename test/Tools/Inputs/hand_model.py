"""Writes inputs for test/Unit/Runtime/model.c: hand_model.py FILE.npz"""
import sys

import numpy as np

np.savez(sys.argv[1], x=np.full((3, 5), 7), z=np.ones((3, 5), np.int64))
