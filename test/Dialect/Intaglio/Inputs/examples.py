"""Prints each example of the dialect's TableGen files as a function, so that a test can parse and verify them.

Usage: examples.py FILE.td ...
"""
import re
import sys


def split_top(text, separator):
    """Splits at separators outside of brackets."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        if c in "<({[":
            depth += 1
        elif c in ")}]" or (c == ">" and text[i - 1] != "-"):
            depth -= 1
        elif c == separator and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return [part.strip() for part in parts + [text[start:]]]


def function(index, example):
    text = " ".join(example.split())
    constants, op = re.match(r"((?:%\w+ = arith\.constant [^%]*)*)(%\w+ = intaglio\..*)", text).groups()
    defined = set(re.findall(r"(%\w+) =", constants))
    head, types = split_top(op, ":")[0], split_top(op, ":")[-1]
    operands = [name for name in re.findall(r"%\w+", head)[1:]]
    inputs = split_top(types.split("->")[0].strip(), ",")
    if len(inputs) == 1 and inputs[0].startswith("("):
        inputs = split_top(inputs[0][1:-1], ",")
    assert len(operands) == len(inputs), op
    arguments = ", ".join(f"{o}: {t}" for o, t in zip(operands, inputs) if o not in defined)
    print(f"func.func @example_{index}({arguments}) {{\n  {constants}\n  {op}\n  return\n}}")


count = 0
for path in sys.argv[1:]:
    for example in re.findall(r"```mlir\n(.*?)```", open(path).read(), re.S):
        function(count, example)
        count += 1
