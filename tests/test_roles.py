import pytest

from bot.errors import UserFacingError
from bot.roles import MAY, Act, Actor, require


class TestMay:
    def test_every_act_has_actors(self) -> None:
        assert MAY.keys() == set(Act)
        assert all(MAY.values())

    def test_whoever_takes_part_may_only_join_and_ask_for_help(self) -> None:
        may = {act for act in Act if Actor.PARTICIPANT in MAY[act]}
        assert may == {Act.JOIN, Act.SEEK_SUPPORT}

    def test_what_a_pair_does_is_for_its_partners_alone(self) -> None:
        for act in (
            *(Act.SET_GOAL, Act.REPORT_MEETING, Act.CLOSE_PAIR, Act.PART),
            Act.ANSWER_MATCH,
        ):
            assert MAY[act] == {Actor.PARTNER}


class TestRequire:
    @pytest.mark.parametrize("act", Act)
    def test_lets_those_through_who_may_and_nobody_else(self, act: Act) -> None:
        for actor in MAY[act]:
            require(act, [Actor.PARTICIPANT, actor])
        for actor in set(Actor) - MAY[act]:
            with pytest.raises(UserFacingError, match="not_allowed"):
                require(act, [actor])

    @pytest.mark.parametrize("act", Act)
    def test_nobody_may_nothing(self, act: Act) -> None:
        with pytest.raises(UserFacingError):
            require(act, [])

    def test_says_what_it_is_given_to_say(self) -> None:
        with pytest.raises(UserFacingError, match="not_your_pair"):
            require(Act.SET_GOAL, [Actor.PARTICIPANT], "not_your_pair")
