"""What an app's manifest grants it and asks for.

Slack keeps an app to its manifest: a call whose scope is lacking fails, an event that is not
subscribed to never comes, and a slash command that is not in it is not there to type.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sandbox.blocks import Json

METADATA_POSTED = "message_metadata_posted"
EVERY_APP = "*"

EVENT_SCOPES: Mapping[str, frozenset[str]] = {
    "channel_archive": frozenset({"channels:read"}),
    "channel_deleted": frozenset({"channels:read"}),
    "channel_left": frozenset({"channels:read"}),
    "channel_rename": frozenset({"channels:read"}),
    "channel_unarchive": frozenset({"channels:read"}),
    "group_archive": frozenset({"groups:read"}),
    "group_deleted": frozenset({"groups:read"}),
    "group_left": frozenset({"groups:read"}),
    "group_rename": frozenset({"groups:read"}),
    "group_unarchive": frozenset({"groups:read"}),
    "member_joined_channel": frozenset({"channels:read", "groups:read"}),
    "member_left_channel": frozenset({"channels:read", "groups:read"}),
    METADATA_POSTED: frozenset({"metadata.message:read"}),
    "team_join": frozenset({"users:read"}),
    "user_change": frozenset({"users:read"}),
}
"""Events that need a scope, of which one must be there, as Slack's event pages list them."""


@dataclass(frozen=True)
class SlashCommand:
    """With `should_escape` Slack turns @name in the text into <@U1|name>, and #name likewise."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Manifest:
    """As it stands, an app without scopes or events, and with a Home and a Messages tab.

    `metadata` is None when every event type of message metadata is subscribed to, else pairs of
    an app's id ("*" for every app) and an event type. `commands` is None when people may type any.
    """

    scopes: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str], ...] | None = None
    commands: tuple[SlashCommand, ...] | None = None
    display_name: str = "Turnabout"
    home_tab: bool = True
    messages_tab: bool = True
    messages_tab_read_only: bool = False

    def hears(self, event: Json) -> bool:
        """Whether the app is told of this event."""
        kind = event["type"]
        if kind != METADATA_POSTED or self.metadata is None:
            return kind in self.events
        wanted = event["metadata"]["event_type"]
        apps = [app_id for app_id, event_type in self.metadata if event_type == wanted]
        return kind in self.events and (EVERY_APP in apps or event["app_id"] in apps)

    def command(self, name: str) -> SlashCommand | None:
        """None for a command that is not there to type."""
        if self.commands is None:
            return SlashCommand(name)
        return next((one for one in self.commands if one.command == name), None)


def read_manifest(path: Path) -> Manifest:
    """Raises ValueError for a manifest that Slack would not take for its events' lack of scopes,
    and KeyError for one without features, scopes or settings."""
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    features, settings = document["features"], document["settings"]
    subscriptions, home = settings.get("event_subscriptions", {}), features.get("app_home", {})
    manifest = Manifest(
        scopes=tuple(document["oauth_config"]["scopes"]["bot"]),
        events=tuple(subscriptions.get("bot_events", ())),
        metadata=tuple(
            (entry["app_id"], entry["event_type"])
            for entry in subscriptions.get("metadata_subscriptions", ())
        ),
        commands=tuple(
            SlashCommand(
                entry["command"],
                entry["description"],
                entry.get("usage_hint", ""),
                entry.get("should_escape", False),
            )
            for entry in features.get("slash_commands", ())
        ),
        display_name=features["bot_user"]["display_name"],
        home_tab=home.get("home_tab_enabled", False),
        messages_tab=home.get("messages_tab_enabled", False),
        messages_tab_read_only=home.get("messages_tab_read_only_enabled", False),
    )
    _check_scopes(manifest)
    return manifest


def _check_scopes(manifest: Manifest) -> None:
    for event in manifest.events:
        needed = EVENT_SCOPES.get(event, frozenset())
        if needed and not needed & set(manifest.scopes):
            raise ValueError(f"the event {event} needs a scope: {', '.join(sorted(needed))}")
    if manifest.commands and "commands" not in manifest.scopes:
        raise ValueError("slash commands need the scope commands")
