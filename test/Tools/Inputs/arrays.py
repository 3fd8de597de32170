"""Writes pairs of files for intaglio-run --compare into the folder given."""
import os
import sys

import numpy as np

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)


def write(name, **arrays):
    np.savez(os.path.join(folder, name), **arrays)


x = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
y = x.copy()
y[1, 2] = 6.5
codes = np.array([-128, 0, 127], np.int8)
write("a", x=x, codes=codes)
write("near", x=y, codes=codes)
write("zero", x=np.array([0.0, np.nan], np.float32))
write("minus", x=np.array([-0.0, np.nan], np.float32))
write("lacks", x=x)
write("shape", x=x.T.copy(), codes=codes)
write("dtype", x=x.astype(np.float64), codes=codes)
