import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.gateway import METADATA_EVENT, OTHER_SCOPES, SCOPES

ROOT = Path(__file__).parents[2]
GATEWAY = ROOT / "bot" / "slack" / "gateway.py"
APP = ("bot", "handlers", "models", "prompts")
FOR_A_FIELD = frozenset({"users:read.email"})
"""Scopes that add a field to an answer; Slack lists only those a method needs to be called."""


@pytest.fixture(scope="module")
def manifest() -> Any:
    return yaml.safe_load((ROOT / "manifest.yaml").read_text())


@pytest.fixture(scope="module")
def contract() -> Any:
    return json.loads((ROOT / "sandbox" / "web_api" / "contract.json").read_text())


def sources() -> Iterator[Path]:
    for room in APP:
        yield from (ROOT / room).rglob("*.py")


def names_called(path: Path) -> set[str]:
    """The names of the functions and methods that are called or passed on in a file."""
    nodes = ast.walk(ast.parse(path.read_text()))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def methods_called_by_gateway() -> list[ast.expr]:
    """The first argument of each `_call` in the gateway but the two that pass it on."""
    return [
        node.args[0]
        for node in ast.walk(ast.parse(GATEWAY.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("_call", "_call_for_headers")
        and not (isinstance(node.args[0], ast.Name) and node.args[0].id == "method")
    ]


class TestManifest:
    def test_slack_would_take_it(self, manifest: Any) -> None:
        schema = json.loads((Path(__file__).parent / "manifest.schema.json").read_text())
        assert [error.message for error in Draft7Validator(schema).iter_errors(manifest)] == []

    def test_slash_command_is_the_one_we_listen_to(self, manifest: Any) -> None:
        commands = [entry["command"] for entry in manifest["features"]["slash_commands"]]
        registered = (ROOT / "handlers" / "commands" / "__init__.py").read_text()
        assert commands == re.findall(r'\.command\("([^"]+)"\)', registered)

    def test_events_are_those_we_listen_to(self, manifest: Any) -> None:
        events = manifest["settings"]["event_subscriptions"]
        registered = (ROOT / "handlers" / "events" / "__init__.py").read_text()
        assert events["bot_events"] == re.findall(r'\.event\("([^"]+)"\)', registered)
        assert [entry["event_type"] for entry in events["metadata_subscriptions"]] == [
            METADATA_EVENT
        ]

    def test_people_can_be_written_to(self, manifest: Any) -> None:
        assert manifest["features"]["app_home"]["messages_tab_enabled"] is True

    def test_people_have_a_home(self, manifest: Any) -> None:
        assert manifest["features"]["app_home"]["home_tab_enabled"] is True

    def test_socket_mode_needs_no_address(self, manifest: Any) -> None:
        assert manifest["settings"]["socket_mode_enabled"] is True
        assert "YOUR-HOST" not in json.dumps(manifest)


class TestScopes:
    def test_those_the_gateway_needs_and_no_other(self, manifest: Any) -> None:
        scopes = manifest["oauth_config"]["scopes"]
        assert list(scopes) == ["bot"]
        assert len(scopes["bot"]) == len(set(scopes["bot"]))
        assert set(scopes["bot"]) == OTHER_SCOPES.union(*SCOPES.values())

    def test_each_method_that_the_gateway_calls_says_its_scopes(self) -> None:
        calls = methods_called_by_gateway()
        assert all(isinstance(call, ast.Constant) for call in calls)
        assert {call.value for call in calls if isinstance(call, ast.Constant)} == set(SCOPES)

    @pytest.mark.parametrize("method", sorted(SCOPES))
    def test_scopes_are_among_those_slack_lists_for_the_method(
        self, method: str, contract: Any
    ) -> None:
        listed = set(contract[method]["scopes"])
        assert SCOPES[method] - FOR_A_FIELD <= listed
        assert bool(SCOPES[method]) == bool(listed)

    def test_nobody_calls_slack_but_through_the_gateway(self) -> None:
        methods = {name for name in dir(AsyncWebClient) if re.match(r"[a-z]+_\w+$", name)}
        assert "chat_postMessage" in methods
        found = {path: names_called(path) & methods for path in sources() if path != GATEWAY}
        assert {path: names for path, names in found.items() if names} == {}


class TestContentBlind:
    def test_no_history_scope(self, manifest: Any) -> None:
        assert "history" not in json.dumps(manifest["oauth_config"])

    def test_no_path_in_the_code_to_what_people_say(self) -> None:
        reading = re.compile(r"conversations[._](history|replies)|:history")
        paths = list(sources())
        assert GATEWAY in paths
        assert [path for path in paths if reading.search(path.read_text())] == []
