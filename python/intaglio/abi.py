"""include/intaglio/Runtime/abi.h in ctypes: the same names and the same layout (test/python/abi.test compares them)."""
import ctypes
import os
import struct

VERSION = 2
ARENA_ALIGNMENT = 64
# NumPy's name of each intaglio_dtype.
DTYPES = ("int8", "int16", "int32", "int64", "float32")


class DimInfo(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("max", ctypes.c_int64)]


class TensorInfo(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("dtype", ctypes.c_int32), ("rank", ctypes.c_int32),
                ("shape", ctypes.POINTER(ctypes.c_int64)), ("optional", ctypes.c_int32), ("has_range", ctypes.c_int32),
                ("low", ctypes.c_int64), ("high", ctypes.c_int64)]


class StepInfo(ctypes.Structure):
    _fields_ = [("kernel", ctypes.c_char_p), ("kind", ctypes.c_char_p), ("source", ctypes.c_char_p),
                ("multiply_adds", ctypes.c_int64), ("dim_powers", ctypes.POINTER(ctypes.c_int32))]


class ModelInfo(ctypes.Structure):
    _fields_ = [("abi_version", ctypes.c_uint32), ("num_dims", ctypes.c_int32), ("num_inputs", ctypes.c_int32),
                ("num_outputs", ctypes.c_int32), ("dims", ctypes.POINTER(DimInfo)),
                ("inputs", ctypes.POINTER(TensorInfo)), ("outputs", ctypes.POINTER(TensorInfo)),
                ("target", ctypes.c_char_p), ("weights_bytes", ctypes.c_int64), ("isa", ctypes.c_char_p),
                ("cpu_features", ctypes.c_uint64), ("proofs", ctypes.c_char_p), ("weights_file", ctypes.c_char_p),
                ("weights_id", ctypes.c_char_p), ("num_steps", ctypes.c_int32), ("steps", ctypes.POINTER(StepInfo))]


_int64s, _pointers = ctypes.POINTER(ctypes.c_int64), ctypes.POINTER(ctypes.c_void_p)
FUNCTIONS = {
    "intaglio_get_model_info": (ctypes.POINTER(ModelInfo), []),
    "intaglio_arena_bytes": (ctypes.c_int64, [_int64s, ctypes.c_int32]),
    "intaglio_context_create": (ctypes.c_int, [ctypes.c_int32, _pointers]),
    "intaglio_context_destroy": (None, [ctypes.c_void_p]),
    "intaglio_run": (ctypes.c_int, [ctypes.c_void_p, _int64s, _pointers, _pointers, ctypes.c_void_p, ctypes.c_int64]),
    "intaglio_status_text": (ctypes.c_char_p, [ctypes.c_int]),
}


def load(path):
    """Loads the artefact `path` (absolute) and types its functions. OSError or AttributeError if it is none."""
    check_segments(path)
    library = ctypes.CDLL(path)
    for name, (result, arguments) in FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def check_segments(path):
    """The system's loader maps what a library's headers promise, and a file that is shorter ends the process: OSError before."""
    with open(path, "rb") as file:
        header = file.read(64)
        if len(header) < 64 or header[:6] != b"\x7fELF\2\1" or struct.unpack_from("<H", header, 16)[0] != 3:
            raise OSError("not a shared library in ELF")
        offset, size, count = (struct.unpack_from(*at)[0] for at in (("<Q", header, 32), ("<H", header, 54), ("<H", header, 56)))
        if size != 56:
            raise OSError("not a shared library in ELF")
        file.seek(min(offset, 2**62))
        headers = file.read(size * count)
    ends = [offset + size * count]
    if len(headers) == size * count:
        ends += [sum(struct.unpack_from("<Q", headers, at + field)[0] for field in (8, 32)) for at in range(0, len(headers), size)]
    if max(ends) > os.path.getsize(path):
        raise OSError(f"truncated: a segment ends at byte {max(ends)} of {os.path.getsize(path)}")
