"""One table of who may do what. Services ask it, so that no new way in can forget to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import UserFacingError
from models import Person


class Actor(StrEnum):
    """What somebody is with regard to the thing they want to act on."""

    PARTICIPANT = "participant"
    PARTNER = "partner in the pair"
    PROGRAM_MANAGER = "program manager"
    WORKSPACE_ADMIN = "workspace admin"
    OPERATOR = "operator"


class Act(StrEnum):
    OPEN_PROGRAM = "open a program"
    RUN_PROGRAM = "edit, launch, announce, pause, close and copy a program"
    JOIN = "join a program, and change, pause or end taking part"
    VET = "decide who takes part"
    MATCH = "propose and publish matches"
    SEE_PROGRAM_STATUS = "see a program's figures"
    SET_GOAL = "set a pair's goal"
    REPORT_MEETING = "report a pair's meeting"
    CLOSE_PAIR = "say how a pair's early end counts"
    ANSWER_MATCH = "say yes or no to a proposed pair"
    PART = "ask for another partner"
    SEEK_SUPPORT = "ask whom to turn to"
    DECIDE_PAIR = "decide whether a paused pair ends or goes on"
    IMPORT_PEOPLE = "import people"


MAY: Mapping[Act, frozenset[Actor]] = {
    Act.OPEN_PROGRAM: frozenset({Actor.WORKSPACE_ADMIN, Actor.PROGRAM_MANAGER}),
    Act.RUN_PROGRAM: frozenset({Actor.PROGRAM_MANAGER}),
    Act.VET: frozenset({Actor.PROGRAM_MANAGER}),
    Act.JOIN: frozenset({Actor.PARTICIPANT}),
    Act.MATCH: frozenset({Actor.PROGRAM_MANAGER}),
    Act.SEE_PROGRAM_STATUS: frozenset({Actor.PROGRAM_MANAGER}),
    Act.SET_GOAL: frozenset({Actor.PARTNER}),
    Act.REPORT_MEETING: frozenset({Actor.PARTNER}),
    Act.CLOSE_PAIR: frozenset({Actor.PARTNER}),
    Act.ANSWER_MATCH: frozenset({Actor.PARTNER}),
    Act.PART: frozenset({Actor.PARTNER}),
    Act.SEEK_SUPPORT: frozenset({Actor.PARTICIPANT}),
    Act.DECIDE_PAIR: frozenset({Actor.PROGRAM_MANAGER}),
    Act.IMPORT_PEOPLE: frozenset({Actor.OPERATOR}),
}


@dataclass(frozen=True)
class Caller:
    """The person who asks, and what Slack says of them in the workspace."""

    person: Person
    is_workspace_admin: bool = False


def require(act: Act, actors: Iterable[Actor], refusal: str = "not_allowed") -> None:
    """Raises UserFacingError(refusal) unless one of these may do it."""
    if MAY[act].isdisjoint(actors):
        raise UserFacingError(refusal)
