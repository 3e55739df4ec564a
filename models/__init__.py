"""The tables, one file per aggregate. No queries here: those have names in the rooms' stores."""

from models.base import Base, Owned
from models.delivery import Delivery, DeliveryState, IfInDoubt
from models.enrollment import Enrollment, EnrollmentState, Role
from models.goal import Goal
from models.home import Home
from models.hr_source import HrSource, HrSourceKind
from models.match_run import (
    Approval,
    Decision,
    DecisionKind,
    Hold,
    HoldKind,
    LeftOver,
    MatchRun,
    MatchRunState,
    Proposal,
)
from models.meeting import Meeting
from models.pair import Pair, PairState
from models.person import Person
from models.profile import Profile
from models.program import (
    Audience,
    Cadence,
    Invitation,
    Program,
    ProgramManager,
    ProgramState,
    Space,
    Sponsor,
)
from models.slack_event import SlackEvent
from models.touchpoint import QuestionAsked, Touchpoint, TouchpointKind
from models.workspace import Workspace

__all__ = [
    "Approval",
    "Audience",
    "Base",
    "Cadence",
    "Decision",
    "DecisionKind",
    "Delivery",
    "DeliveryState",
    "Enrollment",
    "EnrollmentState",
    "Goal",
    "Hold",
    "HoldKind",
    "Home",
    "HrSource",
    "HrSourceKind",
    "IfInDoubt",
    "Invitation",
    "LeftOver",
    "MatchRun",
    "MatchRunState",
    "Meeting",
    "Owned",
    "Pair",
    "PairState",
    "Person",
    "Profile",
    "Program",
    "ProgramManager",
    "ProgramState",
    "Proposal",
    "QuestionAsked",
    "Role",
    "SlackEvent",
    "Space",
    "Sponsor",
    "Touchpoint",
    "TouchpointKind",
    "Workspace",
]
