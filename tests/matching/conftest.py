import pytest

from tests.factories import Company
from tests.matching.cast import Cast, make


@pytest.fixture
async def cast(company: Company) -> Cast:
    return await make(company)
