"""Runs a program on damaged .npz files: mutate_npz.py FOLDER PROGRAM. It has to accept each or to refuse it with one error."""
import io
import pathlib
import random
import subprocess
import sys

import numpy as np

folder, program = pathlib.Path(sys.argv[1]), sys.argv[2]
x = np.arange(24).reshape(2, 12)


def saved(save):
    out = io.BytesIO()
    save(out, x=x, z=x)
    return out.getvalue()


choose = random.Random(5)
accepted, refused = 0, 0
for number in range(80):
    content = bytearray(saved(choose.choice([np.savez, np.savez_compressed])))
    for _ in range(choose.randint(1, 4)):
        at = choose.randrange(len(content))
        if choose.random() < 0.1:
            del content[at:at + choose.randint(1, 40)]
        else:
            content[at] = choose.choice([0, 1, 0x7f, 0xff, choose.randrange(256)])
    path = folder / "mutated.npz"
    path.write_bytes(content)
    result = subprocess.run([program, f"--inputs={path}"], capture_output=True, text=True, errors="replace", timeout=60, check=False)
    errors = [line for line in result.stderr.splitlines() if ": error: " in line]
    if (result.returncode, len(errors)) not in ((0, 0), (1, 1)) or "Sanitizer" in result.stderr:
        path.rename(folder / f"finding-{number}.npz")
        sys.exit(f"finding-{number}.npz: exit status {result.returncode}\n{result.stderr}")
    accepted, refused = accepted + (not result.returncode), refused + result.returncode
print(f"{accepted + refused} files: {accepted} accepted, {refused} refused")
