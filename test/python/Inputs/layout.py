"""Prints the layout of intaglio.abi, as layout.c does of abi.h."""
import ctypes

from intaglio import abi

print(f"version {abi.VERSION}, alignment {abi.ARENA_ALIGNMENT}, dtypes {len(abi.DTYPES)}")
for structure in (abi.DimInfo, abi.TensorInfo, abi.StepInfo, abi.ModelInfo):
    print(structure.__name__, ctypes.sizeof(structure))
    for name, _ in structure._fields_:
        field = getattr(structure, name)
        print(name, field.offset, field.size)
