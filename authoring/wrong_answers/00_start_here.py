# %% grade_id="mean-square" mistake="square-of-mean" fails=["test-mean-square"]
def mean_square(x):
    return np.mean(x) ** 2

# %% grade_id="mean-square" mistake="sum-of-squares" fails=["test-mean-square"]
def mean_square(x):
    return np.sum(x**2)

# %% grade_id="mean-square" mistake="mean-of-absolute-values" fails=["test-mean-square"]
def mean_square(x):
    return np.mean(np.abs(x))
