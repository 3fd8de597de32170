"""Follows report.mlir, its first op float, in NumPy and compares the noise of each op: report_noise.py REPORT.json HOLDOUT.npz"""
import json
import sys

import numpy as np


def decibels(signal, noise):
    return 10 * np.log10(np.sum(np.square(signal)) / np.sum(np.square(noise)))


with open(sys.argv[1], encoding="utf-8") as file:
    report = json.load(file)
assert report["noise"] == {"data": "holdout", "samples": 20}, report["noise"]
first, quantize, second = report["ops"]

# A float op whose operand is exact is exact: it has no ratio, and nothing of the budget.
assert first == {"name": "first", "source": "first", "op": "intaglio.relu", "float": True, "bits": 32,
                 "reason": "kept by --keep-float", "exact": True, "error_budget": 0}, first

# Its result is rounded to bytes.
x = np.maximum(np.load(sys.argv[2])["x"].astype(np.float64), 0)
scale, zero = quantize["scale"], quantize["zero_point"]
rounded = (np.clip(np.rint(x / scale) + zero, -128, 127) - zero) * scale
assert (quantize["name"], quantize["source"], quantize["op"]) == ("first#1", "first", "intaglio.quantize"), quantize
assert quantize["bits"] == 8 and not quantize["float"] and not quantize["exact"], quantize
assert abs(quantize["sqnr_db"] - decibels(x, rounded - x)) < 0.01, quantize
assert abs(quantize["own_sqnr_db"] - quantize["sqnr_db"]) < 0.01, quantize

# The second op adds the rounding of its weights.
weight = np.array([[.1, .2, .3, .4, .5, .6, .7, .8], [.8, .7, .6, .5, .4, .3, .2, .1], [.1, -.1] * 4, [.9, -.9, .8, -.8, .7, -.7, .6, -.6]])
weight = weight.astype(np.float32).astype(np.float64)
scales = (np.abs(weight).max(axis=1, keepdims=True) / 127).astype(np.float32).astype(np.float64)
codes = np.rint(weight / scales) * scales
exact, found, reference = x @ weight.T + .25, rounded @ codes.T + .25, rounded @ weight.T + .25
assert second["name"] == "second" and second["bits"] == 32 and second["zero_point"] == 0, second
assert np.isclose(second["scale"], scale * scales.min()) and np.isclose(second["largest_scale"], scale * scales.max()), second
assert abs(second["sqnr_db"] - decibels(exact, found - exact)) < 0.05, second
assert abs(second["own_sqnr_db"] - decibels(exact, found - reference)) < 0.05, second
own, inherited = np.sum((found - reference) ** 2), np.sum((reference - exact) ** 2)
assert abs(second["error_budget"] - own / (own + inherited)) < 0.01, second
assert abs(second["error_budget"] + quantize["error_budget"] - 1) < 1e-9, report["ops"]

# The output is what the second op gives.
accuracy = report["accuracy"]
assert accuracy["data"] == "holdout" and accuracy["samples"] == 20, accuracy
output, = accuracy["outputs"]
assert output["name"] == "y" and abs(output["sqnr_db"] - second["sqnr_db"]) < 0.05, output
assert abs(output["max_error"] - np.abs(found - exact).max()) < 1e-3, output

# 8 x 4 products; times decide nothing.
performance = report["performance"]
assert performance["data"] == "holdout" and performance["dims"] == {"batch": 1} and performance["threads"] == 1, performance
assert performance["multiply_adds"] == 32 and performance["repeat"] == 3 and performance["gops"] > 0, performance
assert 0 < performance["latency_ms"]["min"] <= performance["latency_ms"]["median"] <= performance["latency_ms"]["p99"], performance
if "peak_absent" not in performance:
    assert performance["hfu"] >= performance["mfu"] > 0 and performance["peak_gops"] > 0, performance
    roofline = performance["roofline"]
    assert roofline["bound"] in ("memory", "compute") and roofline["operations_per_byte"] > 0, roofline
    assert roofline["weight_bytes"] >= 32 and roofline["activation_bytes"] >= 8, roofline
memory = report["memory"]
assert memory["run_peak_bytes"] > 0 and memory["compile_peak_bytes"] > memory["run_peak_bytes"] // 100, memory
sample, largest = memory["arena"]
assert sample["dims"] == {"batch": 1} == largest["dims"] and sample["bytes"] == largest["bytes"] >= 0, memory
