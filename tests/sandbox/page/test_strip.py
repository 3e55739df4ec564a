"""What the developer strip shows of a call and a payload."""

import json
from typing import Any

import pytest

from sandbox.page.strip import MOST_LISTED, call_entry, payload_entry
from sandbox.to_app.sent import Sent
from sandbox.web_api.api import Call


def call(clock, answer: dict[str, Any] | None, **args: Any) -> Call:
    return Call(clock.now(), "T1", "users.list", args, ok=True, error=None, answer=answer)


class TestCallEntry:
    @pytest.mark.parametrize(
        "answer",
        [
            {"ok": True, "url": "wss://127.0.0.1/link?ticket=hidden"},
            {"ok": True, "authed_user": {"access_token": "hidden"}},
            {"files": [{"upload_url": "http://127.0.0.1/hidden"}]},
        ],
    )
    def test_no_secret_of_an_answer(self, answer, sandbox, clock) -> None:
        entry = call_entry(call(clock, answer), sandbox.workspace)
        assert "hidden" not in json.dumps(entry)

    def test_no_secret_of_the_arguments(self, sandbox, clock) -> None:
        given = {"client_id": "1.2", "client_secret": "hidden", "token": "hidden"}
        entry = call_entry(call(clock, None, **given), sandbox.workspace)
        assert entry["args"] == {"client_id": "1.2"}

    def test_a_long_list_is_cut(self, sandbox, clock) -> None:
        answer = {"members": list(range(MOST_LISTED + 3))}
        shown = call_entry(call(clock, answer), sandbox.workspace)["response"]["members"]
        assert shown == [*range(MOST_LISTED), "… and 3 more"]


class TestPayloadEntry:
    def test_no_secret(self, sandbox, clock) -> None:
        payload = {
            "type": "block_actions",
            "user": {"id": "U1"},
            "token": "hidden",
            "response_url": "hidden",
            "view": {"response_urls": [{"response_url": "hidden"}]},
        }
        sent = Sent(clock.now(), "interaction", payload, {}, None, 0.1)
        entry = payload_entry(sent, sandbox.workspace)
        assert entry["payload"]["type"] == "block_actions"
        assert "hidden" not in json.dumps(entry)

    def test_the_app_said_nothing(self, sandbox, clock) -> None:
        payload = {"event": {"type": "app_home_opened"}}
        sent = Sent(clock.now(), "event", payload, None, "no answer", 3.0)
        assert payload_entry(sent, sandbox.workspace)["response"] is None
