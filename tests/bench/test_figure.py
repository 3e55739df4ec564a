import json

from hypothesis import given
from hypothesis import strategies as st

from bench.figure import Figure

AMOUNTS = st.floats(min_value=1e-6, max_value=1e6)


class TestFigure:
    @given(value=AMOUNTS, baseline=AMOUNTS, goal=st.floats(min_value=0, max_value=10))
    def test_holds_when_the_ratio_is_no_greater_than_the_goal(
        self, value: float, baseline: float, goal: float
    ) -> None:
        written = json.loads(json.dumps(Figure("it", value, "s", baseline, goal).as_json()))
        assert written["ratio"] == value / baseline
        assert written["holds"] is (written["ratio"] <= written["goal"])

    def test_holds_when_it_just_reaches_the_goal(self) -> None:
        assert Figure("it", 1, "s", 4, 0.25).holds

    def test_is_written_with_exactly_these_keys(self) -> None:
        assert Figure("it", 3, "ms", 4, 0.5).as_json() == {
            "name": "it",
            "value": 3,
            "unit": "ms",
            "baseline": 4,
            "ratio": 0.75,
            "goal": 0.5,
            "holds": False,
        }
