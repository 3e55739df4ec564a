import pytest

from bot.delivery import service as delivery
from bot.pairs import service as pairs
from models import ProgramState
from tests.factories import Company
from tests.pairs.conftest import Story


@pytest.fixture
async def story(company: Company) -> Story:
    """A running program with its manager, and a pair that has been welcomed."""
    manager = await company.person("Robin Vega", level=3)
    mentor = await company.person("Jo Young", level=1)
    mentee = await company.person("Lena Boss", level=6)
    program = await company.program(manager, state=ProgramState.RUNNING)
    pair = await company.pair(program, mentor, mentee)
    for person in (mentor, mentee):
        await company.enrol(program, person)
    await pairs.open_spaces(company.runtime)
    await delivery.send_due(company.runtime)
    return Story(company, program, manager, mentor, mentee, pair)
