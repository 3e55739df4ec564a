"""Who may join a program, and when: the rules, and the sentence for each that is not kept.

`managers` are those who can help, as mrkdwn.
"""

from datetime import date

from bot.errors import UserFacingError
from bot.programs import lifecycle
from models import Audience, Person, Program, ProgramState
from models.program import OVER


def require_not_over(program: Program) -> None:
    """For those who are in and change their answers. Raises UserFacingError."""
    if program.state in OVER:
        raise UserFacingError("join_closed", program=program.name)


def require_open(program: Program, today: date, managers: str) -> None:
    """Raises UserFacingError unless people may join the program today."""
    require_not_over(program)
    helped = {"program": program.name, "managers": managers}
    if program.state is ProgramState.DRAFT:
        raise UserFacingError("join_not_yet", **helped)
    if program.paused_at is not None:
        raise UserFacingError("join_paused", **helped)
    if not lifecycle.is_joinable(program, today):
        raise UserFacingError("join_over", **helped)


def require_admissible(
    program: Program, person: Person, level: int | None, *, invited: bool, managers: str
) -> None:
    """Raises UserFacingError unless the program is for this person. A level that nobody knows yet
    is let in: it is asked for, and then looked at again."""
    helped = {"program": program.name, "managers": managers}
    if program.audience is Audience.INVITED and not invited:
        raise UserFacingError("join_invited_only", **helped)
    if program.departments and person.department not in program.departments:
        raise UserFacingError("join_other_department", **helped)
    require_fitting(program, level, managers)


def require_fitting(program: Program, level: int | None, managers: str) -> None:
    """Raises UserFacingError when the program is for other levels than this one."""
    if not fits(program, level):
        raise UserFacingError("join_other_level", program=program.name, managers=managers)


def fits(program: Program, level: int | None) -> bool:
    """Whether the program's levels let this one in, or nobody knows it yet."""
    lowest, highest = program.lowest_level, program.highest_level
    return level is None or (lowest or level) <= level <= (highest or level)
