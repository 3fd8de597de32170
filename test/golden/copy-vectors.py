"""Copies golden vectors and drops the version suffixes of their names.

Usage: copy-vectors.py FOLDER_OF_VECTORS (writes beside this script)

The kernels called NAME_v2 in the vectors are plain NAME here; their results stand under `minimax` beside `ibert`, and the
polynomial predecessor of the attention row is `attention_polynomial`. Nothing else changes.
"""
import json
import os
import sys

FILES = {"attention_v2": "attention_polynomial"}
KEYS = {"v2": "minimax", "v2_quartic": "quartic"}


def plain(key):
    return KEYS.get(key, key.replace("_v2", ""))


def renamed(value):
    if isinstance(value, dict):
        return {plain(key): renamed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [renamed(item) for item in value]
    return value.replace("v2 real", "minimax real") if isinstance(value, str) else value


source, here = sys.argv[1], os.path.dirname(os.path.abspath(__file__))
for name in sorted(os.listdir(source)):
    stem = name.removesuffix(".json")
    with open(os.path.join(source, name)) as file:
        data = json.load(file)
    with open(os.path.join(here, FILES.get(stem, plain(stem)) + ".json"), "w") as file:
        json.dump(renamed(data), file, separators=(",", ":"), sort_keys=True)
        file.write("\n")
