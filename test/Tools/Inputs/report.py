"""Checks a report of intaglio-compile on test/Codegen/float-encoder.mlir: report.py FILE.json"""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    report = json.load(file)
assert set(report) == {"model", "target", "integer", "ops", "noise", "size", "memory", "proofs", "accuracy"}, report.keys()
integer = report["integer"]
assert integer["share_of_ops"] == integer["share_of_multiply_adds"] == 1 and integer["float_ops"] == []
assert integer["weight_multiply_adds_per_token"] == 4 * 64, integer
proofs = report["proofs"]
assert proofs["integer_only"] is True and proofs["precision"] == "int8"
assert proofs["ranges"]["holds"] and proofs["ranges"]["smallest_spare_bits"] >= 0
code = proofs["no_float_machine_code"]
assert code["holds"] and code["instructions"]["float"] == 0 < code["instructions"]["all"]
assert report["size"]["artefact_bytes"] > report["size"]["weights_bytes"] > 0
assert report["accuracy"]["data"] == "calibration" and report["accuracy"]["samples"] == 6
assert report["noise"] == {"data": "calibration", "samples": 6}
assert {output["name"] for output in report["accuracy"]["outputs"]} == {"last_hidden_state", "sentence_embedding"}
assert all(output["mean_cosine"] > 0.9 for output in report["accuracy"]["outputs"]), report["accuracy"]
assert all(op["bits"] in (8, 16, 32, 64) and not op["float"] for op in report["ops"])
names = [op["name"] for op in report["ops"]]
assert len(set(names)) == len(names) and "attention" in names and "requantize" in names, names
assert abs(sum(op["error_budget"] for op in report["ops"]) - 1) < 1e-9 and all(op["error_budget"] >= 0 for op in report["ops"])
# All words of the table are one number, which its scale gives exactly.
assert report["ops"][0]["exact"] and "sqnr_db" not in report["ops"][0] and report["ops"][0]["error_budget"] == 0
assert all(op["exact"] == ("sqnr_db" not in op) and op["scale"] > 0 for op in report["ops"])
# What comes out is what the last norm gives; own noise is a part of all noise, or nearly.
norm, = [op for op in report["ops"] if op["name"] == "layer_norm#2"]
assert abs(norm["sqnr_db"] - report["accuracy"]["outputs"][0]["sqnr_db"]) < 0.01, norm
assert norm["own_sqnr_db"] > norm["sqnr_db"] + 30, norm
arenas = report["memory"]["arena"]
assert [arena["dims"] for arena in arenas] == [{"batch": 1, "sequence": 4}] * 2 and arenas[0]["bytes"] == arenas[1]["bytes"] > 0
assert report["memory"]["compile_peak_bytes"] > 0
