"""The way of a program, and what may be done and changed on it. Pure.

    draft -> enrolling -> matching -> running -> closing -> closed

Every change of `Program.state` goes through `move` or `advance`. A pause is no state of its own: a
program rests while `paused_at` is set, wherever it is on its way.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from bot.errors import UserFacingError
from models import Program, ProgramState

DRAFT, ENROLLING, MATCHING, RUNNING, CLOSING, CLOSED = ProgramState


class Move(StrEnum):
    """What brings a program from one state to another."""

    LAUNCH = "launch"
    ENROLLMENT_OVER = "enrollment over"
    REOPEN = "reopen"
    PUBLISH = "publish"
    WIND_DOWN = "wind down"
    FINISH = "finish"
    DISCARD = "discard"


MOVES: Mapping[tuple[ProgramState, Move], ProgramState] = {
    (DRAFT, Move.LAUNCH): ENROLLING,
    (DRAFT, Move.DISCARD): CLOSED,
    (ENROLLING, Move.ENROLLMENT_OVER): MATCHING,
    (ENROLLING, Move.PUBLISH): RUNNING,
    (ENROLLING, Move.DISCARD): CLOSED,
    (MATCHING, Move.REOPEN): ENROLLING,
    (MATCHING, Move.PUBLISH): RUNNING,
    (MATCHING, Move.DISCARD): CLOSED,
    (RUNNING, Move.PUBLISH): RUNNING,
    (RUNNING, Move.WIND_DOWN): CLOSING,
    (CLOSING, Move.FINISH): CLOSED,
}
"""Every move there is."""


class ImpossibleMove(ValueError):
    """There is no such move from that state."""


class Verb(StrEnum):
    """What managers do with a program; the words of `/mentoring program` too."""

    EDIT = "edit"
    LAUNCH = "launch"
    ANNOUNCE = "announce"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"
    COPY = "copy"


POSSIBLE: Mapping[Verb, frozenset[ProgramState]] = {
    Verb.EDIT: frozenset(ProgramState) - {CLOSED},
    Verb.LAUNCH: frozenset({DRAFT}),
    Verb.ANNOUNCE: frozenset({ENROLLING, RUNNING}),
    Verb.PAUSE: frozenset({ENROLLING, MATCHING, RUNNING}),
    Verb.RESUME: frozenset({ENROLLING, MATCHING, RUNNING}),
    Verb.CLOSE: frozenset({DRAFT, ENROLLING, MATCHING, RUNNING}),
    Verb.COPY: frozenset(ProgramState),
}
"""In which states each is possible."""

FIXED_BY_LAUNCH = frozenset({"mentee_from_level"})
FIXED_BY_RUNNING = frozenset({"weeks", "cadence", "starts_on", "space"})


def move(state: ProgramState, wanted: Move) -> ProgramState:
    """The state that the move leads to. Raises ImpossibleMove."""
    try:
        return MOVES[state, wanted]
    except KeyError:
        raise ImpossibleMove(f"{wanted.value} from {state.value}") from None


def advance(program: Program, wanted: Move) -> None:
    """Moves the program on. Raises UserFacingError, which says where the program is and what can
    be done there. The caller holds the program's row locked."""
    program.state = require_move(program, wanted)


def require_move(program: Program, wanted: Move) -> ProgramState:
    """Where the move leads. Raises UserFacingError where there is none."""
    try:
        return move(program.state, wanted)
    except ImpossibleMove:
        raise _out_of_place(program) from None


def verbs(program: Program, today: date) -> list[Verb]:
    """What can be done with the program today, in the order of `Verb`."""
    return [verb for verb in Verb if _refusal(program, verb, today) is None]


def require(program: Program, verb: Verb, today: date) -> None:
    """Raises UserFacingError unless this can be done with the program today."""
    if (refusal := _refusal(program, verb, today)) is not None:
        raise refusal


def is_joinable(program: Program, today: date) -> bool:
    """Whether somebody new may ask to join. Whether they in particular may is another question."""
    return (
        program.state in (ENROLLING, RUNNING)
        and program.paused_at is None
        and (program.join_by is None or program.join_by >= today)
    )


def fixed(state: ProgramState) -> frozenset[str]:
    """The settings that cannot be changed any more. People's roles hang on the mentees' level, and
    their pairs' plans on the rest."""
    if state is DRAFT:
        return frozenset()
    if state in (ENROLLING, MATCHING):
        return FIXED_BY_LAUNCH
    return FIXED_BY_LAUNCH | FIXED_BY_RUNNING


def _refusal(program: Program, verb: Verb, today: date) -> UserFacingError | None:
    if program.state not in POSSIBLE[verb]:
        return _out_of_place(program)
    paused = program.paused_at is not None
    if paused and verb in (Verb.PAUSE, Verb.ANNOUNCE):
        return UserFacingError("program_is_paused", program=program.name)
    if not paused and verb is Verb.RESUME:
        return UserFacingError("program_not_paused", program=program.name)
    if verb is Verb.ANNOUNCE and not is_joinable(program, today):
        return UserFacingError("joining_is_over", program=program.name)
    return None


def _out_of_place(program: Program) -> UserFacingError:
    return UserFacingError(f"program_is_{program.state.value}", program=program.name)
