"""Encoders in every form that exporters write, imported, raised and compared with ONNX Runtime: onnx_raise.py TOOLS FOLDER.

Each form occurs in several graphs, with seeded choices of the others beside it.
"""
import collections
import pathlib
import random
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime

import onnx_forms

GRAPHS, TOLERANCE = 60, 1e-4


def choices():
    """At least GRAPHS choices, each form in four of them or more."""
    source, seen, count = random.Random(3), collections.Counter(), 0
    while count < GRAPHS or any(seen[key, form] < 4 for key, forms in onnx_forms.FORMS.items() for form in forms):
        choice = {key: min(source.sample(forms, 2), key=lambda form: seen[key, form]) for key, forms in onnx_forms.FORMS.items()}
        if onnx_forms.is_possible(choice):
            seen.update(choice.items())
            count += 1
            yield choice


class Ours:
    """The model, imported and raised; `error` says what failed."""

    def __init__(self, tools, folder):
        self.tools, self.folder = tools, folder
        self.error = (self.tool("intaglio-translate", "--import-onnx", folder / "m.onnx", "-o", folder / "m.mlir")
                      or self.tool("intaglio-opt", "--intaglio-raise", folder / "m.mlir", "-o", folder / "r.mlir"))

    def tool(self, name, *arguments):
        run = subprocess.run([self.tools / name, *arguments], capture_output=True, text=True)
        return None if run.returncode == 0 else run.stderr

    def run(self, inputs):
        np.savez(self.folder / "in.npz", **inputs)
        outputs = self.folder / "out.npz"
        self.error = self.error or self.tool("intaglio-run", "--reference", self.folder / "r.mlir",
                                             f"--inputs={self.folder / 'in.npz'}", f"--outputs={outputs}")
        return None if self.error else np.load(outputs)


def run_theirs(model, inputs):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return dict(zip([output.name for output in session.get_outputs()], session.run(None, inputs)))


def main():
    tools, folder = (pathlib.Path(argument) for argument in sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    failed = total = 0
    largest = 0.0
    for index, choice in enumerate(choices()):
        model = onnx_forms.build(choice, index)
        onnx.save(model, folder / "m.onnx")
        program = Ours(tools, folder)
        # A second shape, of the smallest sizes: what is 1 must not be taken for what is fixed.
        for batch, sequence in (onnx_forms.FIXED, (1, 1)):
            if choice["inputs"] == "fixed" and (batch, sequence) != onnx_forms.FIXED:
                continue
            total += 1
            inputs = onnx_forms.make_inputs(choice, index, batch, sequence)
            ours, theirs = program.run(inputs), run_theirs(model, inputs)
            difference = 0.0 if program.error else max(
                float(np.abs(ours[name] - value).max() / np.abs(value).max()) for name, value in theirs.items())
            largest = max(largest, difference)
            if program.error or not difference <= TOLERANCE:
                failed += 1
                print(f"graph {index}: {choice}\n  {program.error or f'relative difference {difference:.3g}'}")
    print(f"{total - failed} of {total} runs within {TOLERANCE}, largest {largest:.2g}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
