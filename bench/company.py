"""A company in the middle of a program: every pair's question of this week is due."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Insert, insert
from sqlalchemy.ext.asyncio import AsyncEngine

from models import (
    Base,
    Cadence,
    Pair,
    PairState,
    Person,
    Program,
    ProgramState,
    QuestionAsked,
    Touchpoint,
    TouchpointKind,
    Workspace,
)
from prompts.library import Library

Row = dict[str, Any]

WEEK = 3
FIRST_WEEK_ON = date(2026, 1, 19)
NOW = datetime(2026, 2, 4, 23, 0, tzinfo=UTC)
"""Late on the Wednesday of that week."""
DUE_AT = NOW - timedelta(hours=12)
TOPICS = ("digital-tools", "social-media", "sustainability", "inclusion")
ZONES = ("Europe/London", "Europe/Berlin", "Asia/Kolkata", "America/New_York", "Australia/Sydney")
WORKSPACE_ID = PROGRAM_ID = 1


async def fill(engine: AsyncEngine, pairs: int, library: Library) -> None:
    """One workspace with so many pairs. Each has had a question in the weeks before, and has its
    nudge, reminder and farewell waiting for later days."""
    asked = [question.id for question in library.questions if question.phase == "start"]
    numbers = range(1, pairs + 1)
    async with engine.begin() as connection:
        await connection.execute(_rows(Workspace), {"id": WORKSPACE_ID, "created_at": NOW})
        await connection.execute(_rows(Program), _program())
        await connection.execute(_rows(Person), [row for n in numbers for row in _two_people(n)])
        await connection.execute(_rows(Pair), [_pair(n) for n in numbers])
        await connection.execute(_rows(Touchpoint), [row for n in numbers for row in _coming(n)])
        await connection.execute(
            _rows(QuestionAsked),
            [
                {"workspace_id": WORKSPACE_ID, "pair_id": n, "question_id": asked[n % 3 + week]}
                for n in numbers
                for week in range(WEEK - 1)
            ],
        )


def _rows(model: type[Base]) -> Insert:
    return insert(model)


def _program() -> Row:
    return {
        "id": PROGRAM_ID,
        "workspace_id": WORKSPACE_ID,
        "name": "Fresh Eyes",
        "purpose": "Leaders see our work with fresh eyes",
        "topics": list(TOPICS),
        "weeks": 12,
        "cadence": Cadence.WEEKLY,
        "starts_on": FIRST_WEEK_ON,
        "mentee_from_level": 4,
        "admin_channel_id": "C0ADMIN",
        "state": ProgramState.RUNNING,
        "created_at": NOW,
    }


def _two_people(number: int) -> Iterator[Row]:
    """The mentor and the mentee of the pair with this number."""
    for person_id, level in ((2 * number - 1, 1), (2 * number, 5)):
        yield {
            "id": person_id,
            "workspace_id": WORKSPACE_ID,
            "employee_id": f"E{person_id}",
            "slack_user_id": f"U{person_id:08}",
            "name": f"Person {person_id}",
            "email": f"person.{person_id}@example.com",
            "level": level,
            "time_zone": ZONES[(number // level) % len(ZONES)],
            "reporting_path": f"/{person_id}/",
        }


def _pair(number: int) -> Row:
    return {
        "id": number,
        "workspace_id": WORKSPACE_ID,
        "program_id": PROGRAM_ID,
        "mentor_id": 2 * number - 1,
        "mentee_id": 2 * number,
        "topics": [TOPICS[number % len(TOPICS)]],
        "state": PairState.ACTIVE,
        "channel_name": f"mentoring-{number}",
        "channel_id": f"C{number:08}",
        "first_week_on": FIRST_WEEK_ON,
        "created_at": NOW,
    }


def _coming(number: int) -> Iterator[Row]:
    for kind in TouchpointKind:
        is_due = kind is TouchpointKind.QUESTION
        yield {
            "workspace_id": WORKSPACE_ID,
            "pair_id": number,
            "kind": kind,
            "number": 1 if kind is TouchpointKind.FAREWELL else WEEK,
            "due_at": DUE_AT if is_due else NOW + timedelta(days=3),
        }
