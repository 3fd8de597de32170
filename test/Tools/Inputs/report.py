"""Checks a report of intaglio-compile on test/Codegen/float-encoder.mlir: report.py FILE.json"""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    report = json.load(file)
assert set(report) == {"model", "target", "integer", "ops", "size", "memory", "proofs", "accuracy"}, report.keys()
integer = report["integer"]
assert integer["share_of_ops"] == integer["share_of_multiply_adds"] == 1 and integer["float_ops"] == []
assert integer["weight_multiply_adds_per_token"] == 4 * 64, integer
proofs = report["proofs"]
assert proofs["integer_only"] is True and proofs["precision"] == "int8"
assert proofs["ranges"]["holds"] and proofs["ranges"]["smallest_spare_bits"] >= 0
code = proofs["no_float_machine_code"]
assert code["holds"] and code["instructions"]["float"] == 0 < code["instructions"]["all"]
assert report["size"]["artefact_bytes"] > report["size"]["weights_bytes"] > 0
assert report["accuracy"]["samples"] == 6
assert {output["name"] for output in report["accuracy"]["outputs"]} == {"last_hidden_state", "sentence_embedding"}
assert all(output["mean_cosine"] > 0.9 for output in report["accuracy"]["outputs"]), report["accuracy"]
assert all(op["bits"] in (8, 16, 32, 64) and not op["float"] for op in report["ops"])
