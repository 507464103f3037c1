"""Attacks on time, memory, disk and processes; each is bounded by itself."""

from __future__ import annotations

from autograder.kernel.isolation import LIMITS, PROCESSES, SYSTEM_CALLS
from tests.attacks.support import FULL, HOLD, SQUARE, Attack

_ALL = dict.fromkeys(FULL)
_AFTER = {**_ALL, "test-start": 1.0, **SQUARE}
"""Whatever happens at ``square``, what was earned before it is kept."""
_TIMEOUT = frozenset({"timeout"})
_EARLY = frozenset({"ended-early"})
_OVERFULL = "more files than its folder may hold"
_WRONG = "\ndef square(x): return 0.0"

# 1.3 GB that no address space holds.
_FILES_IN_MEMORY = (
    "held = []\nfor _ in range(48):\n    held.append(os.memfd_create('x'))\n"
    "    os.posix_fallocate(held[-1], 0, 28_000_000)\n" + HOLD
)

ATTACKS = [
    Attack(
        "endless-loop",
        "end = time.process_time() + 30\nwhile time.process_time() < end: pass",
        flags=_TIMEOUT,
        endless=True,
    ),
    Attack(
        "endless-loop-while-tested",
        "def square(x):\n    end = time.process_time() + 30\n    while time.process_time() < end: pass",
        flags=_TIMEOUT,
        endless=True,
    ),
    Attack(
        "uninterruptible-loop",
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\n"
        "ctypes.PyDLL(None).sleep(30)",
        points={**SQUARE, "test-start": 1.0, **dict.fromkeys(list(FULL)[3:], 0.0)},
        flags=_EARLY,
        fault="did not answer an interrupt",
        endless=True,
    ),
    Attack(
        "uninterruptible-while-tested",
        "def square(x):\n    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\n"
        "    ctypes.PyDLL(None).sleep(30)",
        points={**SQUARE, "test-start": 1.0, **dict.fromkeys(list(FULL)[3:], 0.0)},
        flags=_EARLY,
        fault="did not answer an interrupt",
        endless=True,
    ),
    Attack("leaves-at-once", "os._exit(0)", points={**_AFTER}, flags=_EARLY, fault="died", silent=True),
    Attack(
        "leaves-while-tested",
        "def square(x): os._exit(0)",
        points={"test-start": 1.0, **dict.fromkeys(list(FULL)[1:], 0.0)},
        flags=_EARLY,
        fault="died",
    ),
    Attack("sys-exit", "sys.exit(0)"),
    Attack(
        "crash",
        "ctypes.string_at(0)",
        points={"test-start": 1.0, **dict.fromkeys(list(FULL)[1:], 0.0)},
        flags=_EARLY,
        fault="died",
        silent=True,
    ),
    Attack(
        "recursion",
        "def square(x): return square(x)",
        points=_AFTER,
        flags=None,
        fault="*",
    ),
    Attack("asks-for-input", "value = input('points? ')\ndef square(x): return value"),
    Attack("asks-for-input-while-tested", "def square(x): return float(input())"),
    Attack(
        "fork-bomb",
        "for _ in range(200):\n"
        "    if attempt(os.fork) == 0:\n        named_process()\n        time.sleep(300)\n        os._exit(0)" + _WRONG,
        points=_AFTER,
        flags=None,
        fault="*",
        needs=(PROCESSES,),
        silent=True,
    ),
    Attack(
        "forks-while-tested",
        "def square(x):\n    if os.fork() == 0: named_process()\n    return 0.0",
        needs=(PROCESSES,),
    ),
    Attack(
        "forks-and-goes-on-as-two",
        "if os.fork() == 0:\n    named_process()\n    def square(x): return x * x\n"
        "else:\n    def square(x): return 0.0",
        needs=(PROCESSES,),
    ),
    Attack(
        "thread-bomb",
        "for _ in range(200):\n    attempt(threading.Thread(target=time.sleep, args=(60,)).start)" + _WRONG,
        points=_AFTER,
        flags=None,
        fault="*",
    ),
    Attack(
        "memory-bomb",
        "held = []\nfor _ in range(40):\n    held.append(bytearray(100_000_000))\nbreach('4 GB')" + _WRONG,
        needs=(LIMITS,),
        flags=None,
        points=_AFTER,
        fault="*",
    ),
    Attack(
        "memory-outside-the-address-space",
        _FILES_IN_MEMORY + "breach('1.3 GB')" + _WRONG,
        needs=(LIMITS,),
        flags=None,
        points=_AFTER,
        fault="used too much memory",
    ),
    Attack(
        "memory-of-children",
        "import mmap\nready, filled = os.pipe()\nfor _ in range(3):\n    if os.fork() == 0:\n        named_process()\n"
        "        held = mmap.mmap(-1, 450_000_000, flags=0x8022)  # private, anonymous, filled at once\n"
        "        os.write(filled, b'.')\n        time.sleep(30)\n        os._exit(0)\n"
        "for _ in range(3): os.read(ready, 1)\n" + HOLD + "breach('1.3 GB in children')" + _WRONG,
        needs=(LIMITS,),
        flags=None,
        points=_AFTER,
        fault="used too much memory",
    ),
    Attack(
        "memory-behind-a-veil",
        "import ctypes\nctypes.CDLL(None).prctl(4, 0, 0, 0, 0)\n"
        + _FILES_IN_MEMORY
        + "breach('1.3 GB, hidden')"
        + _WRONG,
        needs=(LIMITS,),
        flags=None,
        points=_AFTER,
        fault="used too much memory",
    ),
    Attack(
        "huge-array-returned",
        "import numpy as np\ndef square(x): return np.zeros(125_000_000)",
        flags=None,
        points=_AFTER,
        fault="*",
    ),
    Attack("wide-list-returned", "def square(x): return [0.0] * 300_000"),
    Attack(
        "deep-list-returned",
        "def square(x):\n    value = []\n    for _ in range(50_000): value = [value]\n    return value",
    ),
    Attack("list-of-itself-returned", "def square(x):\n    value = {}\n    value['self'] = [value]\n    return value"),
    Attack("huge-integer-returned", "def square(x): return 1 << 3_000_000"),
    Attack("endless-generator-returned", "import itertools\ndef square(x): return itertools.count()"),
    Attack(
        "endless-iteration",
        "class Counter:\n    total = 5\n    def add(self, number): return self\n"
        "    def __iter__(self):\n        while True: yield 2",
        at="counter",
        points={"test-counter": 0.0},
        flags=_TIMEOUT,
        endless=True,
    ),
    Attack(
        "endless-iteration-of-large-items",
        "class Counter:\n    total = 5\n    def add(self, number): return self\n"
        "    def __iter__(self):\n        for _ in range(12): yield bytes(100_000_000)",
        at="counter",
        points={"test-counter": 0.0},
        flags=None,
    ),
    Attack(
        "length-that-lies",
        "class Counter:\n    total = 5\n    def add(self, number): return self\n"
        "    def __len__(self): return 10**15\n    def __getitem__(self, index): return 2\n    __iter__ = None",
        at="counter",
        points={"test-counter": 0.0},
    ),
    Attack(
        "keys-that-collide",
        "def square(x): return {number * (2**61 - 1): 0 for number in range(3)} | {1: 1}",
    ),
    Attack(
        "disk-filler",
        "for number in range(8):\n    attempt(lambda: open(f'f{number}', 'wb').write(bytes(20_000_000)))\n"
        + HOLD
        + _WRONG,
        points={"test-start": 1.0, **dict.fromkeys(list(FULL)[1:], 0.0)},
        flags=_EARLY,
        fault=_OVERFULL,
    ),
    Attack(
        "one-large-file",
        "attempt(lambda: open('f', 'wb').write(bytes(40_000_000)))\n"
        "if os.path.getsize('f') > 30_000_000: breach('a file beyond the limit')" + _WRONG,
        needs=(LIMITS,),
    ),
    Attack(
        "many-small-files",
        "for number in range(21_000):\n    open(str(number), 'w').close()\n" + HOLD + _WRONG,
        points={"test-start": 1.0, **dict.fromkeys(list(FULL)[1:], 0.0)},
        flags=_EARLY,
        fault=_OVERFULL,
    ),
    Attack(
        "files-without-names",
        "held = []\nfor number in range(4):\n    held.append(open('f', 'wb'))\n    os.unlink('f')\n"
        "    held[-1].write(bytes(20_000_000))\n    held[-1].flush()\n"
        + HOLD
        + "breach('80 MB in unlinked files')"
        + _WRONG,
        needs=(LIMITS,),
        points=_AFTER,
        flags=None,
        fault="removed files",
    ),
    Attack(
        "mapped-files-without-names",
        "import mmap\nheld = []\nfor number in range(4):\n    with open('f', 'w+b') as file:\n"
        "        file.write(bytes(20_000_000))\n        file.flush()\n"
        "        held.append(mmap.mmap(file.fileno(), 0))\n"
        "    os.unlink('f')\n" + HOLD + "breach('80 MB in mapped, unlinked files')" + _WRONG,
        needs=(LIMITS,),
        points=_AFTER,
        flags=None,
        fault="removed files",
    ),
    Attack(
        "files-beyond-the-longest-path",
        "for _ in range(20):\n    os.mkdir('d' * 250)\n    os.chdir('d' * 250)\n"
        "for number in range(4): open(str(number), 'wb').write(bytes(20_000_000))\n"
        + HOLD
        + "breach('80 MB in deep folders')"
        + _WRONG,
        points=_AFTER,
        flags=None,
        fault="more files",
    ),
    Attack(
        "folders-beyond-any-depth",
        "for _ in range(1_200):\n    os.mkdir('d')\n    os.chdir('d')\nos.chdir(os.environ['HOME'])\n"
        + HOLD
        + "breach('folders 1200 deep')"
        + _WRONG,
        points=_AFTER,
        flags=None,
        fault="nested folders",
    ),
    Attack(
        "flood-of-output",
        "end = time.monotonic() + 1.5\nwhile time.monotonic() < end: print('x' * 1000)" + _WRONG,
        flags=None,
    ),
    Attack("line-of-100-mb", "print('x' * 100_000_000)" + _WRONG, flags=None, points=_AFTER, fault="*"),
    Attack(
        "flood-of-figures",
        "from IPython.display import publish_display_data\n"
        "for _ in range(4): publish_display_data({'text/plain': 'x' * 6_000_000})" + _WRONG,
    ),
    Attack(
        "flood-of-metadata",
        "from IPython.display import publish_display_data\n"
        "for _ in range(4): publish_display_data({'text/plain': ''}, metadata={'x': 'y' * 6_000_000})" + _WRONG,
    ),
    Attack(
        "flood-of-updates",
        "from IPython.display import publish_display_data\n"
        "def show(text, **more): publish_display_data({'text/plain': text}, transient={'display_id': 'one'}, **more)\n"
        "for _ in range(4):\n    show('x')\n    show('y' * 6_000_000, update=True)\n" + _WRONG,
    ),
    Attack(
        "flood-of-indentation",
        "from IPython.display import publish_display_data\n"
        "value = [0] * 100_000\nfor _ in range(300): value = [value]\n"
        "publish_display_data({'text/plain': ''}, metadata={'x': value})" + _WRONG,
    ),
    Attack(
        "room-kept-on-the-disk",
        "libc = ctypes.CDLL(None)\nfor number in range(3):\n    for mode in (1, 0x11):\n"
        "        fd = os.open(f'f{number}', os.O_CREAT | os.O_RDWR)\n"
        "        libc.fallocate(fd, mode, ctypes.c_long(0), ctypes.c_long(300_000_000))\n"
        "libc.fallocate(1, 1, ctypes.c_long(0), ctypes.c_long(300_000_000))\n"
        + HOLD
        + "if sum(os.stat(f'f{n}').st_blocks for n in range(3)) > 100_000: breach('900 MB of disk')"
        + _WRONG,
        needs=(LIMITS,),
        points=_AFTER,
        flags=None,
        fault="*",
    ),
    Attack(
        "memory-that-nobody-has-attached",
        "libc = ctypes.CDLL(None)\nlibc.shmat.restype = ctypes.c_void_p\nheld = 0\nfor _ in range(33):\n"
        "    number = libc.shmget(0, 40_000_000, 0o1600)\n    if number < 0: break\n"
        "    place = libc.shmat(number, None, 0)\n    ctypes.memset(place, 1, 40_000_000)\n"
        "    libc.shmdt(ctypes.c_void_p(place))\n    held += 1\n"
        "if held: " + HOLD + "if held > 30: breach('1.3 GB in segments')" + _WRONG,
        needs=(PROCESSES, LIMITS),
        points=_AFTER,
        flags=None,
        fault="*",
    ),
    Attack(
        "memory-of-the-kernel-itself",
        "libc = ctypes.CDLL(None)\n"
        "for kind in ((40, 1, 0), (17, 3, 768), (38, 5, 0), (16, 3, 4)):\n"
        "    if attempt(socket.socket, *kind): breach(kind)\n"
        "if libc.semget(0, 32_000, 0o1600) >= 0 or libc.msgget(0, 0o1600) >= 0: breach('System V')\n"
        "if libc.syscall(425, 32_000, bytes(120)) >= 0: breach('io_uring')\n"
        "libc.unshare(0x10020000)\n"
        "if libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0: breach('a file system in memory')" + _WRONG,
        needs=(SYSTEM_CALLS,),
    ),
]
