"""What a course adds to the kernels that run its notebooks."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

STARTUP = "AUTOGRADER_STARTUP"


@dataclass(frozen=True)
class CourseCode:
    """The course's part of a kernel.

    Attributes:
        folder: holds the packages that notebooks import; comes first on the import path. None where there are none.
        startup: modules that the kernel imports before it runs a cell.
    """

    folder: Path | None = None
    startup: tuple[str, ...] = ()

    def environment(self, import_path: str = "") -> dict[str, str]:
        """Environment variables for a kernel.

        Args:
            import_path: what ``PYTHONPATH`` holds already, if anything.
        """
        folders = os.pathsep.join(filter(None, (str(self.folder or ""), import_path)))
        variables = {"PYTHONPATH": folders} if folders else {}
        return {**variables, **({STARTUP: ",".join(self.startup)} if self.startup else {})}


NO_CODE = CourseCode()
