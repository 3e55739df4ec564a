"""The JSON in which Slack speaks of users, conversations, messages and views."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.blocks import Json
from sandbox.views import View
from sandbox.workspace import Conversation, Message, User, Workspace


def user_json(
    user: User, team_id: str, moment: datetime, *, email: bool = False, locale: bool = False
) -> Json:
    """`moment` decides the time zone's offset; `email` and `locale` whether they are shown."""
    profile: Json = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "team": team_id,
    }
    if email and user.email is not None:
        profile["email"] = user.email
    shape: Json = {
        "id": user.id,
        "team_id": team_id,
        "name": user.name,
        "deleted": user.deleted,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 0,
    }
    if not user.deleted:
        shape |= _of_active(user, moment)
    if locale:
        shape["locale"] = user.locale
    return shape


def _of_active(user: User, moment: datetime) -> Json:
    """Slack leaves these out for somebody whose account was deactivated."""
    local = moment.astimezone(ZoneInfo(user.tz))
    offset = local.utcoffset()
    return {
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": local.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_primary_owner": user.is_owner,
        "is_restricted": False,
        "is_ultra_restricted": False,
    }


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
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
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
