"""What the package raises: everything is an `Error`, and also the built-in exception that it is most like."""


class Error(Exception):
    """Something about a model, an artefact or its inputs is wrong. `status` is the artefact's status code, or None."""

    status = None


class NullPointer(Error, ValueError):
    """A required input or output is missing."""


class BadThreads(Error, ValueError):
    """The thread count is not in 1 .. 1024."""


class BadDimension(Error, ValueError):
    """A dimension is negative, above its maximum, or too large."""


class OutOfRange(Error, ValueError):
    """An element of an integer input lies outside its range."""


class SmallArena(Error, ValueError):
    """The arena is too small or not aligned."""


class OutOfMemory(Error, MemoryError):
    """There is not enough memory for a run."""


class NoThread(Error, OSError):
    """The system refused to start a thread."""


class WrongCpu(Error, OSError):
    """The processor lacks an instruction set that the artefact's code needs."""


class NoWeights(Error, OSError):
    """The weights file beside the artefact is missing, damaged or another model's."""


class SmallProfile(Error, ValueError):
    """The array for the ticks of a profiled run is too short."""


class NoCounter(Error, OSError):
    """The artefact's target has no counter that a profile can read."""


class NotAnArtefact(Error, OSError):
    """The file cannot be loaded, or is no library that Intaglio made."""


class BadInput(Error, ValueError):
    """An input has a wrong name or shape."""


class BadType(Error, TypeError):
    """An input has a wrong element type."""


class CompileError(Error, RuntimeError):
    """The compiler refused; `diagnostics` is what it said, None where it printed that itself."""

    def __init__(self, message, diagnostics=None):
        super().__init__(message)
        self.diagnostics = diagnostics


# By `intaglio_status` of include/intaglio/Runtime/abi.h.
BY_STATUS = {1: NullPointer, 2: BadThreads, 3: BadDimension, 4: OutOfRange, 5: SmallArena, 6: OutOfMemory, 7: NoThread,
             8: WrongCpu, 9: NoWeights, 10: SmallProfile, 11: NoCounter}


def for_status(status, message):
    """The exception for an artefact's status code."""
    error = BY_STATUS.get(status, Error)(message)
    error.status = status
    return error
