"""Submissions whose code is nearly the same once names, comments and order are taken away.

Most statements of an exercise are written by half the class, because there is one natural way. They prove nothing and
do not count. What counts is a statement that few wrote: each weighs ``ln(N / n)``, where n of the N submissions hold it
(the inverse document frequency of Spärck Jones, J. Documentation 28, 1972), and statements that more than a handful
wrote weigh nothing. An exercise is alike in two submissions where their weighed statements overlap to four fifths
(Jaccard's index); a pair is listed where its alike exercises share enough of them. Similarity is not proof.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

MIN_CLASS = 8
LEAST_RARE, MOST_RARE = 5, 40
ALIKE = 0.8
MIN_STATEMENTS = 6
MIN_WEIGHT = 12.0

Fingerprints = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Pair:
    """Two submissions that are nearly the same somewhere.

    Attributes:
        students: both, in alphabetical order.
        exercises: those that are alike.
        statements: how many rare statements they share there.
        weight: the weights of these added up, in nats: the less likely by chance, the larger.
    """

    students: tuple[str, str]
    exercises: tuple[str, ...]
    statements: int
    weight: float


@dataclass(frozen=True)
class Group:
    """Submissions that hang together by pairs.

    Attributes:
        students: in alphabetical order.
        exercises: those that are alike in at least one pair.
        statements: how many rare statements its pairs share, at least and at most.
    """

    students: tuple[str, ...]
    exercises: tuple[str, ...]
    statements: tuple[int, int]


@dataclass(frozen=True)
class Similarity:
    """What the comparison of a class found.

    Attributes:
        compared: how many submissions were compared; 0 where the class is too small to tell rare from usual.
        rare: a statement counted if at most so many submissions held it.
        pairs: the most alike first.
        groups: the same pairs joined, small and heavy ones first.
    """

    compared: int
    rare: int
    pairs: tuple[Pair, ...] = ()
    groups: tuple[Group, ...] = ()


def likeness(answers: Mapping[str, Fingerprints], given: Fingerprints | None = None) -> Similarity:
    """Compare the submissions of one assignment.

    Args:
        answers: for each student, the fingerprint of each exercise.
        given: statements that the student edition holds already, by exercise; they do not count.
    """
    students = sorted(answers)
    if len(students) < MIN_CLASS:
        return Similarity(0, 0)
    rare = min(MOST_RARE, max(LEAST_RARE, len(students) // 50))
    found: dict[tuple[int, int], dict[str, tuple[int, float]]] = defaultdict(dict)
    for exercise in sorted({exercise for held in answers.values() for exercise in held}):
        known = (given or {}).get(exercise, frozenset())
        rows = [answers[student].get(exercise, frozenset()) - known for student in students]
        for first, second, count, weight in _alike(rows, rare):
            found[first, second][exercise] = (count, weight)
    pairs = [
        Pair(
            (students[first], students[second]),
            tuple(shared),
            sum(count for count, _ in shared.values()),
            round(sum(weight for _, weight in shared.values()), 2),
        )
        for (first, second), shared in found.items()
    ]
    listed = [pair for pair in pairs if pair.statements >= MIN_STATEMENTS and pair.weight >= MIN_WEIGHT]
    listed.sort(key=lambda pair: (-pair.weight, pair.students))
    return Similarity(len(students), rare, tuple(listed), _groups(listed))


def _alike(rows: Sequence[frozenset[str]], rare: int) -> list[tuple[int, int, int, float]]:
    """Pairs of rows that are alike in one exercise: both rows, how many rare statements they share, their weight.

    A statement leads to at most ``rare`` squared pairs, so time and memory grow with the class, not with its square.
    """
    held = Counter(statement for row in rows for statement in row)
    columns = {statement: i for i, statement in enumerate(sorted(s for s, n in held.items() if n <= rare))}
    if not columns:
        return []
    weights = np.array([math.log(len(rows) / held[statement]) for statement in columns])
    entries = [(i, columns[statement]) for i, row in enumerate(rows) for statement in row if statement in columns]
    at = np.array(entries, dtype=np.int64).T
    table = sparse.csr_array((np.ones(at.shape[1]), (at[0], at[1])), shape=(len(rows), len(columns)))
    total = table @ weights
    shared = sparse.coo_array(sparse.triu(table * weights @ table.T, k=1))
    # Both products have the same pattern, as no weight is zero; in canonical order their entries match.
    counts = sparse.csr_array(sparse.triu(table @ table.T, k=1))
    first, second = shared.coords
    index = shared.data / (total[first] + total[second] - shared.data)
    chosen = np.flatnonzero(index >= ALIKE)
    return [
        (int(first[i]), int(second[i]), round(counts[int(first[i]), int(second[i])]), float(shared.data[i]))
        for i in chosen
    ]


def _groups(pairs: Sequence[Pair]) -> tuple[Group, ...]:
    names = sorted({student for pair in pairs for student in pair.students})
    if not names:
        return ()
    at = {name: i for i, name in enumerate(names)}
    links = np.array([[at[name] for name in pair.students] for pair in pairs]).T
    graph = sparse.csr_array((np.ones(links.shape[1]), (links[0], links[1])), shape=(len(names), len(names)))
    _, labels = connected_components(graph, directed=False)
    members: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        members[int(labels[at[pair.students[0]]])].append(pair)
    groups = [_group(held) for held in members.values()]
    return tuple(sorted(groups, key=lambda group: (len(group.students), -group.statements[1], group.students)))


def _group(pairs: Sequence[Pair]) -> Group:
    statements = [pair.statements for pair in pairs]
    return Group(
        tuple(sorted({student for pair in pairs for student in pair.students})),
        tuple(sorted({exercise for pair in pairs for exercise in pair.exercises})),
        (min(statements), max(statements)),
    )
