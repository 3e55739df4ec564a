"""Imports HR files as the command line does, and reads back who is known."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import select

from bot.people import hr_service
from bot.people.hr_file import read_rows
from bot.people.hr_service import Imported
from bot.roles import Actor
from models import Person
from tests.bad_day import BadDay, serving
from tests.factories import Company

ImportCsv = Callable[[str], Awaitable[Imported]]
Known = Callable[[], Awaitable[dict[str, Person]]]


@pytest.fixture
def import_csv(company: Company) -> ImportCsv:
    """Brings the rows of a CSV text in; columns are found by their names."""

    async def bring_in(text: str) -> Imported:
        file = read_rows(text.encode(), {})
        async with company.transaction() as session:
            return await hr_service.import_people(session, company.runtime, file, Actor.OPERATOR)

    return bring_in


@pytest.fixture
def known(company: Company) -> Known:
    """Everybody by employee id, or by Slack id where HR does not know them."""

    async def look() -> dict[str, Person]:
        async with company.transaction() as session:
            people = await session.scalars(select(Person))
            return {one.employee_id or one.slack_user_id or "": one for one in people}

    return look


@pytest.fixture
async def bad_day() -> AsyncIterator[BadDay]:
    async with serving() as day:
        yield day
