"""The table, and a walk over it: every required argument left out, every method refused."""

import json
import runpy
import sys
from typing import Any

import pytest

from sandbox.contract import CONTRACT, METHODS, compact, load_contract
from sandbox.methods import HANDLERS

COMPLETE: dict[str, dict[str, Any]] = {
    "chat.postEphemeral": {"channel": "C1", "user": "U1", "text": "Hello"},
    "chat.postMessage": {"channel": "C1", "text": "Hello"},
    "chat.update": {"channel": "C1", "ts": "1.000001", "text": "Hello"},
    "conversations.create": {"name": "pair"},
    "conversations.info": {"channel": "C1"},
    "conversations.invite": {"channel": "C1", "users": "U1"},
    "conversations.members": {"channel": "C1"},
    "users.info": {"user": "U1"},
    "views.open": {"trigger_id": "1.2.3", "view": {}},
    "views.publish": {"user_id": "U1", "view": {}},
    "views.update": {"view_id": "V1", "view": {}},
}
DOCUMENTED = {
    ("conversations.create", "name"): "invalid_name_required",
    ("conversations.invite", "users"): "no_user",
}
REQUIRED = [
    (name, argument) for name, method in load_contract().items() for argument in method.required
]


class TestLoadContract:
    def test_covers_what_the_sandbox_answers(self) -> None:
        assert set(load_contract()) == set(METHODS) == set(HANDLERS)

    def test_a_token_is_no_argument(self) -> None:
        assert all("token" not in method.args for method in load_contract().values())

    def test_required_arguments_are_arguments(self) -> None:
        for method in load_contract().values():
            assert set(method.required) <= set(method.args)

    def test_every_tier_is_known(self) -> None:
        tiers = {method.tier for method in load_contract().values()}
        assert tiers <= {"t1", "t2", "t3", "t4", "t5"}


class TestCompact:
    def test_keeps_the_facts(self) -> None:
        reference = {
            "desc": "Long text",
            "scope": {"bot": ["b:write", "a:write"], "user": ["u:write"]},
            "rate_limits": "t3",
            "json_input_supported": True,
            "errors": {"z": {"desc": "Zed"}, "a": {"desc": "Ay"}},
            "args": {
                "required": ["token", "view", "name"],
                "properties": {
                    "token": {"type": "string"},
                    "view": {"schema": "view"},
                    "name": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                    "user": {"schema": "user_id"},
                    "modal": {"allOf": [{"type": "object"}, {"schema": "modal"}]},
                },
            },
        }
        assert compact(reference) == {
            "args": {"view": "object", "name": "string", "user": "string", "modal": "object"},
            "required": ["name", "view"],
            "errors": ["a", "z"],
            "tier": "t3",
            "scopes": ["a:write", "b:write"],
            "json": True,
        }


class TestMain:
    def test_writes_the_same_table_again(self, tmp_path, monkeypatch) -> None:
        """The script runs on its own, and its output does not depend on the order of anything."""
        methods = tmp_path / "methods"
        methods.mkdir()
        module = tmp_path / "contract.py"
        module.write_text(CONTRACT.with_name("contract.py").read_text())
        for name, method in load_contract().items():
            arguments = {key: {"type": kind} for key, kind in reversed(method.args.items())}
            reference = {
                "args": {"required": ["token", *method.required], "properties": arguments},
                "errors": dict.fromkeys(reversed(method.errors)),
                "rate_limits": method.tier,
                "scope": {"bot": list(reversed(method.scopes))},
                "json_input_supported": method.json,
            }
            (methods / f"{name}.json").write_text(json.dumps(reference))
        monkeypatch.setattr(sys, "argv", ["contract.py", "--from", str(tmp_path)])
        runpy.run_path(str(module), run_name="__main__")
        assert (tmp_path / "contract.json").read_text() == CONTRACT.read_text()


class TestWalk:
    @pytest.mark.parametrize(("name", "argument"), REQUIRED)
    async def test_a_required_argument_left_out(self, sandbox, call, name, argument) -> None:
        args = {key: value for key, value in COMPLETE[name].items() if key != argument}
        answer = await call(name, args)
        assert answer["ok"] is False
        if documented := DOCUMENTED.get((name, argument)):
            assert documented in load_contract()[name].errors
            assert answer["error"] == documented
        else:
            assert answer["error"] == "invalid_arguments"
            messages = answer["response_metadata"]["messages"]
            assert messages == [f"[ERROR] missing required field: {argument}"]

    @pytest.mark.parametrize(("name", "argument"), REQUIRED)
    async def test_a_required_argument_left_empty(self, call, name, argument) -> None:
        answer = await call(name, {**COMPLETE[name], argument: ""})
        wanted = DOCUMENTED.get((name, argument), "invalid_arguments")
        assert answer["error"] == wanted

    @pytest.mark.parametrize("name", METHODS)
    async def test_without_a_token(self, call, name) -> None:
        assert (await call(name, COMPLETE.get(name, {}), token=None))["error"] == "not_authed"

    @pytest.mark.parametrize("name", METHODS)
    async def test_with_a_wrong_token(self, call, name) -> None:
        answer = await call(name, COMPLETE.get(name, {}), token="xoxb-wrong")
        assert answer["error"] == "invalid_auth"

    @pytest.mark.parametrize(
        "name", [name for name, method in load_contract().items() if method.scopes]
    )
    async def test_without_a_scope(self, bare_call, name) -> None:
        answer = await bare_call(name, COMPLETE.get(name, {}))
        assert answer["error"] == "missing_scope"
        assert set(answer["needed"].split(",")) == set(load_contract()[name].scopes)
        assert answer["provided"] == ""
