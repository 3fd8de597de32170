"""Closes a test run: summarize-tests.py RESULTS.json ..., each written by lit --output.

Prints each skipped test with its reason, each failed test, and `N passed, N failed[, N skipped]`. Exit status 0 only when
tests ran and none failed.
"""
import json
import sys

PASSED = {"PASS", "FLAKYPASS", "XFAIL"}
SKIPPED = {"UNSUPPORTED", "SKIPPED", "EXCLUDED"}


def main(paths):
    tests = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            tests += json.load(file)["tests"]
    skipped = [test for test in tests if test["code"] in SKIPPED]
    failed = [test for test in tests if test["code"] not in PASSED | SKIPPED]
    for test in skipped:
        print(f"skipped: {test['name']}: {' '.join(test['output'].split()) or test['code']}")
    for test in failed:
        print(f"failed: {test['name']} ({test['code']})")
    passed = len(tests) - len(skipped) - len(failed)
    print(f"{passed} passed, {len(failed)} failed" + (f", {len(skipped)} skipped" if skipped else ""))
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
