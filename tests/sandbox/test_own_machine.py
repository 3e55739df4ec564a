"""Every address of the sandbox, as a website open in a browser on this machine would try it."""

import pytest

ADDRESSES = [
    ("POST", "/api/chat.postMessage"),
    ("GET", "/api/auth.test"),
    ("POST", "/response/R0000001"),
    ("GET", "/link/?ticket=ticket-1"),
    ("POST", "/upload/v1/1"),
    ("GET", "/files-pri/F0000001/a.png"),
    ("GET", "/control/faults"),
    ("GET", "/nothing"),
]
STRANGERS = {
    "a name pointed here": {"Host": "evil.example"},
    "a name pointed here, with the port": {"Host": "evil.example:{port}"},
    "another port": {"Host": "127.0.0.1:1"},
    "no port": {"Host": "localhost"},
    "a page elsewhere": {"Origin": "http://evil.example"},
    "a page without an origin": {"Origin": "null"},
    "a page on another port": {"Origin": "http://127.0.0.1:1"},
    "an image on a page elsewhere": {"Sec-Fetch-Site": "cross-site"},
    "an image on a page on another port": {"Sec-Fetch-Site": "same-site"},
    "a link elsewhere": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"},
}


@pytest.fixture
def status(sandbox, session):
    """`await status(verb, path, **headers)`, with the app's own token."""

    async def status(verb: str, path: str, **headers: str) -> int:
        port = sandbox.url.rpartition(":")[2]
        sent = {name: value.format(port=port) for name, value in headers.items()}
        sent["Authorization"] = f"Bearer {sandbox.bot_token}"
        async with session.request(verb, sandbox.url + path, headers=sent) as response:
            return int(response.status)

    return status


class TestOwnMachineOnly:
    @pytest.mark.parametrize(("verb", "path"), ADDRESSES)
    @pytest.mark.parametrize("headers", STRANGERS.values(), ids=STRANGERS.keys())
    async def test_a_website_gets_nowhere(self, sandbox, status, verb, path, headers) -> None:
        assert await status(verb, path, **headers) == 403
        assert sandbox.calls == []

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Host": "localhost:{port}"},
            {"Origin": "http://127.0.0.1:{port}"},
            {"Sec-Fetch-Site": "none"},
            {"Sec-Fetch-Site": "same-origin"},
        ],
    )
    async def test_whoever_is_here_does(self, status, headers) -> None:
        assert await status("GET", "/api/auth.test", **headers) == 200
