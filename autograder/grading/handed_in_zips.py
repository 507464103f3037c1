"""Zips that students handed in: one with one notebook stands for that notebook."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.errors import SubmissionError
from autograder.grading.archives import MAX_BYTES, extract_archive, member_name
from autograder.grading.submissions import LITTER

MAX_ZIP_BYTES, MAX_UNPACKED_BYTES, MAX_MEMBERS = 50_000_000, 100_000_000, 1_000


@dataclass(frozen=True)
class HandedInZips:
    """What was found in zips.

    Attributes:
        notebooks: by zip, the notebook that was in it, unpacked with all that was with it.
        refused: by zip, why it stays as it is.
    """

    notebooks: dict[Path, Path] = field(default_factory=dict)
    refused: dict[Path, str] = field(default_factory=dict)


def unpack_zips(zips: Iterable[Path], folder: Path) -> HandedInZips:
    """Unpack each zip that holds one notebook into a folder of its own in ``folder``; zips in it stay zips.

    Sizes are bounded, and nothing is written outside of ``folder``.
    """
    found, left = HandedInZips(), MAX_BYTES
    for number, path in enumerate(zips):
        try:
            notebook, size = _only_notebook(path)
            if size > left:
                raise SubmissionError("an archive too many: all that was handed in unpacks to over 2 GB")
            place = folder / str(number)
            _unpack(path, place)
            found.notebooks[path], left = place / notebook, left - size
        except SubmissionError as error:
            found.refused[path] = str(error)
    return found


def _unpack(path: Path, place: Path) -> None:
    try:
        extract_archive(path, place, MAX_UNPACKED_BYTES)
    except SubmissionError as error:
        raise SubmissionError("an archive that cannot be unpacked, to be handed in again") from error


def _only_notebook(path: Path) -> tuple[PurePosixPath, int]:
    """The only notebook in a zip, and the bytes of all members.

    Raises:
        SubmissionError: with words for a list of files, where there is not one notebook, or the zip cannot be unpacked.
    """
    try:
        if path.is_symlink() or path.stat().st_size > MAX_ZIP_BYTES:
            raise SubmissionError(f"an archive of over {MAX_ZIP_BYTES / 1e6:.0f} MB, or a link")
        with zipfile.ZipFile(path) as zipped:
            members = zipped.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise SubmissionError("an archive that cannot be read, to be handed in again") from error
    size = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or size > MAX_UNPACKED_BYTES:
        raise SubmissionError(
            f"an archive of over {MAX_MEMBERS} files or {MAX_UNPACKED_BYTES / 1e6:.0f} MB, to be handed in again"
        )
    if any(member.flag_bits & 0x1 for member in members):
        raise SubmissionError("an archive with a password, to be handed in again")
    names = [PurePosixPath(member_name(member)) for member in members if not member.is_dir()]
    notebooks = [name for name in names if name.suffix.lower() == ".ipynb" and not _is_litter(name)]
    if len(notebooks) != 1:
        raise SubmissionError(f"an archive with {len(notebooks) or 'no'} notebooks, to be unpacked in its place")
    return notebooks[0], size


def _is_litter(name: PurePosixPath) -> bool:
    return any(part in LITTER or part.startswith(".") for part in name.parts)
