"""The JSON in which Slack speaks of conversations, messages and views."""

from dataclasses import asdict
from typing import Any

from sandbox.blocks import Json
from sandbox.state.records import Conversation, Message
from sandbox.state.views import View
from sandbox.state.workspace import Workspace


def conversation_json(conversation: Conversation, viewer: str) -> Json:
    if conversation.kind == "im":
        return _direct_json(conversation, viewer)
    return {
        "id": conversation.id,
        "name": conversation.name,
        "name_normalized": conversation.name,
        "is_channel": conversation.kind == "public",
        "is_group": conversation.kind == "private",
        "is_im": False,
        "is_mpim": conversation.kind == "mpim",
        "is_private": conversation.kind != "public",
        "is_archived": conversation.archived,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_member": viewer in conversation.members,
        "creator": conversation.creator,
        "created": conversation.created,
        "unlinked": 0,
        "topic": asdict(conversation.topic),
        "purpose": asdict(conversation.purpose),
        "previous_names": conversation.previous_names,
    }


def _direct_json(conversation: Conversation, viewer: str) -> Json:
    other = next((user for user in conversation.members if user != viewer), viewer)
    return {
        "id": conversation.id,
        "created": conversation.created,
        "is_archived": conversation.archived,
        "is_im": True,
        "is_org_shared": False,
        "user": other,
        "is_user_deleted": False,
        "priority": 0,
    }


def message_json(message: Message, workspace: Workspace) -> Json:
    shape: Json = {
        "type": "message",
        "user": message.user,
        "team": workspace.team_id,
        "text": message.text,
        "ts": message.ts,
    }
    if message.bot_id is not None:
        shape["bot_id"] = message.bot_id
        shape["app_id"] = workspace.app_id
    optional: dict[str, Any] = {
        "blocks": message.blocks,
        "attachments": message.attachments,
        "files": [workspace.files.shape(file) for file in message.files],
        "metadata": message.metadata,
        "thread_ts": message.thread_ts,
    }
    shape |= {name: value for name, value in optional.items() if value}
    if message.edited is not None:
        shape["edited"] = {"user": message.bot_id or message.user, "ts": message.edited}
    return shape


def view_json(view: View, workspace: Workspace) -> Json:
    content = view.content
    return {
        "id": view.id,
        "team_id": workspace.team_id,
        "type": content["type"],
        "title": content.get("title"),
        "submit": content.get("submit"),
        "close": content.get("close"),
        "blocks": view.blocks,
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "external_id": view.external_id,
        "state": {"values": view.values},
        "hash": view.hash,
        "clear_on_close": content.get("clear_on_close", False),
        "notify_on_close": content.get("notify_on_close", False),
        "submit_disabled": content.get("submit_disabled", False),
        "root_view_id": view.root,
        "previous_view_id": view.previous,
        "app_id": workspace.app_id,
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot_id,
    }


def channel_name_for_payload(conversation: Conversation) -> str:
    """Slack does not name private conversations in what it sends to an app."""
    generic = {"private": "privategroup", "im": "directmessage"}
    return generic.get(conversation.kind, conversation.name)
