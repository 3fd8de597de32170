"""Hostile files of calibration statistics, each given to intaglio-compile: hostile_calibration.py FOLDER.

Each case changes the statistics that the compiler saved for a tiny encoder. The tool has to exit with 1, print one error with the
file and the expected text, crash in no way and leave no output.
"""
import json
import os
import pathlib
import subprocess
import sys

import numpy as np


def save(root):
    """The statistics of FOLDER/model, made from a few samples."""
    random = np.random.default_rng(1)
    np.savez(root / "data.npz", input_ids=random.integers(0, 32, (4, 6)), attention_mask=np.ones((4, 6), np.int64))
    subprocess.run(["intaglio-compile", root / "model", "-o", root / "good.so", f"--calibrate={root}/data.npz",
                    f"--save-calibration={root}/good.json"], check=True, stderr=subprocess.DEVNULL)
    return (root / "good.json").read_text()


def root_field(key, value):
    def change(content):
        if value is None:
            del content[key]
        else:
            content[key] = value
    return change


def edge_field(key, value):
    def change(content):
        if value is None:
            del content["edges"][0][key]
        else:
            content["edges"][0][key] = value
    return change


def edges(change):
    return lambda content: content.update(edges=change(content["edges"]))


def channels(low, high):
    def change(content):
        content["edges"][0].update(channel_minima=low, channel_maxima=high)
    return change


TEXTS = {
    "empty": (lambda text: "", "is not JSON"),
    "words": (lambda text: "statistics", "is not JSON"),
    "binary": (lambda text: "\0\1\2", "is not JSON"),
    "half": (lambda text: text[:len(text) // 2], "is not JSON"),
    "deep": (lambda text: "[" * 1000000, "nests too deep"),
    "nan": (lambda text: text.replace('"minimum":', '"minimum":NaN,"x":', 1), "is not JSON"),
    "infinity": (lambda text: text.replace('"maximum":', '"maximum":1e999,"x":', 1), "finite float32 'maximum'"),
    "utf8": (lambda text: text.replace("embeddings", "\udcff", 1), "is not JSON"),
}
CHANGES = {
    "array": (lambda content: [content], "expects \"format\": \"intaglio-calibration\""),
    "no-format": (root_field("format", None), "expects \"format\": \"intaglio-calibration\""),
    "other-format": (root_field("format", "tensorrt"), "expects \"format\": \"intaglio-calibration\""),
    "version": (root_field("version", 2), "expects an integer 'version' from 1 to 1"),
    "version-text": (root_field("version", "1"), "expects an integer 'version'"),
    "model-number": (root_field("model", 7), "expects a string 'model'"),
    "model-other": (root_field("model", "0" * 32), "another model"),
    "samples-negative": (root_field("samples", -1), "expects an integer 'samples'"),
    "samples-huge": (root_field("samples", 2**60), "expects an integer 'samples'"),
    "samples-fraction": (root_field("samples", 0.5), "expects an integer 'samples'"),
    "unknown-field": (root_field("comment", "hello"), "unknown field 'comment'"),
    "edges-missing": (root_field("edges", None), "expects an array 'edges'"),
    "edges-object": (root_field("edges", {}), "expects an array 'edges'"),
    "edge-number": (edges(lambda found: [3]), "expects objects with an 'id' in 'edges'"),
    "edge-without-id": (edge_field("id", None), "expects objects with an 'id' in 'edges'"),
    "edge-empty-id": (edge_field("id", ""), "expects objects with an 'id' in 'edges'"),
    "edge-twice": (edges(lambda found: found + found[:1]), "appears twice"),
    "edge-renamed": (edge_field("id", "nowhere"), "lack the edge 'embeddings'"),
    "edge-lost": (edges(lambda found: found[1:]), "lack the edge 'embeddings'"),
    "order": (edge_field("minimum", 2.0 ** 100), "'minimum' is above 'maximum'"),
    "not-float32": (edge_field("minimum", -0.1), "expects a finite float32 'minimum'"),
    "exponent": (edge_field("exponent", 40), "'exponent' must be"),
    "exponent-range": (edge_field("exponent", -400), "expects an integer 'exponent'"),
    "bins-negative": (edge_field("negative", [-1]), "expects counts from 0 to 2^52 in 'negative'"),
    "bins-fraction": (edge_field("positive", [1.5]), "expects counts from 0 to 2^52 in 'positive'"),
    "bins-many": (edge_field("positive", [1] * 2049), "at most 2048 counts"),
    "bins-object": (edge_field("positive", {}), "expects an array 'positive'"),
    "sum-number": (edge_field("sum_of_minima", 5), "expects a string 'sum_of_minima'"),
    "sum-text": (edge_field("sum_of_maxima", "1e5"), "expects a decimal integer in 'sum_of_maxima'"),
    "sum-long": (edge_field("sum_of_maxima", "9" * 4000), "expects a decimal integer in 'sum_of_maxima'"),
    "edge-unknown-field": (edge_field("mean", 0), "unknown field 'mean'"),
    "channels-two": (channels([0.0], [0.0, 1.0]), "must have one length"),
    "channels-sign": (channels([1.0], [2.0]), "the range of channel 0 must contain zero"),
    "channels-text": (channels(["0"], [0.0]), "expects finite float32 numbers in 'channel_minima'"),
}


def check(root, name, text, expected):
    path, out = root / f"{name}.json", root / f"{name}.so"
    if text is None:
        os.mkfifo(path)
    else:
        path.write_bytes(text.encode(errors="surrogateescape"))
    result = subprocess.run(["intaglio-compile", root / "model", "-o", out, f"--calibrate={path}"], capture_output=True, text=True,
                            errors="replace", timeout=60, check=False)
    lines = [line for line in result.stderr.splitlines() if "error: " in line]
    if result.returncode == 1 and len(lines) == 1 and expected in lines[0] and path.name in lines[0] and not out.exists():
        return True
    print(f"{name}: exit status {result.returncode}, expected 1 and one error with {expected!r}, got:\n{result.stderr[:1000]}")
    return False


def main(folder):
    root = pathlib.Path(folder)
    good = save(root)
    passed = [check(root, name, change(good), expected) for name, (change, expected) in TEXTS.items()]
    for name, (change, expected) in CHANGES.items():
        content = json.loads(good)
        content = change(content) or content
        passed.append(check(root, name, json.dumps(content), expected))
    passed.append(check(root, "pipe", None, "no regular file"))
    print(f"{sum(passed)} of {len(passed)} hostile statistics refused")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
