"""Messages between a grader and a kernel as buffers alone."""

from __future__ import annotations

import json
from collections.abc import Sequence

from autograder.kernel.serialization import Buffer, Json
from autograder.kernel.wire_limits import MAX_TREE_BYTES, WireError


def to_buffers(tree: Json, buffers: Sequence[Buffer]) -> list[Buffer]:
    """A message as buffers alone: NaN and large integers would not survive Jupyter's own JSON.

    Raises:
        WireError: if a value that is not an array takes too many bytes.
    """
    text = json.dumps(tree).encode()
    if len(text) > MAX_TREE_BYTES:
        raise WireError(f"more than {MAX_TREE_BYTES // 1_000_000} MB besides arrays")
    return [text, *buffers]


def from_buffers(buffers: Sequence[Buffer]) -> tuple[Json, Sequence[Buffer]]:
    """Take a message from :func:`to_buffers` apart.

    Raises:
        WireError: if it is none.
    """
    try:
        if len(buffers[0]) > MAX_TREE_BYTES:
            raise WireError("a message is too large")
        return json.loads(bytes(buffers[0])), buffers[1:]
    except WireError:
        raise
    except (ValueError, IndexError, RecursionError, MemoryError) as error:
        raise WireError("a message is not well formed") from error
