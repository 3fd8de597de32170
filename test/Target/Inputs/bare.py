"""Raw arrays of a bare program.

bare.py pack IN.npz RAW              the arrays one after another, as the program reads them
bare.py compare RAW OUT.npz          fails unless RAW is the bytes of OUT's arrays
bare.py floats FILE.npz              a float32 input 'x' that a boundary has to round: ties, subnormal and huge numbers
"""
import sys

import numpy as np


def raw(path):
    with np.load(path) as arrays:
        return b"".join(np.ascontiguousarray(arrays[name]).tobytes() for name in arrays.files)


def floats(path):
    random = np.random.default_rng(3)
    scale = np.float32(0.05)
    ties = (random.integers(-300, 300, 4000) + 0.5).astype(np.float64) * scale
    near = np.float32(ties)
    bits = random.integers(0, 2**32, 4000, dtype=np.uint32).view(np.float32)
    x = np.concatenate([near, np.nextafter(near, np.float32(1e9)), np.nextafter(near, np.float32(-1e9)),
                        bits[np.isfinite(bits)], np.float32([0.0, -0.0, 1e-40, -1e-45, 3.4e38, -3.4e38])])
    np.savez(path, x=x[:len(x) // 4 * 4].reshape(-1, 4))


command, paths = sys.argv[1], sys.argv[2:]
if command == "pack":
    open(paths[1], "wb").write(raw(paths[0]))
elif command == "floats":
    floats(paths[0])
elif open(paths[0], "rb").read() != raw(paths[1]):
    sys.exit(f"{paths[0]} is not what {paths[1]} holds")
