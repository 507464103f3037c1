from authoring.sample_class import BROKEN, WRONG, hand_in
from autograder.grading.submissions import find_submissions


def test_the_sample_class_hands_in_what_an_instructor_meets(course, tmp_path):
    handed_in = hand_in(course, tmp_path)
    found = find_submissions(tmp_path, [chapter.name for chapter in course.chapters])
    assert len(found) == len(handed_in) >= 14
    assert {(s.student, s.assignment) for s in found} == {(h.student, h.assignment) for h in handed_in}
    stories = {h.story for h in handed_in}
    assert {"everything right", "untouched stubs", "a truncated file"} <= stories
    assert {story for _, story, _ in BROKEN} <= stories
    assert {mistake for _, _, mistake in WRONG} <= stories
