"""Compares reports but for times and the memory of processes: same_reports.py A.json B.json"""
import json
import sys

texts = []
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    del report["performance"], report["memory"]["compile_peak_bytes"], report["memory"]["run_peak_bytes"]
    texts.append(json.dumps(report))
assert texts[0] == texts[1]
