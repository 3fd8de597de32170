"""Checks that the code which docs/AddingAnOp.md shows stands in the sources.

Usage: worked_example.py SOURCE_FOLDER. Spaces and trailing comments do not count.
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
folder = "lib/Dialect/Intaglio/IR/GraphOps.cpp", "include/intaglio/Dialect/Intaglio/IR/GraphOps.td"


def squeezed(text):
    return re.sub(r"\s+", "", re.sub(r"  //[^\n]*", "", text))


sources = [squeezed((root / path).read_text()) for path in folder]
blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", (root / "docs/AddingAnOp.md").read_text(), re.M)
missing = []
for block in blocks:
    # TableGen's definitions are one piece, functions stand apart in the source.
    pieces = [block] if "def " in block else block.strip().split("\n")
    missing += [piece.strip() for piece in pieces if not any(squeezed(piece) in source for source in sources)]
print("\n".join(missing) or f"{len(blocks)} blocks of code, all in the sources")
sys.exit(bool(missing) or not blocks)
