"""A compiled model: NumPy arrays in, NumPy arrays out, through the artefact's C interface."""
import ctypes
import dataclasses
import json
import os
import threading

import numpy as np

from . import abi, errors


@dataclasses.dataclass(frozen=True)
class Tensor:
    """An input or output. In `shape` a dynamic dimension is its name; `range` is None or the legal (low, high)."""

    name: str
    dtype: np.dtype
    shape: tuple
    optional: bool = False
    range: tuple = None


class Model:
    """The artefact `path`, run by `threads` threads.

    `inputs` and `outputs` say by name what goes in and out, `dims` gives the largest size of each dynamic dimension (None:
    unlimited), `proofs` what the compiler proved of the code. Calls from several threads wait for each other; a Model for each
    runs at the same time. Close it, or use it in `with`, to end its threads.
    """

    def __init__(self, path, threads=1):
        self._context, self._arena = ctypes.c_void_p(), None
        self._lock = threading.Lock()
        self.path = os.path.abspath(os.fspath(path))
        try:
            self._library = abi.load(self.path)
        except (OSError, AttributeError) as error:
            raise errors.NotAnArtefact(f"{path}: no artefact of Intaglio: {error}") from None
        info = self._library.intaglio_get_model_info().contents
        if info.abi_version != abi.VERSION:
            raise errors.NotAnArtefact(
                f"{path}: made for version {info.abi_version} of the interface, this package knows {abi.VERSION}")
        self.dims = {info.dims[i].name.decode(): info.dims[i].max or None for i in range(info.num_dims)}
        self.inputs = self._tensors(info.inputs, info.num_inputs)
        self.outputs = self._tensors(info.outputs, info.num_outputs)
        self.target, self.weights_bytes = info.target.decode(), info.weights_bytes
        self.proofs = json.loads(info.proofs or "{}")
        if not isinstance(threads, int):
            raise errors.BadType(f"expected an integer count of threads, found {threads!r}")
        self.threads = threads
        # Values beyond 32 bits would wrap in C.
        clamped = max(-1, min(threads, 2**31 - 1))
        self._check(self._library.intaglio_context_create(clamped, ctypes.byref(self._context)))

    def _tensors(self, infos, count):
        names = list(self.dims)
        tensors = {}
        for info in infos[:count]:
            shape = tuple(names[-1 - size] if size < 0 else size for size in info.shape[:info.rank])
            tensors[info.name.decode()] = Tensor(info.name.decode(), np.dtype(abi.DTYPES[info.dtype]), shape,
                                                 bool(info.optional), (info.low, info.high) if info.has_range else None)
        return tensors

    def run(self, inputs):
        """Runs the model on a dict of arrays by name and returns a dict of arrays by name.

        Optional inputs may be left out. Element types may be narrower than the model's (int32 for int64), never wider.
        Raises an `Error` that names the input, what was expected and what was found.
        """
        arrays, sizes = self._take(inputs)
        results = {name: np.empty([self._size(size, sizes) for size in tensor.shape], tensor.dtype)
                   for name, tensor in self.outputs.items()}
        dims = (ctypes.c_int64 * max(1, len(sizes)))(*sizes.values())
        with self._lock:
            if not self._context:
                raise errors.Error(f"{self.path}: the model is closed")
            arena = self._reserve(dims)
            status = self._library.intaglio_run(self._context, dims, _pointers(arrays), _pointers(results.values()),
                                                arena.ctypes.data, arena.size)
        if status == 4:
            raise errors.for_status(status, self._out_of_range(arrays))
        self._check(status)
        return results

    def close(self):
        """Ends the model's threads; it cannot run any more."""
        with self._lock:
            if self._context:
                self._library.intaglio_context_destroy(self._context)
                self._context, self._arena = ctypes.c_void_p(), None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        self.close()

    def _take(self, inputs):
        """The arrays in the model's order, None for one that is left out, and the size of each dynamic dimension."""
        if unknown := sorted(set(inputs) - set(self.inputs)):
            raise errors.BadInput(f"no input is called {unknown[0]!r}; the model's are {', '.join(self.inputs)}")
        arrays, sizes = [], {}
        for name, tensor in self.inputs.items():
            if inputs.get(name) is not None:
                arrays.append(_convert(tensor, inputs[name]))
                self._match(tensor, arrays[-1].shape, sizes)
            elif tensor.optional:
                arrays.append(None)
            else:
                raise errors.NullPointer(f"input {name!r} is missing: {tensor.dtype} of shape {_text(tensor.shape)}")
        for name in self.dims:
            if name not in sizes:
                raise errors.BadInput(f"no input that was given says how large {name!r} is")
        return arrays, {name: sizes[name] for name in self.dims}

    def _match(self, tensor, shape, sizes):
        """Checks a shape, and notes in `sizes` what it says of dynamic dimensions."""
        matches = len(shape) == len(tensor.shape)
        for expected, found in zip(tensor.shape, shape):
            matches = matches and found == (sizes.setdefault(expected, found) if isinstance(expected, str) else expected)
        if not matches:
            known = {name: size for name, size in sizes.items() if name in tensor.shape}
            note = f" with {', '.join(f'{name} = {size}' for name, size in known.items())}" if known else ""
            raise errors.BadInput(f"input {tensor.name!r}: expected shape {_text(tensor.shape)}{note}, found {_text(shape)}")
        for name, size in sizes.items():
            if self.dims[name] and size > self.dims[name]:
                raise errors.BadDimension(f"input {tensor.name!r}: {name} may be at most {self.dims[name]}, found {size}")

    @staticmethod
    def _size(size, sizes):
        return sizes[size] if isinstance(size, str) else size

    def _reserve(self, dims):
        """The arena for these sizes: kept from the last run where it is large enough."""
        needed = self._library.intaglio_arena_bytes(dims, self.threads)
        self._check(-needed if needed < 0 else 0)
        if self._arena is None or self._arena.size < needed:
            memory = np.empty(max(1, needed) + abi.ARENA_ALIGNMENT, np.uint8)
            begin = -memory.ctypes.data % abi.ARENA_ALIGNMENT
            self._arena = memory[begin:begin + max(1, needed)]
        return self._arena

    def _out_of_range(self, arrays):
        """Says which element of which input it was."""
        for tensor, array in zip(self.inputs.values(), arrays):
            if tensor.range and array is not None:
                wrong = np.argwhere((array < tensor.range[0]) | (array > tensor.range[1]))
                if len(wrong):
                    index = tuple(int(i) for i in wrong[0])
                    return (f"input {tensor.name!r}: element {list(index)} is {array[index]}, "
                            f"expected {tensor.range[0]} to {tensor.range[1]}")
        return self._library.intaglio_status_text(4).decode()

    def _check(self, status):
        if status:
            raise errors.for_status(status, f"{self.path}: {self._library.intaglio_status_text(status).decode()}")


def _convert(tensor, value):
    """The value as the model takes it: native, contiguous, of the tensor's type."""
    array = np.asarray(value)
    if not np.can_cast(array.dtype, tensor.dtype, "safe"):
        raise errors.BadType(f"input {tensor.name!r}: expected {tensor.dtype}, found {array.dtype}")
    # `order` and not ascontiguousarray, which makes a scalar an array of one.
    return np.asarray(array, tensor.dtype, order="C")


def _pointers(arrays):
    arrays = list(arrays)
    return (ctypes.c_void_p * max(1, len(arrays)))(*(None if a is None else a.ctypes.data for a in arrays))


def _text(shape):
    return "[" + ", ".join(map(str, shape)) + "]"
