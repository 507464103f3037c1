"""Kernels that are started from scratch, as far as a forked one shares it; see also ``test_session.py``."""

from __future__ import annotations

import asyncio
from pathlib import Path

import zmq

from autograder.kernel.cold import cold_manager


async def looking_milliseconds(folder: Path) -> list[int]:
    """How long each channel of a client waits before it looks again for a kernel that is not there yet."""
    client = cold_manager(folder).client()
    client.start_channels()
    try:
        channels = (client.shell_channel, client.iopub_channel, client.stdin_channel, client.control_channel)
        return [channel.socket.getsockopt(zmq.RECONNECT_IVL) for channel in channels]
    finally:
        client.stop_channels()


def test_a_client_does_not_sleep_while_its_kernel_begins(tmp_path: Path) -> None:
    # A forked kernel answers after some 60 ms; with the default of 100 ms, half of the start was waiting.
    assert max(asyncio.run(looking_milliseconds(tmp_path))) <= 10
