"""Where a data set may come from on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def embedded_only() -> bool:
    """True where only embedded data may be used, so that a result does not depend on the machine."""
    return os.environ.get("WORKBOOK_EMBEDDED", os.environ.get("AUTOGRADER_HEADLESS")) == "1"


def data_folder(name: str) -> Path | None:
    """The folder ``name`` inside ``WORKBOOK_DATA``, or None where there is none."""
    root = os.environ.get("WORKBOOK_DATA")
    if not root or embedded_only():
        return None
    folder = Path(root).expanduser() / name
    return folder if folder.is_dir() else None


def cache_folder(name: str) -> Path:
    """Where a download of ``name`` is kept: ``WORKBOOK_CACHE``, or the user's cache folder."""
    root = os.environ.get("WORKBOOK_CACHE") or platformdirs.user_cache_dir("deep-learning-workbook")
    return Path(root).expanduser() / name


def may_download(download: bool) -> bool:
    """True where the reader asked for a download, by argument or by ``WORKBOOK_DOWNLOAD=1``."""
    return (download or os.environ.get("WORKBOOK_DOWNLOAD") == "1") and not embedded_only()
