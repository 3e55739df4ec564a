"""A walk over the contract: every method works, and refuses what Slack documents it to refuse.

The tables say how each error is provoked; from them comes the table in the sandbox's README, which
GOLDEN_REWRITE=1 writes anew.
"""

import json
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.manifest import Manifest
from sandbox.server import Sandbox
from sandbox.state.files import LARGEST_FILE, STORAGE
from sandbox.web_api.contract import METHODS, Method, load_contract

README = Path(__file__).parents[3] / "sandbox" / "README.md"
BEGIN, END = "<!-- methods and errors: written by the conformance test -->\n", "<!-- end -->\n"
CONTRACT = load_contract()
EVERY_SCOPE = tuple(sorted({scope for method in CONTRACT.values() for scope in method.scopes}))

DIVIDER = {"type": "divider"}
HOME = {"type": "home", "blocks": [DIVIDER]}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [DIVIDER]}
METADATA = {"event_type": "delivered", "event_payload": {"id": "1"}}
LONG = [
    {"type": "section", "text": {"type": "plain_text", "text": "x" * 2_900}} for _ in range(100)
]
NO_TOKEN = ("api.test",)
OF_THE_APP = ("apps.connections.open",)
OF_BOTH = ("api.test", "auth.test")

Args = dict[str, Any]


@dataclass
class World:
    """A workspace in which anything can be done, and ways to bring about what Slack refuses."""

    sandbox: Sandbox
    seconds: float = 0.0

    def __post_init__(self) -> None:
        add = self.sandbox.add_user
        self.bot = self.sandbox.workspace.bot.id
        self.ada, self.ben = add("ada", email="ada@example.com"), add("ben")
        self.gone = add("gone", email="gone@example.com", deleted=True)
        self.guest = add("guest", is_restricted=True, is_ultra_restricted=True)
        self.robot = add("robot", is_bot=True)
        self.sandbox.add_channel("lobby", [self.guest])
        self.pair = self.sandbox.add_channel("pair", [self.ada], private=True, app=True)
        self.general = self.sandbox.add_channel("general", [self.ada])
        self.hidden = self.sandbox.add_channel("hidden", [self.ada], private=True)
        self.direct = self.sandbox.workspace.open_direct(self.bot, [self.ada])[0].id

    def own(self, **more: Any) -> str:
        """A channel the app made."""
        return self.sandbox.workspace.create_channel("own", self.bot, **more).id

    def archived(self) -> str:
        self.sandbox.archive(self.pair)
        return self.pair

    def said(self, author: str | None = None, channel: str | None = None) -> str:
        workspace = self.sandbox.workspace
        conversation = workspace.conversations[channel or self.pair]
        return workspace.post(conversation, author or self.bot, "Hello").ts

    def whispered(self) -> str:
        workspace = self.sandbox.workspace
        return workspace.post(
            workspace.conversations[self.pair], self.bot, "x", visible_to=self.ada
        ).ts

    def pinned(self) -> str:
        ts = self.said()
        self.sandbox.workspace.conversations[self.pair].pins[ts] = None
        return ts

    def full(self, what: str) -> str:
        conversation = self.sandbox.workspace.conversations[self.pair]
        if what == "pins":
            conversation.pins = {str(number): None for number in range(100)}
        else:
            conversation.bookmarks = [{} for _ in range(100)]
        return self.pair

    def uploaded(self, owner: str | None = None, *, complete: bool = False) -> str:
        files = self.sandbox.workspace.files
        file, ticket = files.ask(owner or self.bot, "notes.txt", 5)
        assert files.upload(ticket, b"Hello")
        if complete:
            file.state = "complete"
        return file.id

    def deleted_file(self) -> str:
        file_id = self.uploaded(complete=True)
        files = self.sandbox.workspace.files
        files.delete(files.find(file_id))
        return file_id

    def stored(self) -> int:
        files = self.sandbox.workspace.files
        for _ in range(STORAGE // LARGEST_FILE):
            _, ticket = files.ask(self.bot, "big.bin", LARGEST_FILE)
            assert files.upload(ticket, bytes(LARGEST_FILE))
        return 1

    def trigger(self, **more: Any) -> str:
        return self.sandbox.views.new_trigger(self.ada, **more)

    def used_trigger(self) -> str:
        trigger = self.trigger()
        self.sandbox.views.open(trigger, MODAL)
        return trigger

    def late_trigger(self) -> str:
        trigger = self.trigger()
        self.seconds += 4
        return trigger

    def opened(self, depth: int = 1, **more: Any) -> str:
        """The id of Ada's topmost modal."""
        view = self.sandbox.views.open(self.trigger(), {**MODAL, **more})
        for _ in range(depth - 1):
            view = self.sandbox.views.push(self.ada, MODAL)
        return view.id

    def named_modal(self) -> Args:
        self.opened(external_id="x1")
        return {**MODAL, "external_id": "x1"}

    def no_home(self) -> str:
        object.__setattr__(self.sandbox.manifest, "home_tab", False)
        return self.ada

    def no_messages(self) -> str:
        object.__setattr__(self.sandbox.manifest, "messages_tab", False)
        return self.direct

    def home(self) -> str:
        self.sandbox.views.publish(self.ada, HOME)
        return self.ada


Provoke = Callable[[World], Args]

WELL: dict[str, Provoke] = {
    "api.test": lambda w: {},
    "apps.connections.open": lambda w: {"app_token": w.sandbox.app_token},
    "apps.uninstall": lambda w: {
        "client_id": "sandbox-client-id",
        "client_secret": "sandbox-client-secret",
    },
    "auth.revoke": lambda w: {"test": True},
    "auth.test": lambda w: {},
    "bookmarks.add": lambda w: {
        "channel_id": w.pair,
        "title": "Goals",
        "type": "link",
        "link": "https://example.com/",
    },
    "bookmarks.list": lambda w: {"channel_id": w.pair},
    "chat.delete": lambda w: {"channel": w.pair, "ts": w.said()},
    "chat.getPermalink": lambda w: {"channel": w.pair, "message_ts": w.said()},
    "chat.postEphemeral": lambda w: {"channel": w.pair, "user": w.ada, "text": "Hello"},
    "chat.postMessage": lambda w: {
        "channel": w.pair,
        "text": "Hello",
        "blocks": [DIVIDER],
        "metadata": METADATA,
        "unfurl_links": False,
    },
    "chat.update": lambda w: {"channel": w.pair, "ts": w.said(), "text": "Hello again"},
    "conversations.archive": lambda w: {"channel": w.pair},
    "conversations.close": lambda w: {"channel": w.direct},
    "conversations.create": lambda w: {"name": "new", "is_private": True},
    "conversations.info": lambda w: {"channel": w.pair},
    "conversations.invite": lambda w: {"channel": w.pair, "users": [w.ben]},
    "conversations.join": lambda w: {"channel": w.general},
    "conversations.kick": lambda w: {"channel": w.pair, "user": w.ada},
    "conversations.leave": lambda w: {"channel": w.pair},
    "conversations.list": lambda w: {"types": "public_channel,private_channel", "limit": 1},
    "conversations.members": lambda w: {"channel": w.pair},
    "conversations.open": lambda w: {"users": [w.ada, w.ben]},
    "conversations.rename": lambda w: {"channel": w.own(private=True), "name": "renamed"},
    "conversations.setPurpose": lambda w: {"channel": w.pair, "purpose": "To learn"},
    "conversations.setTopic": lambda w: {"channel": w.pair, "topic": ""},
    "conversations.unarchive": lambda w: {"channel": w.archived()},
    "files.completeUploadExternal": lambda w: {
        "files": [{"id": w.uploaded(), "title": "Notes"}],
        "channel_id": w.pair,
        "initial_comment": "Here",
    },
    "files.delete": lambda w: {"file": w.uploaded(complete=True)},
    "files.getUploadURLExternal": lambda w: {"filename": "notes.txt", "length": 5},
    "files.info": lambda w: {"file": w.uploaded(complete=True)},
    "pins.add": lambda w: {"channel": w.pair, "timestamp": w.said()},
    "team.info": lambda w: {},
    "users.conversations": lambda w: {"user": w.ada, "types": "private_channel"},
    "users.info": lambda w: {"user": w.ada},
    "users.list": lambda w: {"limit": 2},
    "users.lookupByEmail": lambda w: {"email": "ada@example.com"},
    "views.open": lambda w: {"trigger_id": w.trigger(), "view": MODAL},
    "views.publish": lambda w: {"user_id": w.ada, "view": HOME},
    "views.push": lambda w: {"trigger_id": w.trigger(view=w.opened()), "view": MODAL},
    "views.update": lambda w: {"view_id": w.opened(), "view": MODAL},
}

UNSEEN = "C0000404"

STATE: list[tuple[str, str, Provoke]] = [
    ("apps.uninstall", "invalid_client_id", lambda w: {"client_id": "x", "client_secret": "y"}),
    (
        "apps.uninstall",
        "bad_client_secret",
        lambda w: {"client_id": "sandbox-client-id", "client_secret": "y"},
    ),
    ("bookmarks.add", "access_denied", lambda w: {"channel_id": w.general}),
    ("bookmarks.add", "channel_not_found", lambda w: {"channel_id": w.hidden}),
    ("bookmarks.add", "invalid_bookmark_type", lambda w: {"type": "folder"}),
    ("bookmarks.add", "invalid_link", lambda w: {"link": "ftp://example.com"}),
    ("bookmarks.add", "too_many_bookmarks", lambda w: {"channel_id": w.full("bookmarks")}),
    ("bookmarks.list", "access_denied", lambda w: {"channel_id": w.general}),
    ("bookmarks.list", "channel_not_found", lambda w: {"channel_id": w.hidden}),
    ("chat.delete", "cant_delete_message", lambda w: {"ts": w.said(w.ada)}),
    ("chat.delete", "channel_not_found", lambda w: {"channel": w.hidden}),
    ("chat.delete", "message_not_found", lambda w: {"ts": w.whispered()}),
    ("chat.getPermalink", "channel_not_found", lambda w: {"channel": w.hidden}),
    ("chat.getPermalink", "message_not_found", lambda w: {"message_ts": "1.000000"}),
    ("chat.postEphemeral", "channel_not_found", lambda w: {"channel": w.hidden}),
    ("chat.postEphemeral", "is_archived", lambda w: {"channel": w.archived()}),
    ("chat.postEphemeral", "markdown_text_conflict", lambda w: {"markdown_text": "x"}),
    (
        "chat.postEphemeral",
        "messages_tab_disabled",
        lambda w: {"channel": w.no_messages(), "user": w.ada},
    ),
    ("chat.postEphemeral", "msg_too_long", lambda w: {"text": "x" * 40_001}),
    (
        "chat.postEphemeral",
        "msg_too_long",
        lambda w: {"text": None, "markdown_text": "x" * 12_001},
    ),
    ("chat.postEphemeral", "invalid_thread_ts", lambda w: {"thread_ts": "yesterday"}),
    ("chat.postEphemeral", "no_text", lambda w: {"text": " "}),
    ("chat.postEphemeral", "not_in_channel", lambda w: {"channel": w.general}),
    ("chat.postEphemeral", "too_many_attachments", lambda w: {"attachments": [{}] * 101}),
    ("chat.postEphemeral", "user_not_in_channel", lambda w: {"user": w.ben}),
    ("chat.postMessage", "cannot_dm_bot", lambda w: {"channel": w.robot}),
    ("chat.postMessage", "channel_not_found", lambda w: {"channel": w.hidden}),
    ("chat.postMessage", "channel_not_found", lambda w: {"channel": w.gone}),
    ("chat.postMessage", "invalid_blocks", lambda w: {"blocks": [{"type": "nonsense"}]}),
    (
        "chat.postMessage",
        "invalid_blocks",
        lambda w: {"blocks": [{"type": "image", "alt_text": "a", "slack_file": {"id": "F404"}}]},
    ),
    ("chat.postMessage", "invalid_metadata_schema", lambda w: {"metadata": {"event_type": "a"}}),
    ("chat.postMessage", "is_archived", lambda w: {"channel": w.archived()}),
    ("chat.postMessage", "markdown_text_conflict", lambda w: {"markdown_text": "x"}),
    ("chat.postMessage", "messages_tab_disabled", lambda w: {"channel": w.no_messages()}),
    ("chat.postMessage", "msg_blocks_too_long", lambda w: {"blocks": LONG[:5]}),
    (
        "chat.postMessage",
        "msg_blocks_too_long",
        lambda w: {"text": None, "blocks": None, "markdown_text": "x" * 12_001},
    ),
    ("chat.postMessage", "invalid_thread_ts", lambda w: {"thread_ts": "0"}),
    ("chat.postMessage", "no_text", lambda w: {"text": "", "blocks": None}),
    ("chat.postMessage", "not_in_channel", lambda w: {"channel": w.general}),
    ("chat.postMessage", "too_many_attachments", lambda w: {"attachments": [{}] * 101}),
    ("chat.update", "cant_update_message", lambda w: {"ts": w.said(w.ada)}),
    ("chat.update", "channel_not_found", lambda w: {"channel": w.hidden}),
    ("chat.update", "invalid_blocks", lambda w: {"blocks": [{"type": "nonsense"}]}),
    ("chat.update", "invalid_metadata_schema", lambda w: {"metadata": {"event_type": "a"}}),
    ("chat.update", "is_inactive", lambda w: {"channel": w.archived()}),
    ("chat.update", "markdown_text_conflict", lambda w: {"markdown_text": "x"}),
    ("chat.update", "message_not_found", lambda w: {"ts": w.whispered()}),
    ("chat.update", "msg_too_long", lambda w: {"text": "x" * 4_001}),
    ("chat.update", "msg_too_long", lambda w: {"text": None, "markdown_text": "x" * 12_001}),
    ("chat.update", "no_text", lambda w: {"text": " "}),
    ("chat.update", "too_many_attachments", lambda w: {"attachments": [{}] * 101}),
    ("conversations.archive", "already_archived", lambda w: {"channel": w.archived()}),
    ("conversations.archive", "channel_not_found", lambda w: {"channel": w.hidden}),
    (
        "conversations.archive",
        "method_not_supported_for_channel_type",
        lambda w: {"channel": w.direct},
    ),
    ("conversations.archive", "not_in_channel", lambda w: {"channel": w.general}),
    ("conversations.close", "channel_not_found", lambda w: {"channel": UNSEEN}),
    (
        "conversations.close",
        "method_not_supported_for_channel_type",
        lambda w: {"channel": w.pair},
    ),
    ("conversations.create", "invalid_name_maxlength", lambda w: {"name": "a" * 81}),
    ("conversations.create", "invalid_name_punctuation", lambda w: {"name": "--"}),
    ("conversations.create", "invalid_name_specials", lambda w: {"name": "A pair"}),
    ("conversations.create", "name_taken", lambda w: {"name": "hidden"}),
    ("conversations.create", "name_taken", lambda w: {"name": w.archived() and "pair"}),
    ("conversations.info", "channel_not_found", lambda w: {"channel": w.hidden}),
    ("conversations.invite", "already_in_channel", lambda w: {"users": [w.ada]}),
    ("conversations.invite", "cant_invite", lambda w: {"users": [w.gone]}),
    ("conversations.invite", "cant_invite_self", lambda w: {"users": [w.bot]}),
    ("conversations.invite", "channel_not_found", lambda w: {"channel": w.hidden}),
    ("conversations.invite", "is_archived", lambda w: {"channel": w.archived()}),
    (
        "conversations.invite",
        "method_not_supported_for_channel_type",
        lambda w: {"channel": w.direct},
    ),
    ("conversations.invite", "no_user", lambda w: {"users": ","}),
    ("conversations.invite", "not_in_channel", lambda w: {"channel": w.general}),
    ("conversations.invite", "ura_max_channels", lambda w: {"users": [w.guest]}),
    ("conversations.invite", "user_not_found", lambda w: {"users": ["U404"]}),
    ("conversations.join", "channel_not_found", lambda w: {"channel": w.hidden}),
    (
        "conversations.join",
        "is_archived",
        lambda w: {"channel": w.sandbox.archive(w.general) or w.general},
    ),
    ("conversations.join", "method_not_supported_for_channel_type", lambda w: {"channel": w.pair}),
    ("conversations.kick", "cant_kick_self", lambda w: {"user": w.bot}),
    ("conversations.kick", "channel_not_found", lambda w: {"channel": w.hidden}),
    (
        "conversations.kick",
        "method_not_supported_for_channel_type",
        lambda w: {"channel": w.direct},
    ),
    ("conversations.kick", "not_in_channel", lambda w: {"user": w.ben}),
    ("conversations.kick", "not_supported", lambda w: {"channel": w.archived()}),
    ("conversations.kick", "user_not_found", lambda w: {"user": "U404"}),
    ("conversations.leave", "channel_not_found", lambda w: {"channel": w.hidden}),
    ("conversations.leave", "is_archived", lambda w: {"channel": w.archived()}),
    ("conversations.leave", "last_member", lambda w: {"channel": w.own()}),
    (
        "conversations.leave",
        "method_not_supported_for_channel_type",
        lambda w: {"channel": w.direct},
    ),
    ("conversations.list", "invalid_cursor", lambda w: {"cursor": "nonsense"}),
    ("conversations.list", "invalid_limit", lambda w: {"limit": 1_001}),
    ("conversations.list", "invalid_types", lambda w: {"types": "rooms"}),
    ("conversations.members", "channel_not_found", lambda w: {"channel": w.hidden}),
    ("conversations.members", "invalid_cursor", lambda w: {"cursor": "nonsense"}),
    ("conversations.members", "invalid_limit", lambda w: {"limit": -1}),
    ("conversations.open", "cannot_dm_bot", lambda w: {"users": [w.robot]}),
    (
        "conversations.open",
        "channel_not_found",
        lambda w: {"users": [w.ben], "prevent_creation": True},
    ),
    (
        "conversations.open",
        "method_not_supported_for_channel_type",
        lambda w: {"channel": w.pair},
    ),
    ("conversations.open", "not_enough_users", lambda w: {"users": [w.bot]}),
    (
        "conversations.open",
        "too_many_users",
        lambda w: {"users": [w.sandbox.add_user(f"u{n}") for n in range(9)]},
    ),
    ("conversations.open", "user_disabled", lambda w: {"users": [w.gone]}),
    ("conversations.open", "user_not_found", lambda w: {"users": ["U404"]}),
    ("conversations.open", "users_list_not_supplied", lambda w: {"users": ""}),
    ("conversations.rename", "channel_not_found", lambda w: {"channel": w.hidden}),
    ("conversations.rename", "invalid_name_maxlength", lambda w: {"name": "a" * 81}),
    ("conversations.rename", "invalid_name_punctuation", lambda w: {"name": "--"}),
    ("conversations.rename", "invalid_name_specials", lambda w: {"name": "A pair"}),
    ("conversations.rename", "is_archived", lambda w: {"channel": w.archived()}),
    (
        "conversations.rename",
        "method_not_supported_for_channel_type",
        lambda w: {"channel": w.direct},
    ),
    ("conversations.rename", "name_taken", lambda w: {"name": "hidden"}),
    ("conversations.rename", "not_authorized", lambda w: {"channel": w.pair}),
    ("conversations.rename", "not_in_channel", lambda w: {"channel": w.general}),
    *[
        (method, error, provoke)
        for method, key in (
            ("conversations.setPurpose", "purpose"),
            ("conversations.setTopic", "topic"),
        )
        for error, provoke in (
            ("channel_not_found", lambda w: {"channel": w.hidden}),
            ("is_archived", lambda w: {"channel": w.archived()}),
            ("method_not_supported_for_channel_type", lambda w: {"channel": w.direct}),
            ("not_in_channel", lambda w: {"channel": w.general}),
            ("too_long", lambda w, key=key: {key: "x" * 251}),
        )
    ],
    ("conversations.unarchive", "channel_not_found", lambda w: {"channel": w.hidden}),
    (
        "conversations.unarchive",
        "method_not_supported_for_channel_type",
        lambda w: {"channel": w.direct},
    ),
    ("conversations.unarchive", "not_archived", lambda w: {"channel": w.own()}),
    (
        "files.completeUploadExternal",
        "access_denied",
        lambda w: {"files": [{"id": w.uploaded(w.ada)}]},
    ),
    ("files.completeUploadExternal", "channel_not_found", lambda w: {"channel_id": w.hidden}),
    (
        "files.completeUploadExternal",
        "channels_limit_exceeded",
        lambda w: {"channels": ["C1"] * 101},
    ),
    ("files.completeUploadExternal", "file_not_found", lambda w: {"files": [{"id": "F404"}]}),
    ("files.completeUploadExternal", "invalid_channel", lambda w: {"channel_id": "#pair"}),
    ("files.completeUploadExternal", "not_in_channel", lambda w: {"channel_id": w.general}),
    (
        "files.completeUploadExternal",
        "posting_to_channel_denied",
        lambda w: {"channel_id": w.archived()},
    ),
    (
        "files.delete",
        "cant_delete_file",
        lambda w: {"file": w.sandbox.add_file(w.ada, w.pair, "a.txt", b"x")},
    ),
    ("files.delete", "file_deleted", lambda w: {"file": w.deleted_file()}),
    ("files.delete", "file_not_found", lambda w: {"file": w.uploaded()}),
    (
        "files.delete",
        "file_not_found",
        lambda w: {"file": w.sandbox.add_file(w.ada, w.hidden, "a.txt", b"x")},
    ),
    ("files.getUploadURLExternal", "alt_txt_too_large", lambda w: {"alt_txt": "x" * 1_001}),
    (
        "files.getUploadURLExternal",
        "file_upload_size_restricted",
        lambda w: {"length": LARGEST_FILE + 1},
    ),
    ("files.getUploadURLExternal", "missing_argument", lambda w: {"length": 0}),
    (
        "files.getUploadURLExternal",
        "snippet_too_large",
        lambda w: {"length": 1_000_001, "snippet_type": "python"},
    ),
    ("files.getUploadURLExternal", "storage_limit_reached", lambda w: {"length": w.stored()}),
    ("files.getUploadURLExternal", "unknown_snippet_type", lambda w: {"snippet_type": "klingon"}),
    ("files.info", "file_deleted", lambda w: {"file": w.deleted_file()}),
    ("files.info", "file_not_found", lambda w: {"file": "F404"}),
    (
        "files.info",
        "not_visible",
        lambda w: {"file": w.sandbox.add_file(w.ada, w.hidden, "a.txt", b"x")},
    ),
    ("pins.add", "already_pinned", lambda w: {"timestamp": w.pinned()}),
    ("pins.add", "bad_timestamp", lambda w: {"timestamp": "yesterday"}),
    ("pins.add", "channel_not_found", lambda w: {"channel": w.hidden}),
    ("pins.add", "message_not_found", lambda w: {"timestamp": "1.000000"}),
    ("pins.add", "no_item_specified", lambda w: {"timestamp": ""}),
    ("pins.add", "not_in_channel", lambda w: {"channel": w.general}),
    ("pins.add", "too_many_pins", lambda w: {"channel": w.full("pins")}),
    ("team.info", "team_not_found", lambda w: {"team": "T404"}),
    ("team.info", "team_not_found", lambda w: {"domain": "elsewhere"}),
    ("users.conversations", "invalid_cursor", lambda w: {"cursor": "nonsense"}),
    ("users.conversations", "invalid_limit", lambda w: {"limit": 1_001}),
    ("users.conversations", "invalid_types", lambda w: {"types": "rooms"}),
    ("users.info", "user_not_found", lambda w: {"user": "U404"}),
    ("users.list", "invalid_cursor", lambda w: {"cursor": "bmV4dDotMQ=="}),
    ("users.lookupByEmail", "users_not_found", lambda w: {"email": "gone@example.com"}),
    ("views.open", "duplicate_external_id", lambda w: {"view": w.named_modal()}),
    ("views.open", "exchanged_trigger_id", lambda w: {"trigger_id": w.used_trigger()}),
    ("views.open", "expired_trigger_id", lambda w: {"trigger_id": w.late_trigger()}),
    ("views.open", "invalid_trigger_id", lambda w: {"trigger_id": "1.2.3"}),
    ("views.open", "view_too_large", lambda w: {"view": {**MODAL, "blocks": LONG}}),
    (
        "views.publish",
        "duplicate_external_id",
        lambda w: {"view": {**HOME, "external_id": w.named_modal()["external_id"]}},
    ),
    ("views.publish", "hash_conflict", lambda w: {"user_id": w.home(), "hash": "1.0"}),
    ("views.publish", "not_enabled", lambda w: {"user_id": w.no_home()}),
    ("views.publish", "view_too_large", lambda w: {"view": {**HOME, "blocks": LONG}}),
    (
        "views.push",
        "duplicate_external_id",
        lambda w: {
            "trigger_id": w.trigger(view=w.opened(external_id="x1")),
            "view": {**MODAL, "external_id": "x1"},
        },
    ),
    ("views.push", "exchanged_trigger_id", lambda w: {"trigger_id": w.used_trigger()}),
    ("views.push", "expired_trigger_id", lambda w: {"trigger_id": w.late_trigger()}),
    ("views.push", "invalid_trigger_id", lambda w: {"trigger_id": "1.2.3"}),
    ("views.push", "not_found", lambda w: {"trigger_id": w.trigger()}),
    ("views.push", "view_too_large", lambda w: {"view": {**MODAL, "blocks": LONG}}),
    (
        "views.push",
        "push_limit_reached",
        lambda w: {"trigger_id": w.trigger(view=w.opened(depth=3))},
    ),
    (
        "views.update",
        "duplicate_external_id",
        lambda w: {
            "view_id": w.sandbox.views.publish(w.ben, HOME).id,
            "view": {**HOME, "external_id": w.named_modal()["external_id"]},
        },
    ),
    ("views.update", "hash_conflict", lambda w: {"hash": "1.0"}),
    ("views.update", "not_found", lambda w: {"view_id": "V404"}),
    ("views.update", "view_too_large", lambda w: {"view": {**MODAL, "blocks": LONG}}),
]
"""(method, error, how to provoke it): what is changed in a call that would go well."""

BEYOND_THE_REFERENCE = {
    ("chat.postEphemeral", "invalid_thread_ts"),
    ("chat.postMessage", "cannot_dm_bot"),
    ("chat.postMessage", "invalid_thread_ts"),
    ("conversations.open", "cannot_dm_bot"),
}
"""Errors that Slack answers, and does not list on the method's page."""

BODIES = [
    ("text/csv", b"a,b", "invalid_post_type"),
    (None, b"channel=C1", "missing_post_type"),
    ("application/json; charset=utf-7", b"{}", "invalid_charset"),
    ("application/json", b"{", "invalid_json"),
    ("application/json", b"\xff", "invalid_json"),
    ("application/json", b"[1]", "json_not_object"),
    ("application/x-www-form-urlencoded", b"channel", "invalid_form_data"),
    ("application/x-www-form-urlencoded", b"text=%ff", "invalid_form_data"),
    ("multipart/form-data; boundary=x", b"nonsense", "invalid_form_data"),
    ("application/x-www-form-urlencoded", b"users[]=U1", "invalid_array_arg"),
]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    moved: list[World] = []

    def monotonic() -> float:
        return moved[0].seconds if moved else 0.0

    manifest = Manifest(scopes=EVERY_SCOPE)
    async with Sandbox(manifest=manifest, monotonic=monotonic, limits=False) as sandbox:
        moved.append(World(sandbox))
        yield moved[0]


@pytest.fixture
def slack(world: World, session: aiohttp.ClientSession) -> AsyncWebClient:
    return client(world.sandbox, session)


def client(sandbox: Sandbox, session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient(
        token=sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[]
    )


async def ask(slack: AsyncWebClient, method: str, args: Args) -> dict[str, Any]:
    """Slack's answer, through the SDK's own method; a refusal too."""
    call = getattr(slack, method.replace(".", "_"))
    try:
        response = await call(**args)
    except SlackApiError as refusal:
        response = refusal.response
    answer: dict[str, Any] = response.data
    return answer


async def post(world: World, session: aiohttp.ClientSession, method: str, args: Args) -> Any:
    """Slack's answer to a form, or to JSON where the method reads it, with nothing added."""
    headers = {"Authorization": f"Bearer {world.sandbox.bot_token}"}
    form = {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in args.items()
    }
    body = {"json": args} if CONTRACT[method].json else {"data": form}
    url = f"{world.sandbox.api_url}{method}"
    async with session.post(url, headers=headers, **body) as response:
        return await response.json()


def complete(world: World, method: str) -> Args:
    """The arguments of a call that goes well, as they travel."""
    args = WELL[method](world)
    return {
        key: ",".join(value) if key in ("users", "channels") else value
        for key, value in args.items()
        if key != "app_token"
    }


REQUIRED = [(name, key) for name, method in CONTRACT.items() for key in method.required]
ERROR_IF_MISSING = {
    ("conversations.create", "name"): "invalid_name_required",
    ("conversations.invite", "users"): "no_user",
    ("conversations.rename", "name"): "invalid_name_required",
    ("files.getUploadURLExternal", "filename"): "missing_argument",
    ("files.getUploadURLExternal", "length"): "missing_argument",
}
"""The errors of their own that methods have for what is left out; else it is invalid_arguments."""
MAY_BE_EMPTY = {("conversations.setPurpose", "purpose"), ("conversations.setTopic", "topic")}

AS_JSON = ("attachments", "blocks", "files", "metadata", "unfurled_attachments", "view")
"""What a form holds as JSON, though the reference calls most of it strings."""
TYPED = [
    (name, key)
    for name, method in CONTRACT.items()
    for key, kind in method.args.items()
    if name != "api.test" and (key in AS_JSON or "|" not in kind)
    if method.json or kind != "string"
    if key != "file_ids"
]
ERROR_OF_TYPE = {
    ("chat.postEphemeral", "attachments"): "invalid_attachments",
    ("chat.postEphemeral", "blocks"): "invalid_blocks",
    ("chat.postMessage", "blocks"): "invalid_blocks",
    ("chat.postMessage", "metadata"): "invalid_metadata_format",
    ("chat.update", "attachments"): "invalid_attachments",
    ("chat.update", "blocks"): "invalid_blocks",
    ("chat.update", "metadata"): "invalid_metadata_format",
    ("chat.update", "unfurled_attachments"): "invalid_attachments",
    ("conversations.list", "limit"): "invalid_limit",
    ("conversations.members", "limit"): "invalid_limit",
    ("files.completeUploadExternal", "blocks"): "invalid_blocks",
    ("users.conversations", "limit"): "invalid_limit",
}
"""The errors of their own that methods have for a wrong type; else it is invalid_arguments."""


def wrong_value(method: Method, key: str) -> Any:
    return 5 if method.args[key] == "string" and key not in AS_JSON else "{"


class TestEveryMethod:
    def test_is_in_the_table(self) -> None:
        assert set(WELL) == set(METHODS)
        assert {method for method, _, _ in STATE} <= set(METHODS)

    @pytest.mark.parametrize("method", METHODS)
    async def test_answers_the_real_client(self, world, slack, method) -> None:
        answer = await ask(slack, method, WELL[method](world))
        assert answer["ok"] is True, answer
        assert world.sandbox.calls[-1].method == method

    @pytest.mark.parametrize("method", sorted(set(METHODS) - set(OF_THE_APP)))
    async def test_takes_what_an_organizations_client_adds(self, world, session, method) -> None:
        args = complete(world, method) | {"team_id": world.sandbox.workspace.team_id}
        assert (await post(world, session, method, args))["ok"] is True

    @pytest.mark.parametrize("method", sorted(set(METHODS) - {"api.test"} - set(OF_THE_APP)))
    async def test_refuses_a_name_it_does_not_know(self, world, session, method) -> None:
        args = complete(world, method) | {"chanel": "C1"}
        answer = await post(world, session, method, args)
        assert answer["error"] == "invalid_arg_name"
        assert "chanel" in answer["response_metadata"]["messages"][0]


class TestRequired:
    def test_what_is_said_here_of_arguments_is_of_required_ones(self) -> None:
        assert {*ERROR_IF_MISSING, *MAY_BE_EMPTY} <= set(REQUIRED)

    @pytest.mark.parametrize("left", ["out", "empty"])
    @pytest.mark.parametrize(("method", "key"), REQUIRED)
    async def test_left(self, world, session, method, key, left) -> None:
        args = complete(world, method)
        del args[key]
        if left == "empty":
            args[key] = ""
        answer = await post(world, session, method, args)
        if left == "empty" and (method, key) in MAY_BE_EMPTY:
            assert answer["ok"] is True
        elif documented := ERROR_IF_MISSING.get((method, key)):
            assert documented in CONTRACT[method].errors
            assert answer["error"] == documented
        else:
            assert answer["error"] == "invalid_arguments"
            messages = answer["response_metadata"]["messages"]
            assert messages == [f"[ERROR] missing required field: {key}"]


class TestTypes:
    def test_what_is_said_here_of_arguments_is_of_those_there_are(self) -> None:
        assert set(ERROR_OF_TYPE) <= set(TYPED)

    @pytest.mark.parametrize(("method", "key"), TYPED)
    async def test_a_wrong_one(self, world, session, method, key) -> None:
        args = complete(world, method) | {key: wrong_value(CONTRACT[method], key)}
        answer = await post(world, session, method, args)
        expected = ERROR_OF_TYPE.get((method, key), "invalid_arguments")
        assert expected in (*CONTRACT[method].errors, "invalid_arguments")
        assert answer["error"] == expected


class TestTokens:
    @pytest.mark.parametrize("method", sorted(set(METHODS) - set(NO_TOKEN)))
    async def test_missing_wrong_of_another_kind_and_lost(self, world, session, method) -> None:
        sandbox, url = world.sandbox, f"{world.sandbox.api_url}{method}"
        other = sandbox.bot_token if method in OF_THE_APP else sandbox.app_token
        errors = {"": "not_authed", "xoxb-wrong": "invalid_auth", other: "not_allowed_token_type"}
        if method in OF_BOTH:
            del errors[other]
        for token, error in errors.items():
            async with session.post(url, data={"token": token}) as response:
                assert (await response.json())["error"] == error
        if method in OF_THE_APP:
            return
        sandbox.revoke_tokens()
        async with session.post(url, data={"token": sandbox.bot_token}) as response:
            assert (await response.json())["error"] == "token_revoked"
        sandbox.uninstall()
        async with session.post(url, data={"token": sandbox.bot_token}) as response:
            assert (await response.json())["error"] == "account_inactive"


class TestScopes:
    async def test_none_at_all(self, session) -> None:
        async with Sandbox(limits=False) as bare:
            for method, contract in CONTRACT.items():
                if not contract.scopes:
                    continue
                url, data = f"{bare.api_url}{method}", {"token": bare.bot_token}
                async with session.post(url, data=data) as response:
                    answer = await response.json()
                assert answer["error"] == "missing_scope"
                assert set(answer["needed"].split(",")) == set(contract.scopes)
                assert answer["provided"] == ""


class TestState:
    @pytest.mark.filterwarnings("ignore:The top-level `text`")  # the SDK of what Slack refuses
    @pytest.mark.parametrize(("method", "error", "provoke"), STATE)
    async def test_refused(self, world, slack, method, error, provoke) -> None:
        assert error in CONTRACT[method].errors or (method, error) in BEYOND_THE_REFERENCE
        args = WELL[method](world) if method != "conversations.unarchive" else {}
        answer = await ask(slack, method, args | provoke(world))
        assert (answer["ok"], answer.get("error")) == (False, error), answer

    @pytest.mark.parametrize("method", ["chat.postMessage", "chat.postEphemeral", "chat.update"])
    async def test_as_much_markdown_as_slack_takes(self, world, slack, method) -> None:
        args = WELL[method](world) | {"text": None, "blocks": None}
        answer = await ask(slack, method, args | {"markdown_text": "x" * 12_000})
        assert answer["ok"] is True, answer

    @pytest.mark.parametrize("thread", ["", "1602251441.001700"])
    async def test_a_thread_that_slack_takes(self, world, slack, thread) -> None:
        args = WELL["chat.postMessage"](world) | {"thread_ts": thread}
        answer = await ask(slack, "chat.postMessage", args)
        assert answer["message"].get("thread_ts") == (thread or None)

    async def test_an_error_of_ones_own(self, slack) -> None:
        answer = await ask(slack, "api.test", {"error": "my_error", "foo": "bar"})
        assert answer == {
            "ok": False,
            "error": "my_error",
            "args": {"error": "my_error", "foo": "bar"},
        }


class TestTriggers:
    @pytest.mark.parametrize("first", ["views.open", "views.push"])
    async def test_works_once(self, world, slack, first) -> None:
        trigger = world.trigger(view=world.opened())
        call = {"trigger_id": trigger, "view": MODAL}
        assert (await ask(slack, first, call))["ok"] is True
        for again in ("views.push", "views.open"):
            assert (await ask(slack, again, call))["error"] == "exchanged_trigger_id"

    async def test_a_refused_push_leaves_it_unused(self, world, slack) -> None:
        trigger = world.trigger(view=world.opened())
        bad = {"trigger_id": trigger, "view": {**MODAL, "blocks": LONG}}
        assert (await ask(slack, "views.push", bad))["error"] == "view_too_large"
        assert (await ask(slack, "views.push", bad | {"view": MODAL}))["ok"] is True


class TestBodies:
    @pytest.mark.parametrize(("content_type", "body", "error"), BODIES)
    async def test_one_that_cannot_be_read(self, world, session, content_type, body, error) -> None:
        headers = {"Authorization": f"Bearer {world.sandbox.bot_token}"}
        if content_type:
            headers["Content-Type"] = content_type
        async with session.post(
            f"{world.sandbox.api_url}chat.postMessage",
            headers=headers,
            data=body,
            skip_auto_headers=["Content-Type"],
        ) as response:
            assert (await response.json())["error"] == error

    async def test_connections_are_opened_by_post(self, world, session) -> None:
        url, params = f"{world.sandbox.api_url}apps.connections.open", {"token": "x"}
        async with session.get(url, params=params) as response:
            assert (await response.json())["error"] == "insecure_request"

    async def test_what_a_content_blind_app_never_asks(self, world, slack) -> None:
        for method in (slack.conversations_history, slack.conversations_replies):
            with pytest.raises(SlackApiError, match="unknown_method"):
                await method(
                    channel=world.pair, **({"ts": "1"} if "replies" in str(method) else {})
                )


MET_EVERYWHERE = (
    "not_authed",
    "invalid_auth",
    "not_allowed_token_type",
    "missing_scope",
    "invalid_arguments",
    "internal_error",
)


def table() -> str:
    """A line a method: errors met here, and those documented that never come."""
    met = {method: {code for name, code, _ in STATE if name == method} for method in METHODS}
    for (method, _), code in ERROR_IF_MISSING.items():
        met[method].add(code)
    for (method, _), code in ERROR_OF_TYPE.items():
        met[method].add(code)
    met["apps.connections.open"].add("insecure_request")
    lines = ["| method | errors met | documented, and left out |", "|---|---|---|"]
    for method in METHODS:
        left_out = set(CONTRACT[method].errors) - met[method] - set(MET_EVERYWHERE)
        here = met[method] - {"invalid_arguments"}
        lines.append(f"| {method} | {', '.join(sorted(here))} | {', '.join(sorted(left_out))} |")
    return "\n".join(lines) + "\n"


class TestReadme:
    def test_names_every_method_and_error(self) -> None:
        text = README.read_text(encoding="utf-8")
        head, _, rest = text.partition(BEGIN)
        written, _, tail = rest.partition(END)
        if os.environ.get("GOLDEN_REWRITE"):
            README.write_text(head + BEGIN + table() + END + tail, encoding="utf-8")
        else:
            assert written == table()
