import logging
from collections.abc import Iterator

import pytest

from tests.factories import Company
from tests.handlers.scene import Scene, logged


@pytest.fixture(autouse=True)
def _logged() -> Iterator[None]:
    """As in production: structlog's own default would print what failed with all its values."""
    with logged(logging.INFO):
        yield


@pytest.fixture
async def scene(company: Company) -> Scene:
    manager = await company.person("Robin Vega", level=3, is_admin=True)
    leader = await company.person("Lena Boss", level=6)
    junior = await company.person("Jo Young", level=1)
    program = await company.program(manager)
    return Scene(company, (manager, leader, junior), program)
