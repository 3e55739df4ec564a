from datetime import UTC, date, datetime

import pytest

from bot.enrollment import audience
from bot.errors import UserFacingError
from models import Audience, Person, Program, ProgramState

TODAY = date(2026, 1, 5)
PERSON = Person(id=1, name="", department="Sales")


def program(**settings: object) -> Program:
    usual = {"name": "Fresh Eyes", "state": ProgramState.ENROLLING, "audience": Audience.OPEN}
    return Program(id=1, **{**usual, "departments": [], **settings})


class TestRequireOpen:
    @pytest.mark.parametrize("state", [ProgramState.ENROLLING, ProgramState.RUNNING])
    @pytest.mark.parametrize("join_by", [None, TODAY, date(2026, 2, 1)])
    def test_up_to_the_last_day(self, state: ProgramState, join_by: date | None) -> None:
        audience.require_open(program(state=state, join_by=join_by), TODAY, "Robin")

    @pytest.mark.parametrize(
        ("settings", "key"),
        [
            ({"state": ProgramState.DRAFT}, "join_not_yet"),
            ({"state": ProgramState.MATCHING}, "join_over"),
            ({"state": ProgramState.CLOSING}, "join_closed"),
            ({"state": ProgramState.CLOSED}, "join_closed"),
            ({"join_by": date(2026, 1, 4)}, "join_over"),
            ({"paused_at": datetime(2026, 1, 2, tzinfo=UTC)}, "join_paused"),
        ],
    )
    def test_says_why_not(self, settings: dict[str, object], key: str) -> None:
        with pytest.raises(UserFacingError, match=key):
            audience.require_open(program(**settings), TODAY, "Robin")


class TestRequireAdmissible:
    def check(self, level: int | None, *, invited: bool = False, **settings: object) -> None:
        audience.require_admissible(
            program(**settings), PERSON, level, invited=invited, managers="Robin"
        )

    def test_lets_everybody_in_where_nothing_narrows_it(self) -> None:
        self.check(3)

    @pytest.mark.parametrize("level", [2, 3, 4, None])
    def test_levels_count_from_the_lowest_to_the_highest(self, level: int | None) -> None:
        self.check(level, lowest_level=2, highest_level=4)

    @pytest.mark.parametrize("level", [1, 5])
    def test_other_levels_are_out(self, level: int) -> None:
        with pytest.raises(UserFacingError, match="join_other_level"):
            self.check(level, lowest_level=2, highest_level=4)

    def test_departments(self) -> None:
        self.check(3, departments=["Sales", "IT"])
        with pytest.raises(UserFacingError, match="join_other_department"):
            self.check(3, departments=["IT"])

    def test_invitations(self) -> None:
        self.check(3, audience=Audience.INVITED, invited=True)
        with pytest.raises(UserFacingError, match="join_invited_only"):
            self.check(3, audience=Audience.INVITED)
