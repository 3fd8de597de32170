"""python -m intaglio: the command `intaglio`."""
import sys

from .command import main

sys.exit(main())
