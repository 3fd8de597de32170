"""Hostile .npz and .npy files, each given to a tool: hostile_arrays.py FOLDER [--members] COMMAND ..., where FILE in the
command is the file and OUT an output that must not be there afterwards. With --members each .npy file is given as a member of
a .npz file.

The tool has to exit with 1, print one error with the file and the expected text, and crash in no way.
"""
import io
import os
import pathlib
import struct
import subprocess
import sys
import zipfile

import numpy as np


def npy(header, data=b"", version=1):
    text = header.encode()
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(text)) + text + data


def described(descr, shape, order="False"):
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"


def npz(members=(("x.npy", npy(described("'<f4'", "(1,)"), b"1234")),), **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def patched(content, old, new, count=1):
    assert content.count(old) >= count
    return content.replace(old, new)


def saved(array):
    out = io.BytesIO()
    np.save(out, array, allow_pickle=True)
    return out.getvalue()


GOOD = npz()
BOMB = npz([("x.npy", npy(described("'<f4'", "(1,)"), bytes(1 << 26)))], compression=zipfile.ZIP_DEFLATED)

NPZ = {
    "empty": (b"", "not a readable .npz file"),
    "text": (b"input_ids: 1 2 3\n" * 10, "not a readable .npz file"),
    "half": (GOOD[:len(GOOD) // 2], "not a readable .npz file"),
    "short": (GOOD[:-1], "not a readable .npz file"),
    "long": (GOOD + b"x" * 9, "not a readable .npz file"),
    "changed": (patched(GOOD, b"1234", b"1235"), "changed.npz[x.npy]': CRC error"),
    "other-member": (npz([("x.txt", b"1")]), "[x.txt]': expected members that end in .npy"),
    "folder-member": (npz([("x/", b"")]), "[x/]': expected members that end in .npy"),
    "member-text": (npz([("x.npy", b"1 2 3")]), "[x.npy]': not a .npy file"),
    "member-empty": (npz([("x.npy", b"")]), "[x.npy]': not a .npy file"),
    "bomb": (BOMB, "[x.npy]': the shape and type need 4 bytes of data, found 67108864"),
    "wrong-size": (patched(npz([("x.npy", b"z" * 99)]), struct.pack("<I", 99) * 2, struct.pack("<I", 77) * 2, 2),
                   "wrong-size.npz"),
    "encrypted": (patched(patched(GOOD, b"PK\3\4\x14\0\0\0", b"PK\3\4\x14\0\1\0"),
                          b"PK\1\2\x14\3\x14\0\0\0", b"PK\1\2\x14\3\x14\0\1\0"), "[x.npy]': "),
    "method": (patched(patched(GOOD, b"PK\3\4\x14\0\0\0\0\0", b"PK\3\4\x14\0\0\0\x62\0"),
                       b"PK\1\2\x14\3\x14\0\0\0\0\0", b"PK\1\2\x14\3\x14\0\0\0\x62\0"), "[x.npy]': "),
    "pickled": (npz([("x.npy", saved(np.array([{}], object)))]), "[x.npy]': element type '|O' is not supported"),
}
NPY = {
    "magic": (b"\x93NUMPX" + GOOD, "not a .npy file"),
    "version": (npy(described("'<f4'", "()"), version=9), "expected .npy format version 1, 2 or 3, found 9"),
    "cut": (b"\x93NUMPY\1\0\x76", "truncated"),
    "header-cut": (npy(described("'<f4'", "()"))[:30], "truncated: the .npy header has"),
    "header-huge": (b"\x93NUMPY\2\0\xff\xff\xff\xff{", "truncated: the .npy header has 4294967295 bytes"),
    "code": (npy("__import__('os').abort()"), "expected '{' at the header's begin"),
    "open": (npy("{'descr': '<f4'"), "error"),
    "binary": (npy("{" + "\0" * 60), "expected a quoted key"),
    "no-shape": (npy("{'descr': '<f4', 'fortran_order': False, }"), "lacks one of"),
    "twice": (npy("{'descr': '<f4', 'descr': '<f4', }"), "unexpected or repeated key 'descr'"),
    "no-type": (npy(described("''", "(1,)"), b"1"), "element type '' is not supported"),
    "object": (saved(np.array([None, {}], object)), "element type '|O' is not supported"),
    "structure": (saved(np.zeros(1, [("a", "<f4"), ("b", "<i4")])), "structured arrays are not supported"),
    "complex": (saved(np.zeros(3, np.complex64)), "element type '<c8' is not supported"),
    "text": (saved(np.array(["a", "b"])), "element type '<U1' is not supported"),
    "dates": (saved(np.zeros(2, "datetime64[s]")), "element type '<M8[s]' is not supported"),
    "big-endian": (saved(np.zeros(3, ">f4")), "element type '>f4' is not supported"),
    "fortran": (saved(np.asfortranarray(np.zeros((2, 3)))), "expected C order, found Fortran order"),
    "negative": (npy(described("'<f4'", "(-1,)")), "a size in shape is not a non-negative 64-bit integer"),
    "wide-size": (npy(described("'<f4'", f"({2**64},)")), "a size in shape is not a non-negative 64-bit integer"),
    "many": (npy(described("'<f4'", f"({2**32}, {2**32})")), "the shape has too many elements"),
    "rank": (npy(described("'<f4'", "(" + "1, " * 33 + ")"), b"1234"), "shape has more than 32 dimensions"),
    "missing-data": (npy(described("'<f4'", "(2,)"), b"1234"), "need 8 bytes of data, found 4"),
    "more-data": (npy(described("'<f4'", "(1,)"), b"12345678"), "need 4 bytes of data, found 8"),
}


def check(path, expected, command):
    out = path.parent / "out"
    words = [word.replace("FILE", str(path)).replace("OUT", str(out)) for word in command]
    result = subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=60, check=False)
    lines = [line for line in result.stderr.splitlines() if "error: " in line]
    if result.returncode == 1 and len(lines) == 1 and expected in lines[0] and path.name in lines[0] and not out.exists():
        return True
    print(f"{path.name}: exit status {result.returncode}, expected 1 and one error with {expected!r}, got:\n{result.stderr[:2000]}")
    return False


def main(folder, command):
    members = command[0] == "--members"
    command = command[members:]
    root = pathlib.Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    passed = [check(root / "absent.npz", "No such file", command)]
    for ending, cases in ((".npz", NPZ), (".npy", NPY)):
        for name, (content, expected) in cases.items():
            path = root / (name + ending)
            if members and ending == ".npy":
                path, content = root / f"member-{name}.npz", npz([("x.npy", content)])
            path.write_bytes(content)
            passed.append(check(path, expected, command))
    for ending in ("npz", "npy"):
        pipe, device = root / f"pipe.{ending}", root / f"device.{ending}"
        os.mkfifo(pipe)
        device.symlink_to("/dev/zero")
        passed += [check(path, "not a regular file", command) for path in (pipe, device)]
    print(f"{sum(passed)} of {len(passed)} hostile array files refused")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
