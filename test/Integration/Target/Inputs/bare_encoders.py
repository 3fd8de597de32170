"""Random encoders on processors without floating-point unit, each compared with the interpreter.

bare_encoders.py COUNT FIRST [NAME ...]    COUNT programs, of seeds from FIRST on, on the named processors

Seeds whose program does not hold its ranges are passed over: the compiler refuses them everywhere.
"""
import os
import subprocess
import sys
import tempfile

import numpy as np

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "..", "Inputs"))
from encoders import Program  # noqa: E402

BOARD = ["-display", "none", "-semihosting-config"]
PROCESSORS = {
    "rv64": (["--mtriple=riscv64-unknown-none-elf", "--mattr=+m,+c"], ["qemu-riscv64", "-cpu", "rv64,f=false,d=false"]),
    "rv32": (["--mtriple=riscv32-unknown-none-elf", "--mattr=+m,+a,+c"],
             ["qemu-system-riscv32", "-M", "virt", "-cpu", "rv32,f=false,d=false", "-bios", "none", *BOARD]),
    "m3": (["--mtriple=thumbv7m-none-eabi", "--mcpu=cortex-m3"], ["qemu-system-arm", "-M", "mps2-an385", *BOARD]),
    "m0": (["--mtriple=thumbv6m-none-eabi", "--mcpu=cortex-m0plus"], ["qemu-system-arm", "-M", "mps2-an385", *BOARD]),
}


def run(command, **options):
    return subprocess.run(command, check=True, timeout=300, **options)


def execute(folder, name, emulator, batch, sequence, raw):
    """The raw output of the program FOLDER/NAME."""
    path = os.path.join(folder, name)
    if name == "rv64":
        return run([*emulator, path, str(batch), str(sequence)], input=raw, stdout=subprocess.PIPE).stdout
    with open(path + ".in", "wb") as file:
        file.write(raw)
    words = [name, str(batch), str(sequence), path + ".in", path + ".out"]
    run([*emulator, "enable=on,target=native," + ",".join("arg=" + word for word in words), "-kernel", path])
    with open(path + ".out", "rb") as file:
        return file.read()


def compare(seed, names, folder):
    """Whether all are equal; None for a seed to pass over."""
    program, random = Program(seed, True), np.random.default_rng(seed)
    text = program.build()
    source, inputs, outputs = (os.path.join(folder, name) for name in ("model.mlir", "in.npz", "out.npz"))
    with open(source, "w") as file:
        file.write(text)
    if subprocess.run(["intaglio-opt", "--intaglio-verify-ranges", source], capture_output=True).returncode:
        return None
    batch, sequence = map(int, program.sizes().split(",")[1].split("x"))
    rows = int(text.split("intaglio.range = array<i64: 0, ")[1].split(">")[0]) + 1
    arrays = {"ids": random.integers(0, rows, (batch, sequence))}
    if "%mask:" in text:
        arrays["mask"] = random.integers(0, 2, (batch, sequence))
    np.savez(inputs, **arrays)
    run(["intaglio-run", "--reference", source, f"--inputs={inputs}", f"--outputs={outputs}"])
    with np.load(outputs) as found:
        expected = b"".join(found[name].tobytes() for name in found.files)
    raw = b"".join(array.tobytes() for array in arrays.values())
    equal = True
    for name in names:
        flags, emulator = PROCESSORS[name]
        run(["intaglio-compile", source, "-o", os.path.join(folder, name), "--emit=executable", *flags])
        if execute(folder, name, emulator, batch, sequence, raw) != expected:
            print(f"seed {seed}, {batch}x{sequence}: {name} differs")
            equal = False
    return equal


def main():
    count, first, names = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] or list(PROCESSORS)
    equal = done = 0
    seed = first - 1
    while done < count:
        seed += 1
        with tempfile.TemporaryDirectory() as folder:
            found = compare(seed, names, folder)
        if found is not None:
            done += 1
            equal += found
    print(f"  {equal} of {count} programs are equal on {', '.join(names)}")


main()
