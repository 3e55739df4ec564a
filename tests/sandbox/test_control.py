"""The control address, as another process uses it, and as a web page elsewhere must not."""

import json

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.control import fault_from
from sandbox.faults import Fault

FAULT = {"kind": "error"}


@pytest.fixture
def ask(sandbox, session):
    """`await ask(verb, path, body)` gives the status and the answer."""

    async def ask(verb, path, body=None, **headers):
        data = body if isinstance(body, str) else json.dumps(body)
        headers = {"Content-Type": "application/json"} | headers
        url = f"{sandbox.url}/control/{path}"
        async with session.request(verb, url, data=data, headers=headers) as response:
            return response.status, await response.json()

    return ask


class TestFaults:
    async def test_one_asked_for_hits_and_is_shown(self, sandbox, people, slack, ask) -> None:
        status, answer = await ask("POST", "faults", {"kind": "error", "error": "fatal_error"})
        assert (status, answer["met"]) == (200, [])
        assert answer["pending"] == [Fault("error", error="fatal_error").as_json()]
        with pytest.raises(SlackApiError, match="fatal_error"):
            await slack.users_info(user=people.ada)
        status, answer = await ask("GET", "faults")
        assert (status, answer["pending"]) == (200, [])
        assert answer["met"] == [
            {"at": "2026-03-02T09:30:00+00:00", "method": "users.info", "kind": "error"}
        ]

    async def test_taken_back(self, sandbox, people, slack, ask) -> None:
        await ask("POST", "faults", {"kind": "drop_before", "times": 5})
        assert await ask("DELETE", "faults") == (200, {"pending": [], "met": []})
        await slack.users_info(user=people.ada)

    async def test_calls_of_it_are_no_calls_to_slack(self, sandbox, ask) -> None:
        await ask("GET", "faults")
        assert sandbox.calls == []

    @pytest.mark.parametrize(
        ("body", "sentence"),
        [
            ("{", "the body must be a JSON object"),
            ([], "the body must be a JSON object"),
            ({}, "kind is missing"),
            ({"kind": "flood"}, "kind must be one of error, status, ratelimited, drop_before,"),
            ({"kind": 1}, "kind must be a text"),
            ({"kind": "slow", "sceonds": 1}, "a fault has no 'sceonds'; it has kind, method,"),
            ({"kind": "slow", "seconds": "1"}, "seconds must be a number"),
            ({"kind": "error", "times": True}, "times must be a whole number"),
            ({"kind": "error", "method": None}, "method must be a text"),
            ({"kind": "status", "status": 200}, "status must be from 500 to 599"),
        ],
    )
    async def test_a_wrong_one_is_refused_with_a_sentence(
        self, sandbox, ask, body, sentence
    ) -> None:
        status, answer = await ask("POST", "faults", body)
        assert (status, sandbox.faults.pending) == (400, [])
        assert answer["error"].startswith(sentence)

    def test_every_field_has_a_type(self) -> None:
        fault = Fault("slow", "users.info", 2, "fatal_error", 500, 0.5)
        assert fault_from(fault.as_json()) == fault


class TestDisconnect:
    @pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
    async def test_the_app_is_told_to_go(self, sandbox, ask, session, slack, reason) -> None:
        url = (await slack.apps_connections_open(app_token=sandbox.app_token))["url"]
        async with session.ws_connect(url) as socket:
            await socket.receive_json()
            await sandbox.socket.connected()
            answering = ask("POST", "disconnect", {"reason": reason})
            assert await answering == (200, {"told": 1})
            assert (await socket.receive_json())["reason"] == reason

    async def test_nobody_to_tell(self, ask) -> None:
        status, answer = await ask("POST", "disconnect", {"reason": "warning"})
        assert status == 409
        assert answer == {"error": "the app has no Socket Mode connection open"}

    @pytest.mark.parametrize("body", [{}, {"reason": "boredom"}, {"reason": ["warning"]}])
    async def test_no_reason_of_slack_s(self, ask, body) -> None:
        status, answer = await ask("POST", "disconnect", body)
        assert status == 400
        assert answer["error"] == (
            "reason must be one of warning, refresh_requested, link_disabled"
        )


class TestWhoMayAsk:
    """What a page in a browser on this machine could send must not get through."""

    async def test_no_page_of_another_site(self, sandbox, ask) -> None:
        for origin in ("https://example.com", "null", "http://127.0.0.1:1"):
            status, answer = await ask("POST", "faults", FAULT, Origin=origin)
            assert (status, answer) == (403, {"error": "This takes no requests of other pages."})
            assert (await ask("DELETE", "faults", Origin=origin))[0] == 403
        assert sandbox.faults.pending == []

    async def test_no_name_that_somebody_pointed_here(self, sandbox, ask) -> None:
        for verb in ("GET", "POST", "DELETE"):
            status, answer = await ask(verb, "faults", FAULT, Host="example.com")
            assert status == 403
            assert answer["error"].startswith("This answers only as 127.0.0.1:")
        assert sandbox.faults.pending == []

    async def test_no_body_that_a_form_could_send(self, sandbox, ask) -> None:
        for kind in ("text/plain", "application/x-www-form-urlencoded"):
            status, answer = await ask("POST", "faults", FAULT, **{"Content-Type": kind})
            assert (status, answer) == (415, {"error": "say Content-Type: application/json"})
        assert sandbox.faults.pending == []

    async def test_this_address_under_either_of_its_names(self, sandbox, ask) -> None:
        port = sandbox.url.rpartition(":")[2]
        for name in ("127.0.0.1", "localhost"):
            host = f"{name}:{port}"
            status, _ = await ask("POST", "faults", FAULT, Host=host, Origin=f"http://{host}")
            assert status == 200
