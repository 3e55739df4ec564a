"""Promise: the app cannot read what pairs say to each other."""

import re
from pathlib import Path

import pytest
import yaml

from bot.slack.gateway import OTHER_SCOPES, SCOPES

ROOT = Path(__file__).parents[1]
PRODUCT = ("bot", "handlers", "models", "migrations", "prompts", "sandbox/demo")
READS_MESSAGES = re.compile(
    r"(conversations|channels|groups|im|mpim)[._](history|replies)"
    r"|search[._](messages|all)|reactions[._]get|:history\b|search:read|app_mentions:read"
)
"""Methods, in Slack's spelling or the SDK's, and scopes by which an app sees messages."""
MESSAGE_EVENTS = re.compile(r"message\.(channels|groups|im|mpim|app_home)|app_mention|^message$")


def sources() -> list[Path]:
    return [path for room in PRODUCT for path in sorted((ROOT / room).rglob("*.py"))]


def manifest() -> dict[str, dict[str, dict[str, list[str]]]]:
    content: dict[str, dict[str, dict[str, list[str]]]] = yaml.safe_load(
        (ROOT / "manifest.yaml").read_text(encoding="utf-8")
    )
    return content


class TestScopes:
    def test_no_scope_lets_the_app_read_messages(self) -> None:
        oauth = manifest()["oauth_config"]["scopes"]
        asked = {scope for scopes in oauth.values() for scope in scopes}
        used = OTHER_SCOPES.union(*SCOPES.values())
        assert asked
        assert [scope for scope in asked | used if READS_MESSAGES.search(scope)] == []

    def test_slack_sends_no_messages_to_the_app(self) -> None:
        events = manifest()["settings"]["event_subscriptions"]["bot_events"]
        assert events
        assert [event for event in events if MESSAGE_EVENTS.search(event)] == []


class TestCode:
    def test_no_code_names_a_method_that_reads_messages(self) -> None:
        found = {
            f"{path.relative_to(ROOT)}: {hit[0]}"
            for path in sources()
            for hit in READS_MESSAGES.finditer(path.read_text(encoding="utf-8"))
        }
        assert found == set()

    def test_the_door_to_slack_knows_no_such_method(self) -> None:
        assert [method for method in SCOPES if READS_MESSAGES.search(method)] == []

    def test_no_listener_hears_messages(self) -> None:
        registered = re.compile(r"\bapp\.(event|message)\(([^)]*)\)")
        heard = [
            (hit[1], hit[2])
            for path in sources()
            for hit in registered.finditer(path.read_text(encoding="utf-8"))
        ]
        names = ("app_home_opened", "message_metadata_posted", "team_join", "user_change")
        assert heard == [("event", f'"{name}"') for name in names]

    @pytest.mark.parametrize(
        "code",
        ["client.conversations_history(", 'call("conversations.replies"', "groups:history"],
    )
    def test_the_search_would_find_it(self, code: str) -> None:
        assert READS_MESSAGES.search(code)
