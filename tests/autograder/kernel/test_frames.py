"""Frames arrive as they were sent, in whatever pieces; what is announced is bounded before it is read."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.kernel.frames import REPLY, REQUEST, Frame, receive, send
from autograder.kernel.wire_limits import WireError


class Pipe:
    """What was written, read back from the front."""

    def __init__(self, data=b""):
        self.data = bytearray(data)

    def write(self, data):
        self.data += data

    def read(self, size):
        assert size <= len(self.data), "more was asked for than had been announced"
        taken, self.data = self.data[:size], self.data[size:]
        return taken


@given(st.lists(st.tuples(st.sampled_from([REQUEST, REPLY]), st.integers(0, 2**64 - 1), st.lists(st.binary()))))
def test_frames_arrive_as_they_were_sent(frames):
    pipe = Pipe()
    for frame in frames:
        send(Frame(*frame), pipe.write)
    for kind, number, buffers in frames:
        arrived = receive(pipe.read)
        assert (arrived.kind, arrived.number, list(arrived.buffers)) == (kind, number, buffers)
    assert not pipe.data


def test_a_large_frame_is_sent_buffer_by_buffer():
    pieces = []
    large = bytes(100_000)
    send(Frame(REPLY, 1, [b"{}", large]), pieces.append)
    assert pieces[-1] is large
    assert receive(Pipe(b"".join(pieces)).read).buffers == [b"{}", large]


@pytest.mark.parametrize(
    "head",
    [struct.pack("!cQI", b"r", 1, 2**32 - 1), struct.pack("!cQIQ", b"r", 1, 1, 2**62)],
    ids=["countless-buffers", "endless-buffer"],
)
def test_what_is_too_large_is_refused_before_it_is_read(head):
    with pytest.raises(WireError):
        receive(Pipe(head).read)
