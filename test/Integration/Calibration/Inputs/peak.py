"""Peak memory of a calibration does not grow with its samples: peak.py FOLDER; it holds observed.mlir"""
import os
import subprocess
import sys

import numpy as np
from safetensors.numpy import save_file

FEW, MANY, BOUND = 1000, 200_000, 8 << 20

os.chdir(sys.argv[1])


def peak(count, ending):
    """Peak resident bytes of a run over `count` samples in a container of this kind."""
    random = np.random.default_rng(1)
    ids = random.integers(0, 16, size=(count, 6))
    arrays = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
    name = f"data{ending}"
    if ending == ".safetensors":
        save_file(arrays, name)
    else:
        np.savez_compressed(name, **arrays)
    child = subprocess.Popen(["intaglio-opt", "observed.mlir", f"--intaglio-collect-statistics=data={name} save={count}.json",
                              "-o", os.devnull])
    _, status, usage = os.wait4(child.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return usage.ru_maxrss * 1024


for ending in (".safetensors", ".npz"):
    few, many = peak(FEW, ending), peak(MANY, ending)
    print(f"{ending}: {FEW} samples {few / 1e6:.1f} MB, {MANY} samples {many / 1e6:.1f} MB")
    # All samples in memory would be twice as much.
    assert many - few < BOUND, (few, many)
