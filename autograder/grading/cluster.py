"""Grade on a Dask cluster: the same function, on workers that need no disk in common with this machine.

A submission's content travels with its job, and the result comes back; nothing is written on a worker but in a
temporary folder. Each worker starts a zygote of its own, so kernels are confined there as they would be here.
"""

from __future__ import annotations

import logging
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, InvalidStateError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from distributed import Client, Security
from distributed.scheduler import KilledWorker

from autograder.digest import grader_digest
from autograder.errors import ClusterError, NotebookError
from autograder.grading.batch import versions
from autograder.grading.grade_submission import GradedSubmission, blank_result, refused
from autograder.grading.helper_archives import HelperArchives
from autograder.grading.remote_job import make_remote_job, run_remote_job
from autograder.kernel.isolation import BUBBLEWRAP, PROCESSES, SYSTEM_CALLS, Isolation, available
from autograder.kernel.zygote_client import can_fork

_CONNECT_SECONDS, _FIRST_WORKER_SECONDS, _EXAMINE_SECONDS = 10, 30, 180
_WATCH_SECONDS, _LONELY_SECONDS = 1.0, 60.0
_ADDRESS = re.compile(r"(tcp|tls)://.+:\d+")
_CERTIFICATES = (
    "Set DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__TLS__CLIENT__CERT and …__TLS__CLIENT__KEY to files that the "
    "scheduler's authority has signed."
)
_AGAIN = "Run the command again; finished work is kept."


@dataclass(frozen=True)
class WorkerMachine:
    """What a worker says about itself.

    Attributes:
        host: the name of its machine.
        versions: of what results depend on.
        code: the digest of the autograder's own files.
        forks: True where kernels can be forked.
        isolation: what it offers.
    """

    host: str
    versions: Mapping[str, str]
    code: str
    forks: bool
    isolation: Isolation


@dataclass(frozen=True)
class Cluster:
    """A connection to workers that are fit to grade.

    Attributes:
        client: Dask's.
        workers: how many there were when it was made.
        isolation: the layers that all of them offer, and what any of them lacks.
    """

    client: Client
    workers: int
    isolation: Isolation

    @contextmanager
    def executor(self, isolation: Isolation, helpers: HelperArchives) -> Iterator[ClusterExecutor]:
        """Takes jobs for the length of the block; what is still waiting at its end is given up."""
        # Not pure: what was given up in one batch must not stand in for the same job of the next.
        executor = ClusterExecutor(self.client.get_executor(pure=False), isolation, helpers)
        over = threading.Event()
        watch = threading.Thread(target=_watch, args=(self.client, executor, over), daemon=True)
        watch.start()
        try:
            yield executor
        finally:
            over.set()
            watch.join()
            executor.shutdown()


@contextmanager
def connect(url: str) -> Iterator[Cluster]:
    """Connect to the scheduler at ``url`` and make sure that its workers are like this machine.

    Raises:
        ClusterError: if it cannot be reached, has no workers, or one of them is not fit.
    """
    if not _ADDRESS.fullmatch(url):
        raise ClusterError(f"{url!r} is not a scheduler's address. Expected tcp://host:port or tls://host:port.")
    if url.startswith("tls"):
        _require_certificate()
    # What goes wrong is raised here in our own words; Dask would print its own next to them.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = Client(url, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {url}: {error}. Start one with `dask scheduler`, and see that this machine "
            "may reach its port."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_FIRST_WORKER_SECONDS)
        except TimeoutError as error:
            raise ClusterError(
                f"the scheduler at {url} has no workers after {_FIRST_WORKER_SECONDS} s. Start some with "
                f"`dask worker {url} --nthreads 1`, wait until they run, and try again."
            ) from error
        yield _examined(client)


def _require_certificate() -> None:
    """Make sure that Dask knows the certificate with which to connect.

    Raises:
        ClusterError: if it knows none, or the files are not available.
    """
    try:
        context = Security().get_connection_args("client").get("ssl_context")
    except OSError as error:
        raise ClusterError(f"a file with a certificate or its key cannot be read: {error}. {_CERTIFICATES}") from error
    if context is None:
        raise ClusterError(f"no certificate is set for a tls:// scheduler. {_CERTIFICATES}")


def _examined(client: Client) -> Cluster:
    """The cluster, after a look at each of its workers."""
    workers = client.scheduler_info(n_workers=-1)["workers"]
    crowded = [str(worker["name"]) for worker in workers.values() if worker["nthreads"] != 1]
    if crowded:
        raise ClusterError(
            f"worker {crowded[0]} runs several tasks at a time; expected one, since a submission may use a whole core. "
            "Start workers with --nthreads 1, and more of them with --nworkers."
        )
    offers: dict[str, WorkerMachine | BaseException] = client.run(describe, on_error="return")
    machines = []
    for address, offer in offers.items():
        if isinstance(offer, BaseException):
            raise ClusterError(
                f"worker {address} cannot run the autograder: {type(offer).__name__}: {offer}. Install the course "
                "there as it is here: the same files, and pip install -r requirements.txt."
            ) from offer
        _same_as_here(offer.versions, offer.code, offer.forks, f"worker {address} on {offer.host}")
        machines.append(offer)
    if not machines:
        raise ClusterError(f"every worker has left the cluster. Start some. {_AGAIN}")
    first = machines[0].isolation.layers
    layers = tuple(layer for layer in first if all(layer in machine.isolation.layers for machine in machines))
    missing = {f"{machine.host}: {reason}" for machine in machines for reason in machine.isolation.missing}
    return Cluster(client, len(machines), Isolation(layers, tuple(sorted(missing))))


def describe() -> WorkerMachine:
    """This machine, when called on a worker."""
    return WorkerMachine(socket.gethostname(), versions(), grader_digest(), can_fork(), available())


def _same_as_here(theirs: Mapping[str, str], code: str, forks: bool, who: str) -> None:
    """Refuse a worker whose results would differ from those of this machine.

    Raises:
        ClusterError: if it differs.
    """
    for name, here in versions().items():
        if theirs[name] != here:
            raise ClusterError(
                f"{who} has {name} {theirs[name]}; this machine has {here}. Results would differ: install the same "
                "requirements.txt on both."
            )
    if code != grader_digest():
        raise ClusterError(f"{who} has other files of the autograder than this machine. Install the same course there.")
    if forks != can_fork():
        raise ClusterError(f"{who} runs another system than this machine. Run both on Linux.")


def keeps_the_network_away(isolation: Isolation) -> bool:
    """True where student code cannot reach the scheduler, which obeys whoever connects to it."""
    return bool({BUBBLEWRAP, PROCESSES, SYSTEM_CALLS} & set(isolation.layers))


class ClusterExecutor(Executor):
    """Dask's executor, which takes jobs as they are for a local pool and packs what they refer to.

    Args:
        dask: Dask's own executor.
        isolation: what must be in force on the workers.
        helpers: the course's helper packages.
    """

    def __init__(self, dask: Executor, isolation: Isolation, helpers: HelperArchives) -> None:
        self._isolation, self._helpers = isolation, helpers
        self._dask = dask
        self._lock = threading.Lock()
        self._waiting: set[Future[GradedSubmission]] = set()
        self._lost: ClusterError | None = None

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a worker call ``fn`` with one :class:`Job`. A file that cannot be read is refused without a worker."""
        (job,) = args
        mine: Future[GradedSubmission] = Future()
        try:
            remote_job = make_remote_job(job, self._isolation, self._helpers)
        except NotebookError as error:
            blank = blank_result(job.submission, job.source, job.environment)
            mine.set_result(refused(blank, "unreadable", str(error)))
            return mine
        with self._lock:
            if self._lost is not None:
                mine.set_exception(self._lost)
                return mine
            self._waiting.add(mine)
        theirs = self._dask.submit(run_remote_job, fn, remote_job, **kwargs)
        theirs.add_done_callback(lambda done: self._pass_on(done, mine))
        return mine

    def give_up(self, error: ClusterError) -> None:
        """End every job that waits, and every later one, with an error."""
        with self._lock:
            self._lost = error
            waiting = set(self._waiting)
        for future in waiting:
            with suppress(InvalidStateError):
                future.set_exception(error)

    def shutdown(self, wait: bool = False, *, cancel_futures: bool = True) -> None:  # noqa: ARG002
        """Give up what waits: whoever leaves early wants none of it."""
        self._dask.shutdown(wait=False)

    def _pass_on(self, theirs: Future[GradedSubmission], mine: Future[GradedSubmission]) -> None:
        with self._lock:
            self._waiting.discard(mine)
        # The watch may have given this job up in the meantime.
        with suppress(InvalidStateError):
            if theirs.cancelled():
                mine.set_exception(ClusterError(f"the connection to the scheduler was lost. {_AGAIN}"))
            elif isinstance(error := theirs.exception(), KilledWorker):
                mine.set_exception(RuntimeError(f"each of {error.allowed_failures + 1} workers that tried it ended"))
            elif error is not None:
                mine.set_exception(error)
            else:
                mine.set_result(theirs.result())


def _watch(client: Client, executor: ClusterExecutor, over: threading.Event) -> None:
    """Give up when no worker has been there for a while; Dask itself would wait for ever."""
    lonely = 0.0
    while not over.wait(_WATCH_SECONDS):
        try:
            anyone = bool(client.scheduler_info(n_workers=-1)["workers"])
        except Exception as error:
            # Whatever it is, the scheduler does not answer any more.
            executor.give_up(ClusterError(f"the connection to the scheduler was lost: {error}. {_AGAIN}"))
            return
        lonely = 0.0 if anyone else lonely + _WATCH_SECONDS
        if lonely >= _LONELY_SECONDS:
            executor.give_up(ClusterError(f"the cluster has had no workers for {lonely:g} s. Start some. {_AGAIN}"))
            return
