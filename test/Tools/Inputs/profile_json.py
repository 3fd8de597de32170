"""Checks the JSON of `intaglio-run --profile`: profile_json.py PROFILE PROGRAM THREADS. PROGRAM is the schedule as
`intaglio-opt --intaglio-outline-kernels` prints it: every kernel call is a step, in its order."""
import json
import re
import sys

profile = json.load(open(sys.argv[1]))
called = re.findall(r"call @(\w+)\(", open(sys.argv[2]).read())
threads = int(sys.argv[3])

steps, kernels, kinds = profile["steps"], profile["kernels"], profile["kinds"]
assert [step["kernel"] for step in steps] == called, called
assert sorted(row["kernel"] for row in kernels) == sorted(set(called))
assert {row["kind"] for row in kinds} == {"linear", "attention", "norm", "embedding", "elementwise", "pool", "boundary"}, kinds
for rows in (steps, kernels, kinds):
    assert sum(row["calls"] for row in rows) == len(called)
    rest = profile["waiting"]["share"] + profile["beginning_and_end"]["share"]
    assert abs(sum(row["share"] for row in rows) + rest - 100) < 1e-6
    for row in rows:
        products = row.get("kind") in ("linear", "attention")
        assert ("gops" in row) == ("multiply_adds" in row) == products, row
        assert len(row["thread_us"]) == len(row["thread_wait_us"]) == threads
        assert abs(sum(row["thread_us"]) / threads - row["us"]) < 1e-6 * max(row["us"], 1)
for rows in (kernels, kinds):
    assert all(a["us"] >= b["us"] for a, b in zip(rows, rows[1:]))

# Three sentences of five tokens, eight channels; attention multiplies twice.
assert profile["dims"] == {"batch": 3, "sequence": 5}, profile["dims"]
products = {step["kernel"]: step["multiply_adds"] for step in steps if "multiply_adds" in step}
assert products == {"linear_0": 3 * 5 * 8 * 8, "linear_1": 3 * 5 * 8 * 8, "i_attention_0": 2 * 3 * 5 * 5 * 8}, products
sources = {step["kernel"]: step["source"] for step in steps}
assert sources["linear_1"] == "output.dense, output.add" and sources["linear_0"] == "", sources
assert profile["threads"] == threads and profile["repeat"] == 7
assert profile["sum_us"] > 0 and profile["run_us"] > 0 and profile["counter_hz"] > 1e6
