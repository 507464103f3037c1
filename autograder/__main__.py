"""``python -m autograder``."""

import importlib.machinery
import os
import sys
from pathlib import Path

# Python put the working folder in front of the import path: a file there may be called json.py.
if not sys.flags.safe_path:
    del sys.path[0]
# In a checkout that is not installed, the package is found in the working folder alone, and so are the processes that
# it starts: they look in the checkout, which is the author's, and never in another working folder.
if importlib.machinery.PathFinder.find_spec("autograder") is None:
    checkout = str(Path(__file__).resolve().parents[1])
    sys.path.append(checkout)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), checkout)))

from autograder.cli import main

main()
