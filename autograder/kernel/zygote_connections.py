"""How a process gets a connection to a zygote: by handing over one end of a new pair of sockets.

A zygote has no address. Whoever could find one by its path, such as a student's kernel of the same user, could have
kernels forked. The process that started the zygote holds a socket, its *door*, through which it passes ends of pairs.
Its worker processes inherit one socket more, through which they ask it to pass on an end of theirs.
"""

from __future__ import annotations

import functools
import os
import socket
import threading
from contextlib import suppress

_PAIRS = 1
_MAX_NAME = 100
_doors: dict[str, socket.socket] = {}
_way_to_owner: socket.socket | None = None


def keep_door(name: str, door: socket.socket) -> None:
    """Let this process and its workers connect to the zygote ``name`` through ``door``."""
    _doors[name] = door


def forget_door(name: str) -> None:
    """The zygote ``name`` is gone."""
    _doors.pop(name, None)


def connection_to(name: str) -> socket.socket:
    """A new connection to the zygote ``name``.

    Raises:
        OSError: if it is gone.
    """
    mine, theirs = socket.socketpair()
    with theirs:
        try:
            if name in _doors:
                socket.send_fds(_doors[name], [b"."], [theirs.fileno()])
            elif _way_to_owner is not None:
                socket.send_fds(_way_to_owner, [name.encode()], [theirs.fileno()])
            else:
                raise ConnectionRefusedError(f"this process knows of no zygote {name}")
        except OSError:
            mine.close()
            raise
    return mine


@functools.cache
def for_workers() -> socket.socket:
    """The socket that this process's workers inherit and :func:`ask_owner_through`; it is never closed."""
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    threading.Thread(target=_pass_on, args=(mine,), daemon=True).start()
    return theirs


def ask_owner_through(way: socket.socket) -> None:
    """From now on, ask the process that holds the doors for connections through ``way``."""
    global _way_to_owner
    _way_to_owner = way


def receive(door: socket.socket) -> socket.socket | None:
    """The zygote's side of a door: the next connection, or None where the message held none.

    Raises:
        OSError: if the door is closed.
    """
    message, files, *_ = socket.recv_fds(door, _MAX_NAME, _PAIRS)
    if not message:
        raise ConnectionResetError("the door is closed")
    return socket.socket(fileno=files[0]) if files else None


def _pass_on(way: socket.socket) -> None:
    """Pass ends of pairs on to the zygotes that they are for; one for a zygote that is gone is closed."""
    while True:
        name, files, *_ = socket.recv_fds(way, _MAX_NAME, _PAIRS)
        with suppress(OSError, KeyError):
            socket.send_fds(_doors[name.decode()], [b"."], files)
        for file in files:
            os.close(file)
