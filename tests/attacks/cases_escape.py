"""Attacks on what lies outside: files, secrets, other processes, the network, the grader's own channels."""

from __future__ import annotations

from autograder.kernel.isolation import BUBBLEWRAP, LANDLOCK, PROCESSES
from tests.attacks.support import FULL, SLEEP, WRITTEN, Attack

_WRONG = "\ndef square(x): return 0.0"
_ALL = dict.fromkeys(FULL)
# Each answer is wrong: whoever gets nothing by the attack earns nothing for it.


def _attack(name: str, source: str, *needs: str, **more: object) -> Attack:
    return Attack(name, source + _WRONG, needs=needs, **more)  # type: ignore[arg-type]


_SOCKETS = """
def neighbours_sockets():
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4) as s:
        body = struct.pack("=BBHIIIII", 1, 0, 0, 0xFFFFFFFF, 0, 1, 0xFFFFFFFF, 0xFFFFFFFF)
        s.send(struct.pack("=IHHII", 16 + len(body), 20, 0x301, 1, 0) + body)
        s.settimeout(1)
        data = s.recv(1_000_000)
    import re
    mine = os.path.basename(os.path.dirname(os.getcwd())).encode()
    return [p for p in set(re.findall(rb"/[\\w/.-]+/socket-\\d", data)) if mine not in p]
"""

ATTACKS = [
    _attack(
        "reads-files",
        """
import glob
from pathlib import Path
for path in ("{GRADEBOOK}", "{SOURCE}", "{NEIGHBOUR}", "{RESULTS}/results.json", "/etc/shadow", "/etc/hostname",
             f"/proc/{os.getppid()}/environ", "/proc/1/root{GRADEBOOK}", "/proc/self/cwd/../../../../..{GRADEBOOK}"):
    text = attempt(lambda: Path(path).read_bytes())
    if text: breach((path, text[:1500]))
for folder in ("{OUTSIDE}", "{RESULTS}", "{NEIGHBOUR}/../..", "..", "../..", "/root", "/home", "/tmp"):
    found = attempt(os.listdir, folder)
    if found and folder != "..": breach((folder, found))
""",
        LANDLOCK,
    ),
    _attack(
        "reads-files-through-a-program",
        """
for command in (["cat", "{GRADEBOOK}"], ["cat", "{NEIGHBOUR}"], ["sh", "-c", "cat ../../*/w*/* {SOURCE}"],
                ["find", "/", "-maxdepth", "8", "-name", "*.ipynb", "-path", "*01_target*"]):
    done = attempt(subprocess.run, command, capture_output=True, timeout=12)
    if done and done.stdout: breach(done.stdout[:500])
""",
        LANDLOCK,
    ),
    _attack(
        "reads-files-through-links",
        """
for number, path in enumerate(("{GRADEBOOK}", "{NEIGHBOUR}", "/proc/self/root/{GRADEBOOK}", "/proc/1/root")):
    attempt(os.symlink, path, f"link{number}")
    text = attempt(lambda: open(f"link{number}").read())
    if text: breach(text)
    if attempt(os.link, path, f"hard{number}") is None and os.path.exists(f"hard{number}"): breach(path)
""",
        LANDLOCK,
    ),
    _attack(
        "writes-outside",
        """
from pathlib import Path
import autograder, numpy
for folder in ("{OUTSIDE}", "{RESULTS}", "{RESULTS}/submissions", "../..", "/tmp", "/var/tmp", "/root", "/etc",
               os.path.dirname(autograder.__file__), os.path.dirname(numpy.__file__), os.path.expanduser("~/../..")):
    path = Path(folder) / "WRITTEN"
    attempt(path.write_text, "x")
    if path.exists(): breach(path)
for action in (lambda: os.remove("{GRADEBOOK}"), lambda: os.truncate("{GRADEBOOK}", 0),
               lambda: os.rename("{GRADEBOOK}", "gradebook"), lambda: open("{GRADEBOOK}", "a").write("x"),
               lambda: os.mkdir("{OUTSIDE}/folder"), lambda: os.chmod("{GRADEBOOK}", 0o777)):
    attempt(action)
""".replace("WRITTEN", WRITTEN),
        BUBBLEWRAP,
        LANDLOCK,
    ),
    _attack(
        "changes-modes-outside",
        """
for path in ("../..", "/tmp", os.sep, "/usr", "/proc/sys/kernel"):
    before = os.stat(path).st_mode
    attempt(os.chmod, path, 0o700 | before)
    attempt(os.utime, path, (0, 0))
    if os.stat(path).st_mtime == 0 or os.stat(path).st_mode & 0o7777 != before & 0o7777: breach(path)
    attempt(os.chmod, path, before & 0o7777)
""",
        BUBBLEWRAP,
        LANDLOCK,
    ),
    _attack(
        "leaves-traps-in-its-folder",
        """
os.symlink("{OUTSIDE}", "out")
os.symlink("{GRADEBOOK}", "gradebook.ipynb")
os.mkfifo("fifo")
os.chdir("..")
for name in ("connection.json", "work"):
    attempt(os.rename, name, name + "-gone")
    attempt(os.symlink, "{OUTSIDE}", name)
""",
        BUBBLEWRAP,
        LANDLOCK,
    ),
    _attack(
        "reads-the-graders-environment",
        """
import glob
texts = [repr(dict(os.environ))]
for path in glob.glob("/proc/[0-9]*/environ") + ["/proc/self/environ", "/proc/1/environ", "/proc/2/environ"]:
    texts.append(repr(attempt(lambda: open(path, "rb").read())))
libc = ctypes.CDLL(None)
if libc.getenv(b"GRADER_SECRET"): breach("set")
print(texts)
done = attempt(subprocess.run, "env; cat /proc/*/environ", shell=True, capture_output=True)
print(done)
""",
    ),
    _attack(
        "looks-at-other-processes",
        """
found = [int(name) for name in attempt(os.listdir, "/proc") or [] if name.isdigit()]
if set(found) - {os.getpid()}: breach(found)
done = attempt(subprocess.run, ["ps", "aux"], capture_output=True)
if done and b"autograder" in done.stdout: breach(done.stdout)
libc = ctypes.CDLL(None, use_errno=True)
for pid in range(2, 400):
    if libc.ptrace(16, pid, 0, 0) == 0: breach(("ptrace", pid))
""",
        PROCESSES,
        LANDLOCK,
    ),
    _attack(
        "signals-others",
        """
reached = []
for pid in (os.getppid(), *range(2, 3000)):
    if pid in (0, 1, os.getpid()): continue
    try: os.kill(pid, 0)
    except OSError: continue
    if os.getpgid(pid) != os.getpgid(0): reached.append(pid)
if reached: breach(reached)
""",
        PROCESSES,
    ),
    _attack("kills-itself", "os.kill(os.getpid(), signal.SIGKILL)", points=_ALL, flags=None, fault="*", silent=True),
    _attack(
        "kills-its-parent",
        "attempt(os.kill, os.getppid(), signal.SIGKILL)",
        PROCESSES,
        points=_ALL,
        flags=None,
        fault="*",
    ),
    _attack("stops-itself", "os.kill(os.getpid(), signal.SIGSTOP)", points=_ALL, flags=None, fault="*"),
    _attack(
        "stops-its-parent",
        "attempt(os.kill, os.getppid(), signal.SIGSTOP)",
        PROCESSES,
        points=_ALL,
        flags=None,
        fault="*",
    ),
    _attack(
        "kills-everything",
        "for pid in (0, -1):\n    attempt(os.kill, pid, signal.SIGTERM)",
        PROCESSES,
        points=_ALL,
        flags=None,
        fault="*",
        silent=True,
    ),
    _attack(
        "daemon-left-behind",
        f"""
subprocess.Popen(["sleep", "{SLEEP}"], start_new_session=True)
subprocess.Popen("setsid nohup sleep {SLEEP} >/dev/null 2>&1 &", shell=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        named_process()
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
        time.sleep(1200)
    os._exit(0)
""",
        PROCESSES,
    ),
    # The network. The only address is that of the test's own listeners.
    _attack(
        "network-tcp",
        "s = socket.socket()\ns.settimeout(1)\n"
        "if attempt(s.connect, ('127.0.0.1', {TCP})) is None and attempt(s.getpeername): breach('tcp')",
        BUBBLEWRAP,
    ),
    _attack(
        "network-udp",
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nattempt(s.sendto, b'hello', ('127.0.0.1', {UDP}))",
        BUBBLEWRAP,
    ),
    _attack(
        "network-through-a-program",
        "code = \"import socket; socket.create_connection(('127.0.0.1', {TCP}), 1)\"\n"
        "attempt(subprocess.run, [sys.executable, '-c', code], timeout=40, capture_output=True)\n"
        "attempt(subprocess.run, 'echo x > /dev/tcp/127.0.0.1/{TCP}', shell=True, "
        "executable='/bin/bash', capture_output=True)",
        BUBBLEWRAP,
    ),
    _attack(
        "network-unix",
        "for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):\n"
        "    for name in ('{UNIX}', '\\0{ABSTRACT}'):\n"
        "        s = socket.socket(socket.AF_UNIX, kind)\n"
        "        if attempt(s.connect, name) is None and attempt(s.getpeername): breach(name)",
        BUBBLEWRAP,
    ),
    _attack(
        "network-in-namespaces-of-its-own",
        "libc = ctypes.CDLL(None)\nprint(libc.unshare(0x10000000 | 0x40000000), libc.setns(3, 0))\n"
        "s = socket.socket()\ns.settimeout(1)\nattempt(s.connect, ('127.0.0.1', {TCP}))\n"
        "print(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None), libc.umount2(b'/tmp', 2), libc.chroot(b'/'))",
        BUBBLEWRAP,
    ),
    # The channels by which kernels are made and asked.
    _attack(
        "inherited-sockets-of-the-grader",
        """
import stat
for fd in range(3, 1024):
    try: kind = os.fstat(fd).st_mode
    except OSError: continue
    if not stat.S_ISSOCK(kind): continue
    with socket.socket(fileno=os.dup(fd)) as s:
        name = attempt(s.getsockname)
        if s.family == socket.AF_UNIX and isinstance(name, str) and name.endswith("control"):
            breach((fd, name))
""",
    ),
    _attack(
        "asks-for-a-kernel-without-layers",
        """
import glob, json, stat
request = {"do": "fork", "connection_file": os.path.abspath("evil.json"), "folder": os.getcwd(), "environment": {},
           "memory_bytes": 4_000_000_000, "cpu_seconds": 100, "file_bytes": 10**9, "folder_bytes": 10**9}
paths = {place + name for place in ("../", "../../", "../../../", "/tmp/*/", "/tmp/*/*/") for name in ("control", "*")}
servers = [path for pattern in paths for path in glob.glob(pattern)]
servers += ["\\0" + path for path in servers]
def ask(s):
    s.settimeout(2)
    for more in ({}, {"layers": []}):
        s.sendall(json.dumps({**request, **more}).encode() + b"\\n")
        answer = s.recv(1000)
        if answer.strip().isdigit(): breach(("a kernel was forked", answer))
for path in servers:
    with socket.socket(socket.AF_UNIX) as s:
        if attempt(s.connect, path) is None and attempt(s.getpeername) and "socket-" not in path: breach(path)
def strange(fd):
    if not stat.S_ISSOCK(os.fstat(fd).st_mode): return False
    with socket.socket(fileno=os.dup(fd)) as s:
        peer = struct.unpack("3i", s.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
        return s.family == socket.AF_UNIX and not s.getsockname() and peer not in (-1, os.getpid())
found = [fd for fd in range(3, 256) if attempt(strange, fd)]
# One is where the checks' questions come from.
if len(found) > 1: breach(found)
for fd in found:
    with socket.socket(fileno=os.dup(fd)) as s: attempt(socket.send_fds, s, [b"."], [0])
""",
        LANDLOCK,
        points=_ALL,
        flags=None,
        fault="*",
    ),
    _attack(
        "sockets-of-a-neighbour",
        _SOCKETS + "found = attempt(neighbours_sockets)\nif found: breach(found)",
        BUBBLEWRAP,
    ),
    *(
        _attack(
            f"memory-left-for-a-neighbour-{number}",
            "libc = ctypes.CDLL(None)\n"
            "if libc.shmget(0x5EC1E, 4096, 0) >= 0: breach('System V memory of a neighbour')\n"
            "libc.shmget(0x5EC1E, 4096, 0o1666)\n"
            "if os.path.exists('/dev/shm/wb-left'): breach('shared memory of a neighbour')\n"
            "attempt(lambda: open('/dev/shm/wb-left', 'w').write('x'))",
            PROCESSES,
        )
        for number in (1, 2)
    ),
    _attack(
        "forges-result-files",
        """
from pathlib import Path
import json
text = json.dumps({"schema_version": 1, "submissions": [], "score": 14, "tasks": []})
for path in ("results.json", "../results.json", "../../results.json", "{RESULTS}/results.json",
             "{RESULTS}/submissions/forges-result-files/01_target.json", "01_target.json", "executed.ipynb"):
    attempt(Path(path).write_text, text)
""",
    ),
]
