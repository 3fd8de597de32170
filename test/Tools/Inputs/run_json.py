"""Checks what intaglio-run --json printed: run_json.py FILE.json ARTEFACT"""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    run = json.load(file)
assert set(run) == {"system", "artefact", "target", "threads", "repeat", "load_ms", "peak_rss_bytes", "latency_ms",
                    "inputs", "outputs"}, run.keys()
assert (run["system"], run["artefact"], run["threads"], run["repeat"]) == ("intaglio", sys.argv[2], 2, 5)
assert set(run["latency_ms"]) == {"min", "median", "p99"}
assert 0 < run["latency_ms"]["min"] <= run["latency_ms"]["median"] <= run["latency_ms"]["p99"]
assert run["inputs"] == {name: {"dtype": "int64", "shape": [3, 5]} for name in ("input0", "input1")}
assert run["outputs"]["output1"] == {"dtype": "float32", "shape": [3, 8]}
assert run["load_ms"] > 0 and run["peak_rss_bytes"] > 1 << 20
