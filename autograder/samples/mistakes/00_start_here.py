# %% mean-square | square-of-mean | test-mean-square
def mean_square(x):
    return np.mean(x) ** 2


# %% mean-square | sum-of-squares | test-mean-square
def mean_square(x):
    return np.sum(x**2)


# %% mean-square | mean-of-absolute-values | test-mean-square
def mean_square(x):
    return np.mean(np.abs(x))
