"""Pure functions from notebook to notebook. No kernel, no files."""

import importlib
import sys

# nbformat needs jsonschema, which compiles a grammar of web addresses for a format that no notebook uses. That takes
# more than a second; without the grammar's package jsonschema leaves that one format unchecked.
_GRAMMAR = "rfc3987_syntax"
if _GRAMMAR not in sys.modules and "jsonschema" not in sys.modules:
    sys.modules[_GRAMMAR] = None  # type: ignore[assignment]
    importlib.import_module("jsonschema")
    del sys.modules[_GRAMMAR]
