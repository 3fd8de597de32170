"""Writes arrays to a file of arrays, or prints those of one.

npz.py OUT.npz NAME=DTYPE:LIST ...    such as input_ids=int64:[[1,2],[3,4]]
npz.py IN.npz                         prints 'NAME DTYPE SHAPE VALUES' a line each
"""
import json
import sys

import numpy as np

path, arguments = sys.argv[1], sys.argv[2:]
if arguments:
    arrays = {}
    for argument in arguments:
        name, value = argument.split("=", 1)
        dtype, text = value.split(":", 1)
        arrays[name] = np.array(json.loads(text), dtype)
    np.savez(path, **arrays)
else:
    with np.load(path) as arrays:
        for name, array in arrays.items():
            print(name, array.dtype, list(array.shape), array.tolist())
