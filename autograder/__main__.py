"""``python -m autograder``."""

import sys

# Python put the working folder in front of the import path: a file there may be called json.py.
if not sys.flags.safe_path:
    del sys.path[0]

from autograder.cli import main

main()
