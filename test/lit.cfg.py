"""Test suite of Intaglio: lit files beside the sources they test, and the GoogleTest programs of test/Unit.

Parameters: `--param=suite=fast` leaves out test/Integration and test/python; `--param=round-trip=1` runs the tests that use
intaglio-opt, and makes it also print what it parsed, parse that again and compare.
"""
import glob
import os
import shutil
import sys

import lit.formats

sys.path.append(os.path.dirname(__file__))
import lit_formats  # noqa: E402

round_trip = bool(lit_config.params.get("round-trip"))
config.name = "Intaglio round-trip" if round_trip else "Intaglio"
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.intaglio_build, "test")
config.test_format = lit_formats.TestsOf("intaglio-opt") if round_trip else lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "lib", "golden", "corpus", "CMakeLists.txt", "lit.cfg.py", "lit_formats.py"]
if lit_config.params.get("suite") == "fast":
    config.excludes += ["Integration", "python"]

config.environment["PATH"] = os.pathsep.join(
    [os.path.join(config.intaglio_build, "bin"), config.llvm_tools, config.environment["PATH"]])
config.environment["FILECHECK_OPTS"] = "--enable-var-scope --allow-unused-prefixes=false"
config.environment["PYTHONPATH"] = os.path.join(config.intaglio_source, "python")
config.environment["INTAGLIO_TOOLS"] = os.path.join(config.intaglio_build, "bin")
# LLVM's libraries are not instrumented: what they allocate from a pool that our code has poisoned, and what they add to a
# container of ours, they do not say. They keep their uniqued objects for good, which are no leaks of ours.
config.environment["ASAN_OPTIONS"] = "detect_leaks=0:detect_container_overflow=0:allow_user_poisoning=0"

if round_trip:
    config.substitutions.append(("intaglio-opt", "intaglio-opt --verify-roundtrip"))
python = os.path.join(config.intaglio_source, ".venv", "bin", "python")
config.substitutions.append(("%python", python if os.path.exists(python) else "python3"))
config.substitutions.append(("%cc", config.c_compiler))
config.substitutions.append(("%test", config.test_source_root))
config.substitutions.append(("%src", config.intaglio_source))
config.substitutions.append(("%build", config.intaglio_build))
config.substitutions.append(("%unittests", os.path.join(config.intaglio_build, "unittests")))

config.available_features.add("sanitize" if config.sanitize else "no-sanitize")
config.available_features.add("x86_64")
if glob.glob(os.path.join(config.intaglio_source, ".venv", "lib", "python3*", "site-packages", "onnxruntime")):
    config.available_features.add("onnxruntime")
for emulator in ("qemu-riscv64", "qemu-system-arm", "qemu-system-riscv32"):
    if shutil.which(emulator):
        config.available_features.add(emulator)
with open("/proc/cpuinfo") as info:
    flags = info.read()
    for feature in ("avx2", "avx512f", "avx512_vnni"):
        if feature in flags:
            config.available_features.add(feature)
