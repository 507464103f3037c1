import random

import pytest
from scipy import sparse

from autograder.reporting.fingerprints import fingerprint
from autograder.reporting.similarity import MIN_CLASS, MOST_RARE, likeness

# Three exercises. Nearly everyone answers the first in one line, the second in a few ways, the third in their own way.
ONE_LINE = "def relu(x):\n    return np.maximum(x, 0)"
FEW_WAYS = [
    "def loss(p, y):\n    return np.mean((p - y) ** 2)",
    "def loss(p, y):\n    d = p - y\n    return (d * d).mean()",
    "def loss(p, y):\n    return ((p - y) ** 2).sum() / p.size",
]
CONVOLUTIONS = [
    # The same loops, written by twelve people who did not look at each other's screens.
    "H, W = x.shape\nh, w = k.shape\nout = np.zeros((H - h + 1, W - w + 1))\nfor i in range(H - h + 1):\n"
    "    for j in range(W - w + 1):\n        out[i, j] = np.sum(x[i:i+h, j:j+w] * k)\nresult = out",
    "n = x.shape[0] - k.shape[0] + 1\nm = x.shape[1] - k.shape[1] + 1\nresult = np.array([[(x[r:r+k.shape[0], "
    "c:c+k.shape[1]] * k).sum() for c in range(m)] for r in range(n)])",
    "windows = sliding_window_view(x, k.shape)\nresult = np.einsum('ijkl,kl->ij', windows, k)",
    "windows = sliding_window_view(x, k.shape)\nresult = np.tensordot(windows, k, axes=2)",
    "kh = k.shape[0]\nkw = k.shape[1]\nrows = x.shape[0] - kh + 1\ncols = x.shape[1] - kw + 1\n"
    "result = np.zeros((rows, cols))\nfor a in range(kh):\n    for b in range(kw):\n"
    "        result += k[a, b] * x[a:a+rows, b:b+cols]",
    "size = np.subtract(x.shape, k.shape) + 1\nresult = np.empty(size)\nfor place in np.ndindex(*size):\n"
    "    part = x[place[0]:place[0]+k.shape[0], place[1]:place[1]+k.shape[1]]\n    result[place] = np.vdot(part, k)",
    "result = scipy.signal.correlate2d(x, k, mode='valid')",
    "kh, kw = k.shape\nresult = []\nfor i in range(len(x) - kh + 1):\n    row = []\n"
    "    for j in range(len(x[0]) - kw + 1):\n        s = 0\n        for a in range(kh):\n"
    "            for b in range(kw):\n                s += x[i + a][j + b] * k[a][b]\n        row.append(s)\n"
    "    result.append(row)\nresult = np.array(result)",
    "patches = [x[i:i+k.shape[0], j:j+k.shape[1]].ravel() for i in range(x.shape[0]-k.shape[0]+1) "
    "for j in range(x.shape[1]-k.shape[1]+1)]\nflat = np.stack(patches) @ k.ravel()\n"
    "result = flat.reshape(x.shape[0]-k.shape[0]+1, -1)",
    "f = np.fft.rfft2(x)\ng = np.fft.rfft2(k[::-1, ::-1], s=x.shape)\nfull = np.fft.irfft2(f * g, s=x.shape)\n"
    "result = full[k.shape[0]-1:, k.shape[1]-1:]",
    "t = torch.tensor(x)[None, None]\nw = torch.tensor(k)[None, None]\nresult = F.conv2d(t, w)[0, 0].numpy()",
    "H = x.shape[0]\nW = x.shape[1]\nh = k.shape[0]\nw = k.shape[1]\nresult = np.zeros((H-h+1, W-w+1))\ni = 0\n"
    "while i + h <= H:\n    j = 0\n    while j + w <= W:\n        window = x[i:i+h, j:j+w]\n"
    "        result[i][j] = (window * k).sum()\n        j += 1\n    i += 1",
]
DISGUISED = (
    # Number 8, renamed, with comments, and with the two independent first lines exchanged.
    "# my own idea\nanswer = []\nheight, width = k.shape\n"
    "for p in range(len(x) - height + 1):\n    line = []  # one row\n"
    "    for q in range(len(x[0]) - width + 1):\n        acc = 0\n        for u in range(height):\n"
    "            for v in range(width):\n                acc = acc + x[p + u][q + v] * k[u][v]\n"
    "        line.append(acc)\n    answer.append(line)\nanswer = np.array(answer)"
)


def body(source):
    indented = "\n".join("    " + line for line in source.splitlines())
    last = "answer" if "answer" in source else "result"
    return fingerprint(f"def conv(x, k):\n{indented}\n    return {last}")


def honest_class():
    """Each way of convolving once, three ways of writing a loss, the same one-liner everywhere."""
    return {
        f"student{i:02d}": {
            "relu": fingerprint(ONE_LINE),
            "loss": fingerprint(FEW_WAYS[i % 3]),
            "conv": body(source),
        }
        for i, source in enumerate(CONVOLUTIONS)
    }


def test_an_honest_class_lists_nobody():
    found = likeness(honest_class())
    assert found.compared == len(CONVOLUTIONS)
    assert found.pairs == ()


def test_the_natural_one_line_answer_lists_nobody():
    everyone = {f"s{i:02d}": {"relu": fingerprint(ONE_LINE), "loss": fingerprint(FEW_WAYS[i % 3])} for i in range(60)}
    assert likeness(everyone).pairs == ()


def test_a_disguised_copy_is_found():
    submissions = {**honest_class(), "zoe": {"relu": fingerprint(ONE_LINE), "conv": body(DISGUISED)}}
    found = likeness(submissions)
    assert [pair.students for pair in found.pairs] == [("student07", "zoe")]
    assert found.pairs[0].exercises == ("conv",)
    assert found.groups[0].students == ("student07", "zoe")


def test_given_code_does_not_count():
    given = {"conv": body(CONVOLUTIONS[7])}
    submissions = {**honest_class(), "zoe": {"conv": body(DISGUISED)}}
    assert likeness(submissions, given).pairs == ()


def test_those_who_share_form_one_group():
    submissions = {**honest_class(), **{name: {"conv": body(DISGUISED)} for name in ("yan", "zoe")}}
    groups = likeness(submissions).groups
    assert [group.students for group in groups] == [("student07", "yan", "zoe")]


def test_a_class_too_small_to_tell_is_not_compared():
    few = {f"s{i}": {"conv": body(DISGUISED)} for i in range(MIN_CLASS - 1)}
    assert likeness(few).compared == 0
    assert likeness({}).pairs == ()


def test_submissions_without_code_are_compared_with_nobody():
    assert likeness({f"s{i}": {"conv": frozenset()} for i in range(20)}).pairs == ()


def synthetic(students, exercises=15, seed=0):
    """Answers of four usual statements, two with four variants and three of one's own, for each exercise."""
    rng = random.Random(seed)
    return {
        f"s{i:05d}": {
            f"e{e}": frozenset(
                [f"usual {e} {j}" for j in range(4)]
                + [f"variant {e} {j} {rng.randrange(4)}" for j in range(2)]
                + [f"own {e} {rng.randrange(2 * students)}" for _ in range(3)]
            )
            for e in range(exercises)
        }
        for i in range(students)
    }


def test_pairs_to_look_at_grow_with_the_class_and_not_with_its_square(monkeypatch):
    looked_at, upper_half = [], sparse.triu

    def counted(table, **options):
        looked_at.append(table.nnz)
        return upper_half(table, **options)

    def pairs(students):
        looked_at.clear()
        assert likeness(synthetic(students)).compared == students
        return sum(looked_at)

    monkeypatch.setattr(sparse, "triu", counted)
    # Eight times as many students; the square would be 64 times the pairs.
    assert 0 < pairs(2400) < 16 * pairs(300)


def test_copies_are_found_in_a_large_class():
    answers = synthetic(2000)
    answers["copy"] = dict(answers["s00017"])
    found = likeness(answers)
    assert found.rare == MOST_RARE
    assert [pair.students for pair in found.pairs] == [("copy", "s00017")]


@pytest.mark.parametrize("size", [8, 30, 300])
def test_order_of_the_class_does_not_matter(size):
    answers = synthetic(size)
    answers["copy"] = dict(answers["s00003"])
    backwards = dict(reversed(answers.items()))
    assert likeness(backwards) == likeness(answers)
