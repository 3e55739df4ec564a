"""The tables, one file per aggregate. No queries here: those have names in the rooms' stores."""

from models.base import Base, Owned
from models.delivery import Delivery, DeliveryState, IfInDoubt
from models.enrollment import Enrollment, Role
from models.goal import Goal
from models.hr_source import HrSource, HrSourceKind
from models.match_run import MatchRun, MatchRunState, Proposal
from models.meeting import Meeting
from models.pair import Pair, PairState
from models.person import Person
from models.program import Cadence, Program, ProgramManager, ProgramState
from models.slack_event import SlackEvent
from models.touchpoint import QuestionAsked, Touchpoint, TouchpointKind
from models.workspace import Workspace

__all__ = [
    "Base",
    "Cadence",
    "Delivery",
    "DeliveryState",
    "Enrollment",
    "Goal",
    "HrSource",
    "HrSourceKind",
    "IfInDoubt",
    "MatchRun",
    "MatchRunState",
    "Meeting",
    "Owned",
    "Pair",
    "PairState",
    "Person",
    "Program",
    "ProgramManager",
    "ProgramState",
    "Proposal",
    "QuestionAsked",
    "Role",
    "SlackEvent",
    "Touchpoint",
    "TouchpointKind",
    "Workspace",
]
