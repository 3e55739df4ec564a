"""What Slack sends to the app when somebody does something, and when."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sandbox.blocks import Json
from sandbox.forms import current
from sandbox.manifest import Manifest
from sandbox.state.records import Conversation, Message, User
from sandbox.state.response_urls import ResponseUrls
from sandbox.state.shapes import channel_name_for_payload, message_json, view_json
from sandbox.state.views import View, Views
from sandbox.state.workspace import Workspace
from sandbox.to_app.transport import Kind


@dataclass(frozen=True)
class Slack:
    """What a person's client is connected to."""

    workspace: Workspace
    views: Views
    manifest: Manifest
    response_urls: ResponseUrls
    response_base: str
    send: Callable[[Kind, Json], Awaitable[Json]]
    emit: Callable[[Json], None]

    def new_response_url(self, user: User, channel: str, message: Message | None = None) -> str:
        return self.response_base + self.response_urls.new(user.id, channel, message)


def slash_command(
    slack: Slack, user: User, conversation: Conversation, command: str, text: str
) -> Json:
    workspace = slack.workspace
    return {
        "token": "sandbox",
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": conversation.id,
        "channel_name": channel_name_for_payload(conversation),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": slack.new_response_url(user, conversation.id),
        "trigger_id": slack.views.new_trigger(user.id),
    }


def message_action(slack: Slack, user: User, message: Message, action: Json) -> Json:
    """Slack leaves out the message itself where it is ephemeral."""
    conversation = slack.workspace.conversations[message.channel]
    ephemeral = message.visible_to is not None
    payload = {
        **_interaction(slack, user, "block_actions"),
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": conversation.id,
            "is_ephemeral": ephemeral,
        },
        "channel": {"id": conversation.id, "name": channel_name_for_payload(conversation)},
        "state": {"values": current(message.blocks, {}, {})},
        "response_url": slack.new_response_url(user, conversation.id, message),
        "actions": [{**action, "action_ts": slack.workspace.next_ts()}],
    }
    if not ephemeral:
        payload["message"] = message_json(message, slack.workspace)
    return payload


def view_action(slack: Slack, user: User, view: View, action: Json) -> Json:
    return {
        **_interaction(slack, user, "block_actions", view),
        "container": {"type": "view", "view_id": view.id},
        "view": _filled_view(slack, view),
        "actions": [{**action, "action_ts": slack.workspace.next_ts()}],
    }


def view_submission(slack: Slack, user: User, view: View) -> Json:
    payload = _interaction(slack, user, "view_submission", view)
    return {**payload, "view": _filled_view(slack, view), "response_urls": []}


def view_closed(slack: Slack, user: User, view: View, *, cleared: bool) -> Json:
    payload = _interaction(slack, user, "view_closed")
    return {**payload, "view": _filled_view(slack, view), "is_cleared": cleared}


def home_opened(slack: Slack, user: User, channel: str) -> Json:
    event = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": channel,
        "tab": "home",
        "event_ts": slack.workspace.next_ts(),
    }
    home = slack.views.homes.get(user.id)
    return event | ({"view": view_json(home, slack.workspace)} if home else {})


def _interaction(slack: Slack, user: User, kind: str, view: View | None = None) -> Json:
    workspace = slack.workspace
    modal = view.id if view and view.content["type"] == "modal" else None
    return {
        "type": kind,
        "token": "sandbox",
        "team": {"id": workspace.team_id, "domain": workspace.domain},
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": workspace.team_id,
        },
        "api_app_id": workspace.app_id,
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": slack.views.new_trigger(user.id, modal),
    }


def _filled_view(slack: Slack, view: View) -> Json:
    shape = view_json(view, slack.workspace)
    shape["state"] = {"values": current(view.blocks, view.values, {})}
    return shape
