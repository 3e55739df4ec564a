from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.errors import UserFacingError
from bot.programs import lifecycle
from bot.programs.lifecycle import MOVES, ImpossibleMove, Move, Verb
from models import Program, ProgramState

TODAY = date(2026, 1, 5)
ORDER = list(ProgramState)
BACKWARDS = {(ProgramState.MATCHING, ProgramState.ENROLLING)}
"""The one way back there is: the last day to join is moved."""


def program(state: ProgramState = ProgramState.ENROLLING, **columns: Any) -> Program:
    return Program(name="Fresh Eyes", state=state, **columns)


class TestMove:
    @given(st.sampled_from(ProgramState), st.sampled_from(Move))
    def test_leads_to_a_state_or_is_refused(self, state: ProgramState, wanted: Move) -> None:
        if (state, wanted) in MOVES:
            assert lifecycle.move(state, wanted) is MOVES[state, wanted]
        else:
            with pytest.raises(ImpossibleMove):
                lifecycle.move(state, wanted)

    def test_each_move_is_of_some_use(self) -> None:
        assert {wanted for _, wanted in MOVES} == set(Move)

    def test_from_every_state_but_the_last_there_is_a_way_to_the_end(self) -> None:
        ends = {ProgramState.CLOSED}
        for _ in ProgramState:
            ends |= {state for (state, _), after in MOVES.items() if after in ends}
        assert ends == set(ProgramState)

    def test_every_state_can_be_reached_from_a_draft(self) -> None:
        reached = {ProgramState.DRAFT}
        for _ in ProgramState:
            reached |= {after for (state, _), after in MOVES.items() if state in reached}
        assert reached == set(ProgramState)


class Walk(RuleBasedStateMachine):
    """A program through any moves, possible and impossible, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.program = program(ProgramState.DRAFT)
        self.way = [ProgramState.DRAFT]
        self.moves: list[Move] = []

    @rule(wanted=st.sampled_from(Move))
    def try_to_move(self, wanted: Move) -> None:
        before = self.program.state
        if (before, wanted) in MOVES:
            lifecycle.advance(self.program, wanted)
            self.moves.append(wanted)
            self.way.append(self.program.state)
        else:
            with pytest.raises(UserFacingError, match=f"program_is_{before.value}"):
                lifecycle.advance(self.program, wanted)
            assert self.program.state is before

    @precondition(lambda self: self.program.state is not ProgramState.CLOSED)
    @rule(data=st.data())
    def move_somehow(self, data: st.DataObject) -> None:
        possible = [wanted for state, wanted in MOVES if state is self.program.state]
        self.try_to_move(data.draw(st.sampled_from(possible)))

    @invariant()
    def goes_on_and_not_back(self) -> None:
        for before, after in pairwise(self.way):
            forward = ORDER.index(after) >= ORDER.index(before)
            assert forward or (before, after) in BACKWARDS

    @invariant()
    def is_a_draft_only_at_the_beginning(self) -> None:
        assert ProgramState.DRAFT not in self.way[1:]

    @invariant()
    def nothing_comes_after_the_end(self) -> None:
        assert ProgramState.CLOSED not in self.way[:-1]

    @invariant()
    def runs_only_what_was_launched_and_published(self) -> None:
        if ProgramState.RUNNING in self.way:
            assert self.moves.index(Move.LAUNCH) < self.moves.index(Move.PUBLISH)

    @invariant()
    def pairs_can_say_goodbye_before_the_end(self) -> None:
        if ProgramState.RUNNING in self.way and self.way[-1] is ProgramState.CLOSED:
            assert self.way[-2] is ProgramState.CLOSING


TestWalk = Walk.TestCase


class TestVerbs:
    @pytest.mark.parametrize(
        ("state", "possible"),
        [
            (ProgramState.DRAFT, "edit launch close copy"),
            (ProgramState.ENROLLING, "edit announce pause close copy"),
            (ProgramState.MATCHING, "edit pause close copy"),
            (ProgramState.RUNNING, "edit announce pause close copy"),
            (ProgramState.CLOSING, "edit copy"),
            (ProgramState.CLOSED, "copy"),
        ],
    )
    def test_are_what_the_state_allows(self, state: ProgramState, possible: str) -> None:
        assert lifecycle.verbs(program(state), TODAY) == possible.split()

    def test_of_a_program_that_rests(self) -> None:
        resting = program(paused_at=datetime(2026, 1, 4, tzinfo=UTC))
        assert lifecycle.verbs(resting, TODAY) == ["edit", "resume", "close", "copy"]

    def test_nothing_is_announced_that_nobody_can_join(self) -> None:
        late = program(ProgramState.RUNNING, join_by=TODAY - timedelta(days=1))
        assert Verb.ANNOUNCE not in lifecycle.verbs(late, TODAY)


class TestRequire:
    @pytest.mark.parametrize(
        ("columns", "verb", "key"),
        [
            ({"state": ProgramState.CLOSED}, Verb.EDIT, "program_is_closed"),
            ({"state": ProgramState.ENROLLING}, Verb.LAUNCH, "program_is_enrolling"),
            ({"state": ProgramState.DRAFT}, Verb.PAUSE, "program_is_draft"),
            ({}, Verb.RESUME, "program_not_paused"),
            ({"paused_at": datetime(2026, 1, 4, tzinfo=UTC)}, Verb.PAUSE, "program_is_paused"),
            ({"paused_at": datetime(2026, 1, 4, tzinfo=UTC)}, Verb.ANNOUNCE, "program_is_paused"),
            ({"join_by": date(2026, 1, 4)}, Verb.ANNOUNCE, "joining_is_over"),
        ],
    )
    def test_says_where_the_program_is(self, columns: dict[str, Any], verb: Verb, key: str) -> None:
        with pytest.raises(UserFacingError) as refused:
            lifecycle.require(program(**columns), verb, TODAY)
        assert (refused.value.key, refused.value.values) == (key, {"program": "Fresh Eyes"})


class TestIsJoinable:
    @pytest.mark.parametrize("state", ProgramState)
    def test_while_it_enrolls_and_while_it_runs(self, state: ProgramState) -> None:
        expected = state in (ProgramState.ENROLLING, ProgramState.RUNNING)
        assert lifecycle.is_joinable(program(state), TODAY) is expected

    @pytest.mark.parametrize(("days", "joinable"), [(1, True), (0, True), (-1, False)])
    def test_up_to_the_last_day(self, days: int, joinable: bool) -> None:
        last = program(join_by=TODAY + timedelta(days=days))
        assert lifecycle.is_joinable(last, TODAY) is joinable

    def test_not_while_it_rests(self) -> None:
        resting = program(paused_at=datetime(2026, 1, 4, tzinfo=UTC))
        assert not lifecycle.is_joinable(resting, TODAY)


class TestFixed:
    def test_what_is_fixed_stays_fixed(self) -> None:
        for before, after in pairwise(ORDER):
            assert lifecycle.fixed(before) <= lifecycle.fixed(after)

    def test_roles_are_fixed_by_the_launch_and_plans_by_the_pairs(self) -> None:
        assert lifecycle.fixed(ProgramState.DRAFT) == frozenset()
        assert lifecycle.fixed(ProgramState.ENROLLING) == {"mentee_from_level"}
        assert lifecycle.fixed(ProgramState.RUNNING) == {
            *("mentee_from_level", "weeks", "cadence", "starts_on", "space")
        }
