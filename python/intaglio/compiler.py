"""The compiler, run as the program intaglio-compile."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from . import errors


def find_tool(name):
    """The path of a tool: in $INTAGLIO_TOOLS, in the installed package, in the build of this source tree, or in $PATH."""
    package = pathlib.Path(__file__).resolve().parent
    folders = [package / "bin", package.parents[1] / "build" / "bin"]
    if os.environ.get("INTAGLIO_TOOLS"):
        folders = [pathlib.Path(os.environ["INTAGLIO_TOOLS"])]
    for folder in folders:
        if os.access(folder / name, os.X_OK):
            return str(folder / name)
    found = None if os.environ.get("INTAGLIO_TOOLS") else shutil.which(name)
    if not found:
        raise errors.Error(f"the program {name} is not there: build Intaglio, or name the folder of its programs in "
                           "INTAGLIO_TOOLS")
    return found


def compile(model, out, calibrate=(), **options):
    """Compiles `model` (ONNX file, Hugging Face directory, .mlir, .mlirbc) to the artefact `out`; returns `out`.

    `calibrate` is a file of data or statistics, several of them, or a dict of arrays by input name, first axis samples.
    Each option is one of intaglio-compile with `_` for `-`: `precision="float"`, `verify_each=True`; a list repeats it.
    Raises CompileError with the compiler's first error; what it printed is in `.diagnostics`.
    """
    with tempfile.TemporaryDirectory() as folder:
        run(model, out, _calibration_files(calibrate, folder),
            [flag for name, value in options.items() for flag in _flags(name, value)])
    return out


def run(model, out, calibrate, flags, capture=True):
    """Runs intaglio-compile with these files of calibration data and flags. Without `capture` it prints to standard error."""
    command = [find_tool("intaglio-compile"), os.fspath(model), "-o", os.fspath(out),
               *(f"--calibrate={file}" for file in calibrate), *flags]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE if capture else None, text=True,
                          errors="replace", check=False)
    if done.returncode:
        lines = (done.stderr or "").splitlines()
        found = [line for line in lines if "error: " in line] or lines[:1]
        raise errors.CompileError(found[0] if found else f"intaglio-compile ended with status {done.returncode}", done.stderr)


def report(path):
    """The report that was written with `report=FILE.json`, as a dict; `path` is that file, or an artefact beside it."""
    path = pathlib.Path(path)
    file = path if path.suffix == ".json" else path.with_suffix(".json")
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise errors.Error(f"{file}: no such report; compile with report={str(file)!r}") from None
    except ValueError as error:
        raise errors.Error(f"{file}: not a report: {error}") from None


def _calibration_files(calibrate, folder):
    if isinstance(calibrate, dict):
        import numpy as np
        file = os.path.join(folder, "calibration.npz")
        np.savez(file, **calibrate)
        return [file]
    if isinstance(calibrate, (str, os.PathLike)):
        return [os.fspath(calibrate)]
    return [os.fspath(file) for file in calibrate]


def _flags(name, value):
    flag = "--" + name.replace("_", "-")
    if value is True:
        return [flag]
    if value is False or value is None:
        return []
    if isinstance(value, (list, tuple)):
        return [f"{flag}={item}" for item in value]
    return [f"{flag}={value}"]
