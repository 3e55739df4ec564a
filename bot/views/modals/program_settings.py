"""Everything that managers decide about a program, apart from how it is asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from hashlib import sha256
from typing import Any

from models import Audience, Cadence, Space
from models.program import SMALLEST_FEEDBACK_GROUP


@dataclass(frozen=True)
class ProgramSettings:
    """The names are the form's block ids, and those of models.Program too; people are Slack ids,
    and "" is nobody.

    Lists are in no order that means anything.
    """

    name: str
    purpose: str
    topics: list[str]
    mentee_from_level: int
    starts_on: date
    admin_channel_id: str = ""
    level_gap: int = 1
    weeks: int = 12
    cadence: Cadence = Cadence.WEEKLY
    hour: int = 10
    join_by: date | None = None
    audience: Audience = Audience.OPEN
    departments: list[str] = field(default_factory=list)
    lowest_level: int | None = None
    highest_level: int | None = None
    invited_slack_ids: list[str] = field(default_factory=list)
    seats: int | None = None
    mentor_capacity: int = 1
    mentee_capacity: int = 1
    vetted: bool = False
    training_required: bool = False
    asks_participants: bool = False
    approvals_needed: int = 1
    feedback_group_size: int = SMALLEST_FEEDBACK_GROUP
    space: Space = Space.PRIVATE_CHANNEL
    language: str = "en"
    manager_slack_ids: list[str] = field(default_factory=list)
    sponsor_slack_ids: list[str] = field(default_factory=list)
    support_contact_slack_id: str = ""


NAMES = tuple(one.name for one in fields(ProgramSettings))

Marks = Mapping[str, str]
"""For each setting, a short mark of the value that a form showed."""


def marks(settings: ProgramSettings) -> Marks:
    return {name: mark(getattr(settings, name)) for name in NAMES}


def mark(value: Any) -> str:
    """Tells one value from another. Whatever order a list is in, the mark is the same."""
    plain = sorted(value) if isinstance(value, list) else value
    return sha256(json.dumps(plain, default=str).encode()).hexdigest()[:8]
