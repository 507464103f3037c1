"""Unpack zips whoever packed them."""

from __future__ import annotations

import zipfile
import zlib
from contextlib import suppress
from pathlib import Path, PurePosixPath

from autograder.errors import SubmissionError

MAX_BYTES = 2_000_000_000


def extract_archive(archive: Path, folder: Path, most: int = MAX_BYTES) -> None:
    """Unpack a zip, and nothing outside ``folder``.

    Args:
        most: bytes that it may unpack to.

    Raises:
        SubmissionError: if it is not a zip file, has a member that points outside, or unpacks to more.
    """
    try:
        with zipfile.ZipFile(archive) as zipped:
            members = zipped.infolist()
            for member in members:
                member.filename = member_name(member)
            outside = [m.filename for m in members if not _stays_inside(m.filename)]
            if outside:
                raise SubmissionError(f"{archive} has a member outside its own folder: {outside[0]!r}. Repack it.")
            size = sum(m.file_size for m in members)
            if size > most:
                raise SubmissionError(
                    f"{archive} unpacks to {size / 1e9:.1f} GB; expected at most {most / 1e9:g} GB. Split it."
                )
            for member in members:
                zipped.extract(member, folder)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError) as error:
        reason = str(error)[:200]
        raise SubmissionError(f"{archive} is not a zip file that can be unpacked ({reason}). Pack it again.") from error


def member_name(member: zipfile.ZipInfo) -> str:
    """A member's name with slashes and in Unicode, as the program that packed it meant it.

    Some programs on Windows write backslashes. macOS writes UTF-8 and does not say so: then zipfile has read the name
    in the code page 437 of the format's standard (APPNOTE, appendix D).
    """
    name = member.filename
    if not member.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return not path.is_absolute() and ".." not in path.parts
