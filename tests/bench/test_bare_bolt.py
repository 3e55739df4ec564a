from collections.abc import AsyncIterator

import pytest

from bench import acknowledge
from sandbox.errors import NotAcknowledged
from sandbox.server import Sandbox
from sandbox.to_app.transport import HttpTransport


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def bare(slack: Sandbox) -> AsyncIterator[HttpTransport]:
    async with acknowledge._bare_bolt(slack) as client:
        yield client


class TestBareBolt:
    async def test_acknowledges_with_nothing(self, slack: Sandbox, bare: HttpTransport) -> None:
        assert await bare.send("command", acknowledge._command(slack)) == {}

    async def test_checks_the_signature(self, slack: Sandbox, bare: HttpTransport) -> None:
        forger = HttpTransport(bare._url, "another secret")
        with pytest.raises(NotAcknowledged) as refused:
            await forger.send("command", acknowledge._command(slack))
        await forger.close()
        assert refused.value.status == 401

    async def test_looks_for_the_acknowledgement_every_ten_milliseconds(
        self, slack: Sandbox, bare: HttpTransport
    ) -> None:
        assert await acknowledge._milliseconds(bare, acknowledge._command(slack)) > 9
