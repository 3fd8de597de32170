"""Compares the constraints that docs/Spec.md defines with those that sources and tests cite.

Usage: constraints.py SOURCE_FOLDER. Prints each number that is cited but not defined, defined twice, or defined but cited
by no verifier, pass or test; exits 1 if there is one.
"""
import collections
import pathlib
import re
import sys

NUMBER = re.compile(r"\bC-[A-Z][A-Z0-9]*-[0-9]+\b")
RANGE = re.compile(r"\b(C-[A-Z][A-Z0-9]*-)([0-9]+) to \1([0-9]+)\b")
root = pathlib.Path(sys.argv[1])
defined = collections.Counter(re.findall(r"\*\*(C-[A-Z][A-Z0-9]*-[0-9]+)\*\*", (root / "docs/Spec.md").read_text()))
cited = collections.defaultdict(list)
for folder in ("docs", "include", "lib", "test", "tools"):
    for path in sorted((root / folder).rglob("*")):
        if path.suffix not in (".cpp", ".h", ".td", ".md", ".mlir", ".test") or "golden" in path.parts:
            continue
        text = path.read_text()
        numbers = set(NUMBER.findall(text))
        for name, first, last in RANGE.findall(text):
            numbers.update(f"{name}{n}" for n in range(int(first), int(last) + 1))
        numbers.update(re.findall(r"\((C-[A-Z][A-Z0-9]*)\)", text))  # a number was forgotten
        for number in numbers:
            cited[number].append(str(path.relative_to(root)))

problems = [f"{number} is cited by {', '.join(where)} but not defined" for number, where in sorted(cited.items()) if number not in defined]
problems += [f"{number} is defined {count} times" for number, count in sorted(defined.items()) if count > 1]
checks = ("lib/", "test/", "tools/")
problems += [f"{number} is cited by no verifier, pass or test" for number in sorted(defined)
             if not any(where.startswith(checks) for where in cited[number])]
print("\n".join(problems) or f"{len(defined)} constraints, all cited")
sys.exit(bool(problems))
