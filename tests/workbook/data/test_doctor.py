import pytest

from workbook.data.doctor import findings


@pytest.mark.parametrize("fits", [True, False])
def test_a_torchvision_that_was_built_for_another_torch_is_explained(monkeypatch, fits):
    monkeypatch.setattr("workbook.data.doctor.compiled_operators_load", lambda _: fits)
    notes = [detail for topic, state, detail in findings() if (topic, state) == ("torchvision", "note")]
    assert len(notes) == (0 if fits else 1)
    for note in notes:
        assert "`import workbook` first" in note and "torchvision::nms does not exist" in note
