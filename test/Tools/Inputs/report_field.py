"""Prints members of a report, one line each: report_field.py REPORT.json MEMBER.MEMBER ..."""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    report = json.load(file)
for path in sys.argv[2:]:
    value = report
    for key in path.split("."):
        value = value[int(key)] if isinstance(value, list) else value.get(key)
    print(f"{path}: {value}")
