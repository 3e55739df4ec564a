import asyncio
import socket
from pathlib import Path

import pytest

from tests import fence

OUTSIDE = ["192.0.2.1", "example.org", "2001:db8::1", "127.0.0.1.example.org"]


@pytest.fixture
def attempts():
    """What was tried; afterwards it is no fault of the test."""
    yield fence.attempts
    fence.attempts.clear()


class TestWatch:
    @pytest.mark.parametrize("host", OUTSIDE)
    def test_nothing_is_reached(self, attempts: list[str], host: str) -> None:
        with pytest.raises(fence.Outside, match=host):
            socket.create_connection((host, 80), timeout=1)
        assert attempts == [host]

    def test_not_without_a_look_up_either(self, attempts: list[str]) -> None:
        with socket.socket() as client, pytest.raises(fence.Outside):
            client.connect(("192.0.2.1", 80))

    async def test_not_from_a_thread_of_asyncio(self, attempts: list[str]) -> None:
        with pytest.raises(fence.Outside):
            await asyncio.open_connection("example.org", 80)

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_this_machine_is(self, host: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection((host, server.getsockname()[1]), timeout=1).close()

    def test_so_is_a_socket_in_a_folder(self, tmp_path: Path) -> None:
        path = str(tmp_path / "socket")
        with (
            socket.socket(socket.AF_UNIX) as server,
            socket.socket(socket.AF_UNIX) as client,
        ):
            server.bind(path)
            server.listen()
            client.connect(path)
