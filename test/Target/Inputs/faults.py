"""Faulty command lines for test/Codegen/integer-encoder.mlir, given to the executable and to intaglio-run with the library:
faults.py FOLDER EXECUTABLE LIBRARY

Both have to exit with 1 and to say the same.
"""
import pathlib
import subprocess
import sys

import numpy as np

folder, executable, library = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
ids = np.zeros((3, 5), np.int64)
FILES = {
    "good": {"input0": ids, "input1": ids},
    "lacks": {"input0": ids},
    "extra": {"input0": ids, "input1": ids, "other": ids},
    "float": {"input0": ids.astype(float), "input1": ids},
    "narrow": {"input0": ids, "input1": ids.astype(np.int32)},
    "bool": {"input0": ids, "input1": ids.astype(bool)},
    "rank": {"input0": ids[0, :4], "input1": ids},
    "scalar": {"input0": ids[0, 0], "input1": ids},
    "sizes": {"input0": ids, "input1": ids[:, :4]},
    "below": {"input0": ids - 1, "input1": ids},
    "above": {"input0": ids + np.eye(3, 5, 1, np.int64) * 4, "input1": ids},
    "huge": {"input0": ids + (1 << 62), "input1": ids},
}
for name, arrays in FILES.items():
    np.savez(folder / f"{name}.npz", **arrays)
(folder / "cut.npz").write_bytes((folder / "good.npz").read_bytes()[:-7])
(folder / "folder").mkdir(exist_ok=True)

GOOD = f"--inputs={folder}/good.npz"
CASES = [[f"--inputs={folder}/{name}.npz", f"--outputs={folder}/out.npz"] for name in FILES if name != "good"] + [
    [],
    ["--inputs="],
    [f"--outputs={folder}/out.npz"],
    [GOOD, "--threads=0"],
    [GOOD, "--threads=1025"],
    [GOOD, "--threads=many"],
    [GOOD, "--threads="],
    [GOOD, "--threads=-1"],
    [GOOD, "--repeat=0"],
    [GOOD, "--warmup=4294967296"],
    [GOOD, f"--outputs={folder}/no/where.npz"],
    [GOOD, f"--json={folder}/no/where.json"],
    ["--info", GOOD],
    ["--info", "--threads=2"],
]
# The same fault in the words of another library, or one that only the program has: what it says.
WORDS = [
    ([f"--inputs={folder}/cut.npz"], "cut.npz': not a readable .npz file: "),
    ([f"--inputs={folder}/absent.npz"], "absent.npz': not a readable .npz file: No such file or directory"),
    ([f"--inputs={folder}/folder"], "folder': expected a .npz file, which is all that this program reads"),
    ([f"--inputs={folder}/x.npy"], "x.npy': not a readable .npz file: No such file or directory"),
    ([GOOD, f"--outputs={folder}/folder"], "folder': Is a directory"),
    ([GOOD, "--outputs=/dev/full"], "'/dev/full': No space left on device"),
    ([GOOD, GOOD], "--inputs is given twice"),
    ([GOOD, "--outputs"], "'--outputs' needs a value"),
    ([GOOD, "--output-file=x"], "unknown option '--output-file=x': try --help"),
    ([GOOD, "model.so"], "expected options only, found 'model.so': arrays come by --inputs=FILE"),
]


def error(*command):
    """What the command says after its name and "error: ", where it ends as it should."""
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    # LLVM's command line does not say "error" of a value that it cannot read.
    lines = result.stderr.replace("intaglio-run: for the ", "intaglio-run: error: for the ").splitlines()
    if result.returncode != 1 or result.stdout or len(lines) != 1 or ": error: " not in lines[0]:
        sys.exit(f"{command}: exit status {result.returncode}, stdout {result.stdout!r}, stderr {result.stderr!r}")
    return lines[0].split(": ", 2)[2].replace(library, executable)


for arguments in CASES:
    ours, theirs = error(executable, *arguments), error("intaglio-run", library, *arguments)
    if ours != theirs:
        sys.exit(f"{arguments}: expected {theirs!r}, found {ours!r}")
for arguments, expected in WORDS:
    if expected not in (found := error(executable, *arguments)):
        sys.exit(f"{arguments}: expected {expected!r}, found {found!r}")
left = [path.name for path in folder.iterdir() if "tmp" in path.name or path.name == "out.npz"]
print(f"{len(CASES)} and {len(WORDS)} faults, left behind: {left}")
