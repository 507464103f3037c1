"""Messages of several buffers over a socket, between a grader and the agent in a student's kernel.

A frame is a header (kind, number, count of buffers), the buffers' sizes, and the buffers. What the other side
announces is bounded before any of it is read.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder.kernel.serialization import Buffer
from autograder.kernel.wire_limits import MAX_BYTES, MAX_NODES, MAX_TREE_BYTES, WireError

REQUEST, REPLY, CALLBACK, CALLBACK_REPLY = b"q", b"r", b"c", b"a"
_HEADER = struct.Struct("!cQI")
_MOST = MAX_BYTES + MAX_TREE_BYTES
# Small frames are sent at one go, large ones without a copy.
_SMALL = 65536


@dataclass(frozen=True)
class Frame:
    """One message.

    Attributes:
        kind: ``REQUEST``, ``REPLY``, ``CALLBACK`` or ``CALLBACK_REPLY``.
        number: of the request that it belongs to.
        buffers: as :func:`autograder.kernel.serialization.to_buffers` makes them.
    """

    kind: bytes
    number: int
    buffers: Sequence[Buffer]


def send(frame: Frame, write: Callable[[Buffer], object]) -> None:
    """Send a frame through ``write``, which takes all that it is given."""
    sizes = [len(buffer) for buffer in frame.buffers]
    head = _HEADER.pack(frame.kind, frame.number, len(sizes)) + struct.pack(f"!{len(sizes)}Q", *sizes)
    if sum(sizes) <= _SMALL:
        write(b"".join((head, *frame.buffers)))
        return
    write(head)
    for buffer in frame.buffers:
        write(buffer)


def receive(read: Callable[[int], bytearray]) -> Frame:
    """Receive a frame through ``read``, which returns exactly as many bytes as it is asked for.

    Raises:
        WireError: if more is announced than may cross; the rest of what arrives means nothing then.
    """
    kind, number, count = _HEADER.unpack(read(_HEADER.size))
    if count > MAX_NODES:
        raise WireError(f"a message of {count} parts")
    sizes = struct.unpack(f"!{count}Q", read(8 * count))
    if sum(sizes) > _MOST:
        raise WireError(f"a message of {sum(sizes)} bytes")
    return Frame(kind, number, [read(size) for size in sizes])
