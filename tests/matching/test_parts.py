import numpy as np
import pytest

from bot.matching.candidates import Candidate
from bot.matching.facts import DEEPEST, facts
from bot.matching.parts import (
    PARTS,
    department_distance,
    learning,
    level_distance,
    meeting,
    new_strengths,
    newness,
    shared_hours,
    topic_share,
)
from tests.matching.people import hours, person


class TestTopicShare:
    def test_counts_the_wanted_topics_that_are_offered(self) -> None:
        mentors = [person(1, topics="ai data"), person(2, topics="social"), person(3)]
        mentees = [person(4, topics="ai data social"), person(5, topics="ai")]
        expected = np.array([[2 / 3, 1.0], [1 / 3, 0.0], [0.0, 0.0]])
        assert topic_share(*facts(mentors, mentees)) == pytest.approx(expected)

    def test_nothing_wanted_is_nothing_shared(self) -> None:
        assert topic_share(*facts([person(1, topics="ai")], [person(2)])).tolist() == [[0.0]]

    def test_the_mentees_main_topic_counts_double(self) -> None:
        mentors = [person(1, topics="ai"), person(2, topics="data social")]
        mentee = person(3, topics="ai data social", main_topic="ai")
        assert topic_share(*facts(mentors, [mentee])).tolist() == [[0.5], [0.5]]

    def test_a_main_topic_that_is_not_among_theirs_counts_for_nothing(self) -> None:
        mentee = person(3, topics="data", main_topic="ai")
        mentors = [person(1, topics="ai"), person(2, topics="data")]
        assert topic_share(*facts(mentors, [mentee])).tolist() == [[0.0], [1.0]]

    def test_the_mentors_main_topic_is_one_like_the_others(self) -> None:
        mentor = person(1, topics="ai data", main_topic="data")
        mentees = [person(2, topics="ai social"), person(3, topics="data social")]
        assert topic_share(*facts([mentor], mentees)).tolist() == [[0.5, 0.5]]


class TestDepartmentDistance:
    def test_is_full_between_different_ones_only(self) -> None:
        mentees = [person(2, department="Sales"), person(3, department="Legal")]
        assert department_distance(*facts([person(1)], mentees)).tolist() == [[0.0, 1.0]]

    def test_an_unknown_one_is_not_a_different_one(self) -> None:
        people = [person(1, department=""), person(2, department="Sales")]
        assert department_distance(*facts(people, people)).tolist() == [[0.0, 0.0], [0.0, 0.0]]


class TestLevelDistance:
    def test_grows_up_to_three_levels(self) -> None:
        mentees = [person(level, level) for level in (1, 2, 3, 4, 5, 6, 9)]
        expected = [[0, 0, 1 / 3, 2 / 3, 1, 1, 1]]
        assert level_distance(*facts([person(20, 2)], mentees)) == pytest.approx(np.array(expected))


class TestSharedHours:
    @pytest.mark.parametrize(
        ("theirs", "share"),
        [
            (hours(8, 16), 1.0),
            (hours(12, 20), 1.0),
            (hours(14, 22), 0.5),
            (hours(15.5, 23), 1 / 8),
            (hours(16, 24), 0.0),
            (hours(22, 10), 0.5),
            (0, 0.5),
        ],
    )
    def test_four_hours_a_day_are_enough_and_unknown_is_a_half(
        self, theirs: int, share: float
    ) -> None:
        sides = [person(1, hours=hours(8, 16))], [person(2, hours=theirs)]
        assert shared_hours(*facts(*sides)).tolist() == [[share]]
        assert shared_hours(*facts(*sides[::-1])).tolist() == [[share]]

    def test_the_last_half_hour_of_the_day_counts(self) -> None:
        late = [person(1, hours=hours(23.5, 24))]
        assert shared_hours(*facts(late, late)).tolist() == [[1 / 8]]


class TestMeeting:
    @pytest.mark.parametrize(
        ("mentor", "mentee", "value"),
        [
            (("video walk", 2), ("walk", 2), 1.0),
            (("video", 2), ("walk", 2), 0.5),
            (("video", 1), ("video", 4), 0.625),
            (("video", None), ("video", 4), 0.75),
            (("", 1), ("video", 2), 0.5),
            (("", None), ("", None), 0.5),
            (("video", 1), ("walk", 4), 0.125),
        ],
    )
    def test_half_is_the_means_and_half_how_often(
        self, mentor: tuple[str, int | None], mentee: tuple[str, int | None], value: float
    ) -> None:
        sides = (
            [person(1, means=mentor[0], frequency=mentor[1])],
            [person(2, means=mentee[0], frequency=mentee[1])],
        )
        assert meeting(*facts(*sides)).tolist() == [[value]]
        assert meeting(*facts(*sides[::-1])).tolist() == [[value]]


class TestLearning:
    @pytest.mark.parametrize(
        ("mentor", "mentee", "value"),
        [
            (("doing", "chess music"), ("doing", "music chess art"), 1.0),
            (("doing", "chess"), ("talking", "chess"), 0.25),
            ((None, "chess"), ("talking", "art"), 0.25),
            (("doing", ""), ("doing", "art"), 0.75),
            ((None, ""), (None, ""), 0.5),
        ],
    )
    def test_half_is_the_style_and_half_the_interests(
        self, mentor: tuple[str | None, str], mentee: tuple[str | None, str], value: float
    ) -> None:
        sides = (
            [person(1, style=mentor[0], interests=mentor[1])],
            [person(2, style=mentee[0], interests=mentee[1])],
        )
        assert learning(*facts(*sides)).tolist() == [[value]]
        assert learning(*facts(*sides[::-1])).tolist() == [[value]]


class TestNewStrengths:
    @pytest.mark.parametrize(
        ("mentor", "mentee", "value"),
        [("a b", "c", 1.0), ("a b", "b c", 0.5), ("a", "a b", 0.0), ("", "a", 0.5), ("a", "", 0.5)],
    )
    def test_is_what_the_mentee_has_not(self, mentor: str, mentee: str, value: float) -> None:
        sides = [person(1, strengths=mentor)], [person(2, strengths=mentee)]
        assert new_strengths(*facts(*sides)).tolist() == [[value]]


class TestNewness:
    @pytest.mark.parametrize(
        ("mentor", "mentee", "value"),
        [
            ("/1/", "/2/", 1.0),
            ("/8/1/", "/9/2/", 1.0),
            ("/9/8/7/1/", "/9/6/5/2/", 2 / 3),
            ("/9/8/7/1/", "/9/8/5/2/", 1 / 3),
            ("/9/8/7/1/", "/9/2/", 2 / 3),
            ("/7/9/1/", "/8/9/2/", 1.0),
        ],
    )
    def test_is_less_the_more_of_their_managers_are_the_same(
        self, mentor: str, mentee: str, value: float
    ) -> None:
        sides = [person(1, path=mentor)], [person(2, path=mentee)]
        assert newness(*facts(*sides)) == pytest.approx(np.array([[value]]))
        assert newness(*facts(*sides[::-1])) == pytest.approx(np.array([[value]]))

    @pytest.mark.parametrize("who", ["mentor", "mentee", "both"])
    def test_is_none_where_either_knows_the_other(self, who: str) -> None:
        mentors = [person(1, known={3, 99} if who != "mentee" else frozenset()), person(2)]
        mentees = [person(4), person(3, known={1, 98} if who != "mentor" else frozenset())]
        assert newness(*facts(mentors, mentees)).tolist() == [[1.0, 0.0], [1.0, 1.0]]

    def test_it_is_the_same_of_some_of_them_however_often(self) -> None:
        below, above = facts([person(1, known={3}), person(2)], [person(3), person(4)])
        rows, columns = np.array([1, 0, 0]), np.array([0, 0, 1, 0])
        assert newness(below[rows], above[columns]).tolist() == [
            [1.0, 1.0, 1.0, 1.0],
            [0.0, 0.0, 1.0, 0.0],
            [0.0, 0.0, 1.0, 0.0],
        ]
        assert newness(below[slice(1, 2)], above).tolist() == [[1.0, 1.0]]

    def test_very_deep_lines_do_no_harm(self) -> None:
        deep = "/" + "/".join(str(number) for number in range(100, 100 + DEEPEST + 5))
        value = newness(*facts([person(1, path=f"{deep}/1/")], [person(2, path=f"{deep}/7/2/")]))
        assert value.tolist() == [[0.0]]


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
@pytest.mark.parametrize("shape", [(0, 2), (2, 0), (0, 0)])
def test_an_empty_side_is_an_empty_part(part: object, shape: tuple[int, int]) -> None:
    def side(count: int, first: int) -> list[Candidate]:
        return [person(first + number, path=f"/9/{first + number}/") for number in range(count)]

    assert callable(part)
    assert part(*facts(side(shape[0], 1), side(shape[1], 5))).shape == shape
