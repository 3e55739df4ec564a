import numpy as np
import pytest

from bot.matching.problem import FORBIDDEN, SCORE_STEPS, of_matrices

YES = np.ones((1, 1), dtype=np.bool_)


class TestOfMatrices:
    @pytest.mark.parametrize("wrong", [np.nan, np.inf, -0.1, 1.1])
    def test_a_score_out_of_range_is_refused(self, wrong: float) -> None:
        with pytest.raises(ValueError, match="not a number within 0 to 1"):
            of_matrices(YES, np.array([[wrong]]))

    def test_a_missing_score_where_nobody_may_pair_does_no_harm(self) -> None:
        problem = of_matrices(np.array([[True, False]]), np.array([[0.5, np.nan]]))
        assert problem.worth(slice(0, 1)).tolist() == [[SCORE_STEPS // 2, FORBIDDEN]]

    def test_shapes_that_differ_are_refused(self) -> None:
        with pytest.raises(ValueError, match="do not fit"):
            of_matrices(np.ones((2, 3), dtype=np.bool_), np.ones((3, 2)))


class TestBonus:
    def test_one_person_is_worth_more_than_all_pairs_together(self) -> None:
        problem = of_matrices(np.ones((3, 4), dtype=np.bool_), np.ones((3, 4)))
        assert problem.bonus == 3 * SCORE_STEPS + 1
