import matplotlib.pyplot as plt
import numpy as np

from autograder.testing.student_side import figure_content


def test_a_figure_is_read_as_plain_data():
    figure, axes = plt.subplots(1, 2)
    axes[0].plot([0, 1], [2, 3], label="f")
    axes[0].set(title="T", xlabel="x", ylabel="y")
    axes[0].legend()
    first, second = figure_content(figure)
    assert (first["title"], first["xlabel"], first["ylabel"], first["legend"]) == ("T", "x", "y", ["f"])
    assert (first["lines"][0]["label"], first["lines"][0]["style"]) == ("f", "-")
    np.testing.assert_array_equal(first["lines"][0]["y"], [2.0, 3.0])
    assert second["lines"] == [] and second["legend"] == []
    plt.close(figure)
