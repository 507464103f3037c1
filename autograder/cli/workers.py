"""Who grades: processes of this machine, or the workers of a cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from autograder.errors import AutograderError, ClusterError

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.grading.grade_submission import Settings
    from autograder.grading.preloads import Preloads
    from autograder.kernel.course_code import CourseCode
    from autograder.kernel.isolation import Isolation
    from autograder.kernel.zygote_client import Address


class IsolationWish(StrEnum):
    """How a student's code is kept apart from the machine."""

    AUTO = "auto"
    REQUIRED = "required"
    NONE = "none"


@dataclass(frozen=True)
class Workers:
    """Whoever is ready to grade.

    Attributes:
        executor: takes jobs.
        address: of the zygote they share; None where kernels are started from scratch, or workers have their own.
        made_with: what their results depend on.
        described: how many they are and where their kernels come from, in words.
        isolation: what is in force.
        at_once: how many submissions they grade at a time.
    """

    executor: Executor
    address: Address | None
    made_with: Mapping[str, str]
    described: str
    isolation: Isolation
    at_once: int


@contextmanager
def local(
    jobs: int,
    settings: Settings,
    wish: IsolationWish,
    console: Console,
    modules: Preloads,
    code: CourseCode,
) -> Iterator[Workers]:
    """Processes of this machine, which import ``modules`` before they begin, as their kernels do, which get ``code``.

    Raises:
        AutograderError: if the isolation wished for is not available.
        KernelError: if no kernel can be started.
    """
    from autograder.grading.batch import environment
    from autograder.grading.worker import worker_pool
    from autograder.grading.worker_limits import can_limit
    from autograder.kernel.isolation import NONE, available
    from autograder.kernel.zygote_client import zygote_where_possible

    isolation = NONE if wish is IsolationWish.NONE else _met(available(), wish, console)
    if not can_limit():
        console.print("[yellow]not limited[/]: the memory of the processes that run tests, which only Linux can limit")
    with worker_pool(jobs, modules.workers) as executor:
        try:
            with zygote_where_possible(settings.limits, isolation, modules.kernels, code) as address:
                origin = "started one by one" if address is None else "forked from one warm process"
                made_with = environment(settings, None if address is None else isolation)
                yield Workers(executor, address, made_with, f"{jobs} at a time, kernels {origin}", isolation, jobs)
        except BaseException:
            # Nobody waits any more for what they are doing.
            executor.stop()
            raise


@contextmanager
def on_cluster(
    url: str, settings: Settings, wish: IsolationWish, console: Console, course: Course
) -> Iterator[Workers]:
    """The workers of a Dask cluster, to which the helper packages of ``course`` travel.

    Raises:
        AutograderError: if the isolation wished for is not available.
        ClusterError: if there is no such cluster, or it is not fit.
    """
    from autograder.grading.batch import environment
    from autograder.grading.cluster import connect, keeps_the_network_away
    from autograder.grading.helper_archives import packed_helpers
    from autograder.kernel.isolation import NONE

    with connect(url) as cluster:
        if wish is IsolationWish.NONE:
            isolation = NONE
            console.print(
                "[yellow]not isolated[/]: a student's code can reach the scheduler, and run as whoever runs the workers"
            )
        else:
            isolation = _met(cluster.isolation, wish, console)
            if not keeps_the_network_away(isolation):
                raise ClusterError(
                    "on these workers a student's code could reach the scheduler, which takes orders from anyone. "
                    f"Missing: {'; '.join(isolation.missing)}. Fix that, or use --isolation none if you trust "
                    "every submission."
                )
        workers = "1 worker" if cluster.workers == 1 else f"{cluster.workers} workers"
        described = f"{workers} at {url}, kernels forked from a warm process on each"
        with cluster.executor(isolation, packed_helpers(course)) as executor:
            made_with = environment(settings, isolation)
            yield Workers(executor, None, made_with, described, isolation, cluster.workers)


def require_out_of_reach(workers: Workers, folders: Sequence[Path]) -> None:
    """Make sure that kernels which run as another user cannot get at ``folders``, or at one another.

    Raises:
        AutograderError: if they could, since no other layer would stop them.
    """
    from autograder.kernel.isolation import account_for, kernels_share_a_user, only_modes_protect
    from autograder.kernel.own_user import within_reach

    account = account_for(workers.isolation)
    if account is None:
        return
    if kernels_share_a_user(workers.isolation) and workers.at_once > 1:
        raise AutograderError(
            f"kernels that run at the same time as the user {account.name} could read and end one another here. "
            "Grade one at a time: --jobs 1."
        )
    if only_modes_protect(workers.isolation):
        for folder in within_reach(folders, account):
            raise AutograderError(
                f"the user {account.name}, as whom submissions run, could get at {folder}, and nothing else keeps "
                f"that user from files here. Make the folder and close it: chmod 700 {folder}"
            )


def _met(offered: Isolation, wish: IsolationWish, console: Console) -> Isolation:
    """What is offered, with a word about what is missing.

    Raises:
        AutograderError: if all was wished for and something is missing.
    """
    for reason in offered.missing:
        console.print(f"[yellow]not isolated in full[/]: {escape(reason)}", soft_wrap=True)
    if wish is IsolationWish.REQUIRED and not offered.complete:
        raise AutograderError(f"--isolation required cannot be met: {'; '.join(offered.missing)}.")
    return offered
