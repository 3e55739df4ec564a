import math

import pytest

from bot.matching.candidates import Candidate


def candidate(path: str, person_id: int = 203) -> Candidate:
    return Candidate(person_id, 2, "Sales", frozenset(), path)


class TestCandidate:
    def test_line_leads_from_the_top_to_the_person(self) -> None:
        assert candidate("/1/17/203/").line == (1, 17, 203)

    def test_line_of_somebody_without_a_manager_is_only_them(self) -> None:
        assert candidate("/203/").line == (203,)

    @pytest.mark.parametrize(
        "path",
        [
            "",
            "/",
            "//",
            "203",
            "/203",
            "203/",
            "/1/17/",
            "/1/1203/",
            "/203/1/",
            "//203/",
            "/a/203/",
        ],
    )
    def test_a_path_that_does_not_end_in_the_person_is_refused(self, path: str) -> None:
        with pytest.raises(ValueError, match="Person 203 has the reporting path"):
            candidate(path)

    @pytest.mark.parametrize("level", [math.nan, 2.0, None, True])
    def test_a_level_that_is_no_whole_number_is_refused(self, level: object) -> None:
        with pytest.raises(ValueError, match="Person 203 has the level"):
            Candidate(203, level, "Sales", frozenset(), "/203/")  # type: ignore[arg-type]

    @pytest.mark.parametrize("capacity", [0, -1, math.nan, 1.5])
    def test_a_capacity_for_nobody_is_refused(self, capacity: object) -> None:
        with pytest.raises(ValueError, match="Person 203 has the capacity"):
            Candidate(203, 1, "Sales", frozenset(), "/203/", capacity=capacity)  # type: ignore[arg-type]

    @pytest.mark.parametrize("hours", [-1, 2**48, 1.0])
    def test_hours_beyond_a_day_are_refused(self, hours: object) -> None:
        with pytest.raises(ValueError, match="Person 203 has the hours"):
            Candidate(203, 1, "Sales", frozenset(), "/203/", hours=hours)  # type: ignore[arg-type]

    @pytest.mark.parametrize("weeks", [0, -1, math.nan])
    def test_never_is_no_frequency(self, weeks: object) -> None:
        with pytest.raises(ValueError, match="Person 203 has the frequency"):
            Candidate(203, 1, "Sales", frozenset(), "/203/", frequency=weeks)  # type: ignore[arg-type]
