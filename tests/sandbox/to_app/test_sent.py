from datetime import UTC, datetime

import pytest

from sandbox.errors import BadAck, NotAcknowledged
from sandbox.to_app.sent import Sent, watched

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class TestWatched:
    async def test_an_acknowledgement(self) -> None:
        seen: list[Sent] = []

        async def answer() -> dict[str, str]:
            return {"text": "Hello"}

        ack = await watched(answer(), "command", {"text": "join"}, NOW, [seen.append, seen.append])
        assert ack == {"text": "Hello"}
        assert [(one.payload, one.ack, one.problem) for one in seen] == [
            ({"text": "join"}, {"text": "Hello"}, None)
        ] * 2
        assert (seen[0].at, seen[0].kind) == (NOW, "command")
        assert 0 <= seen[0].seconds < 1

    @pytest.mark.parametrize("error", [NotAcknowledged(404), BadAck("no JSON")])
    async def test_none(self, error: Exception) -> None:
        seen: list[Sent] = []

        async def fail() -> dict[str, str]:
            raise error

        with pytest.raises(type(error)):
            await watched(fail(), "event", {}, NOW, [seen.append])
        assert [(one.ack, one.problem) for one in seen] == [(None, str(error))]
