"""Lists ops of the dialect without an example that is parsed back, without a case that a verifier refuses, or without a fold test where
they fold: coverage.py SOURCES

Every op of TableGen stands in the example of its own description (examples.test), on the line behind an `expected-error` of one of
test/Dialect/Intaglio/invalid-*.mlir, and, where it has a folder or canonicalizer, in fold.mlir.
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
tests = root / "test/Dialect/Intaglio"
ops, examples, folding = [], set(), set()
for path in sorted((root / "include/intaglio/Dialect/Intaglio/IR").glob("*Ops.td")):
    for definition in re.split(r"^(?=def )", path.read_text(encoding="utf-8"), flags=re.M):
        found = re.match(r'def \w+ *: *[\w\s]*Op<"(\w+)"', definition)
        if not found:
            continue
        name = found.group(1)
        ops.append(name)
        if any(f"intaglio.{name} " in example for example in re.findall(r"```mlir\n(.*?)```", definition, re.S)):
            examples.add(name)
        if re.search(r"let has(Folder|Canonicalizer|CanonicalizeMethod) = 1;", definition):
            folding.add(name)

refused = set()
for path in tests.glob("invalid-*.mlir"):
    lines = path.read_text(encoding="utf-8").splitlines()
    for line, behind in zip(lines, lines[1:]):
        if "expected-error" in line:
            refused.update(re.findall(r"intaglio\.(\w+) ", behind)[:1])
folded = set(re.findall(r"= intaglio\.(\w+) ", (tests / "fold.mlir").read_text(encoding="utf-8")))

gaps = [f"{name}: no {what}" for what, wanted, present in (("example", ops, examples), ("invalid case", ops, refused),
                                                           ("fold test", sorted(folding), folded))
        for name in wanted if name not in present]
print("\n".join(gaps))
print(f"{len(ops)} ops, {len(folding)} of them fold, {len(gaps)} gaps")
sys.exit(bool(gaps) or not ops or not folding)
