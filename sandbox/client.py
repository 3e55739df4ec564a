"""A person at their Slack: what they type, press and fill in, and what they see.

Slack's own client checks a good deal before the app hears of anything; so does this one.
"""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.blocks import Json
from sandbox.errors import BadAck, SlackError, SlackRefuses
from sandbox.forms import Values, current, entry_of, fill, pressed
from sandbox.state import invitations
from sandbox.state.records import Conversation, Message
from sandbox.state.response_urls import respond
from sandbox.state.shapes import message_json, view_json
from sandbox.state.views import View
from sandbox.state.workspace import Workspace
from sandbox.to_app import payloads
from sandbox.to_app.payloads import Slack

LONGEST_TEXT = 40_000


@dataclass(frozen=True)
class Answer:
    """The app's acknowledgement of a slash command, and the message it became, if any."""

    body: Json
    message: Json | None = None

    @property
    def text(self) -> str:
        return str(self.body.get("text") or "")


@dataclass(frozen=True)
class Submitted:
    """`errors` by block id: not empty when the modal stays open for the person to mend."""

    errors: dict[str, str] = field(default_factory=dict)


class Member:
    """One person. Everything is kept in the workspace, so that two of these for one person
    are the same.

    Raises SlackRefuses for what Slack's client would not let them do, NotAcknowledged when the
    app does not answer, BadAck when it answers with something Slack cannot show.
    """

    def __init__(self, slack: Slack, user_id: str) -> None:
        self._slack = slack
        self.user = slack.workspace.user(user_id)
        self.id = user_id

    # What they see

    @property
    def modal(self) -> Json | None:
        """The view on top of this person's stack."""
        stack = self._slack.views.stacks[self.id]
        return view_json(stack[-1], self._slack.workspace) if stack else None

    @property
    def home(self) -> Json | None:
        view = self._slack.views.homes.get(self.id)
        return view_json(view, self._slack.workspace) if view else None

    @property
    def channels(self) -> list[Json]:
        """Conversations they are in, as {"id", "name", "kind"}, in the order of joining."""
        return [
            {"id": one.id, "name": one.name, "kind": one.kind}
            for one in self._slack.workspace.conversations_of(self.id)
        ]

    def direct(self) -> str:
        """The DM with the app, opened if it is not there yet."""
        workspace = self._slack.workspace
        return workspace.open_direct(self.id, [workspace.bot.id])[0].id

    def messages(self, channel: str) -> list[Json]:
        """Oldest first. Ephemeral ones are seen only by whom they are for; where somebody is
        not a member they see nothing else."""
        messages = self._slack.workspace.conversations[channel].messages.values()
        return [self._shape(message) for message in messages if self._sees(message)]

    # What they do

    async def command(self, command: str, text: str = "", channel: str | None = None) -> Answer:
        """Types a slash command; in the DM with the app when no channel is given."""
        conversation = self._entered(channel or self.direct())
        known = self._slack.manifest.command(command)
        if known is None:
            raise SlackRefuses("", f"{command} is not a command here")
        if known.should_escape:
            text = escaped(text, self._slack.workspace)
        payload = payloads.slash_command(self._slack, self.user, conversation, command, text)
        body = await self._slack.send("command", payload)
        if not (body.get("text") or body.get("blocks") or body.get("attachments")):
            return Answer(body)
        try:
            message = respond(self._slack.workspace, conversation.id, self.id, body)
        except SlackError as error:
            raise BadAck(f"{command}: {error.code}") from error
        return Answer(body, self._shape(message))

    async def click(
        self,
        source: Json,
        action_id: str,
        value: Any = None,
        *,
        block_id: str | None = None,
        typed: Values | None = None,
    ) -> None:
        """Presses a button, or chooses `value` in a select, in a message, modal or Home.

        Where several buttons share an action_id, `value` or `block_id` says which. `typed` is what
        has been filled in around it so far: it travels along, and stays.
        """
        self._check_active()
        if "ts" in source:
            message = self._present(source)
            action = pressed(message.blocks, action_id, value, block_id)
            payload = payloads.message_action(self._slack, self.user, message, action)
        else:
            view = self._opened(source)
            action = pressed(view.blocks, action_id, value, block_id)
            if typed:
                view.values = current(view.blocks, view.values, typed)
            if entry := entry_of(action):
                view.values.setdefault(action["block_id"], {})[action_id] = entry
            payload = payloads.view_action(self._slack, self.user, view, action)
        await self._slack.send("interaction", payload)

    async def submit(self, values: Values | None = None) -> Submitted:
        """Fills in the modal and submits it; what is not named keeps its value."""
        self._check_active()
        view = self._top()
        if not view.content.get("submit"):
            raise SlackRefuses("", "this modal has no submit button")
        filled_in = fill(view.blocks, values or {}, view.values)
        self._check_ids(filled_in)
        view.values = filled_in
        payload = payloads.view_submission(self._slack, self.user, view)
        return self._take(view, await self._slack.send("interaction", payload))

    async def close(self, *, all_views: bool = False) -> None:
        """Closes the top modal, or every one; the app hears of it where the view asks so."""
        view = self._top()
        cleared = all_views or bool(view.content.get("clear_on_close"))
        payload = payloads.view_closed(self._slack, self.user, view, cleared=cleared)
        if cleared:
            self._slack.views.clear(self.id)
        else:
            self._slack.views.pop(self.id)
        if view.content.get("notify_on_close"):
            await self._slack.send("interaction", payload)

    def open_home(self) -> None:
        """Goes to the app's Home tab; the event is on its way when this returns."""
        self._check_active()
        if not self._slack.manifest.home_tab:
            raise SlackRefuses("", "the app has no Home tab")
        self._slack.emit(payloads.home_opened(self._slack, self.user, self.direct()))

    def say(self, channel: str, text: str) -> Json:
        """Writes a message. No event: the app has no scope that would let it hear of it.

        Slack keeps what people type with &, < and > escaped, so that it is no mention and no link.
        """
        conversation, manifest = self._entered(channel), self._slack.manifest
        to_app = conversation.kind == "im" and self._slack.workspace.bot.id in conversation.members
        if to_app and (manifest.messages_tab_read_only or not manifest.messages_tab):
            raise SlackRefuses("", "one cannot write to this app")
        if len(text) > LONGEST_TEXT:
            raise SlackRefuses("", f"a message has at most {LONGEST_TEXT:,} characters")
        return self._shape(
            self._slack.workspace.post(conversation, self.id, html.escape(text, quote=False))
        )

    def join(self, channel: str) -> None:
        """Joins a public channel."""
        self._check_active()
        conversation = self._seen(channel)
        if conversation.kind != "public" or self.user.is_guest:
            raise SlackRefuses("", f"one comes into {channel} by invitation only")
        if conversation.archived:
            raise SlackRefuses("", f"{channel} is archived")
        self._slack.workspace.join(conversation, [self.id])

    def leave(self, channel: str) -> None:
        conversation = self._entered(channel)
        if not conversation.is_channel or self.user.is_guest:
            raise SlackRefuses("", f"{self.user.name} cannot leave {channel}")
        self._slack.workspace.leave(channel, self.id)

    def invite(self, channel: str, *users: str) -> None:
        """Invites people, or the app, to a channel one is in."""
        self._entered(channel)
        try:
            invitations.invite(self._slack.workspace, channel, self.id, users)
        except SlackError as error:
            raise SlackRefuses("", f"cannot invite to {channel}: {error.code}") from None

    # What Slack's client checks

    def _check_active(self) -> None:
        if self.user.deleted:
            raise SlackRefuses("", f"{self.user.name} is deactivated")

    def _seen(self, channel: str) -> Conversation:
        try:
            return self._slack.workspace.conversation(channel, self.id)
        except SlackError:
            raise SlackRefuses("", f"{self.user.name} does not see {channel}") from None

    def _entered(self, channel: str) -> Conversation:
        self._check_active()
        conversation = self._seen(channel)
        if self.id not in conversation.members:
            raise SlackRefuses("", f"{self.user.name} is not in {channel}")
        if conversation.archived:
            raise SlackRefuses("", f"{channel} is archived")
        return conversation

    def _sees(self, message: Message) -> bool:
        if message.visible_to is not None:
            return message.visible_to == self.id
        return self.id in self._slack.workspace.conversations[message.channel].members

    def _present(self, source: Json) -> Message:
        conversation = self._slack.workspace.conversations.get(source["channel"])
        message = conversation.messages.get(source["ts"]) if conversation else None
        if message is None or not self._sees(message):
            raise SlackRefuses("", "this message is not there any more")
        return message

    def _opened(self, source: Json) -> View:
        try:
            view = self._slack.views.find(source["id"], None)
        except SlackError:
            raise SlackRefuses("", "this view is not open any more") from None
        if view.user != self.id:
            raise SlackRefuses("", f"this view is not open before {self.user.name}")
        return view

    def _top(self) -> View:
        stack = self._slack.views.stacks[self.id]
        if not stack:
            raise SlackRefuses("", f"{self.user.name} has no modal open")
        return stack[-1]

    def _check_ids(self, state: dict[str, Json]) -> None:
        """Slack's pickers offer only people who are there, and conversations one sees."""
        workspace = self._slack.workspace
        for block_id, entries in state.items():
            for entry in entries.values():
                for user in _picked(entry, "user"):
                    if user not in workspace.users:
                        raise SlackRefuses(block_id, f"no user {user}")
                for channel in [*_picked(entry, "conversation"), *_picked(entry, "channel")]:
                    found = workspace.conversations.get(channel)
                    if found is None or not workspace.sees(self.id, found):
                        raise SlackRefuses(block_id, f"no conversation {channel}")

    # What the app's answer does

    def _take(self, view: View, ack: Json) -> Submitted:
        if ack.get("response_action") == "errors":
            return Submitted(_errors(view, ack.get("errors")))
        try:
            self._change_stack(view, ack)
        except SlackError as error:
            raise BadAck(f"{ack['response_action']}: {error.code} {error.details}") from error
        return Submitted()

    def _change_stack(self, view: View, ack: Json) -> None:
        views, stack = self._slack.views, self._slack.views.stacks[self.id]
        match ack:
            case {"response_action": "update"}:
                views.update(view, ack.get("view"))
            case {"response_action": "push"}:
                views.push(self.id, ack.get("view"))
            case {"response_action": "clear"}:
                views.clear(self.id)
            case _ if ack:
                raise BadAck(f"no acknowledgement of a submission: {ack}")
            case _ if stack and stack[-1] is view:
                views.pop(self.id)

    def _shape(self, message: Message) -> Json:
        return {"channel": message.channel, **message_json(message, self._slack.workspace)}


def escaped(text: str, workspace: Workspace) -> str:
    """What a person types as @name or #channel, in the form in which the app is told of it."""

    def mention(found: re.Match[str]) -> str:
        sign, name = found[1], found[2]
        if sign == "@":
            ids = [user.id for user in workspace.users.values() if user.name == name]
        else:
            channels = workspace.conversations.values()
            ids = [one.id for one in channels if one.kind == "public" and one.name == name]
        return f"<{sign}{ids[0]}|{name}>" if ids else found[0]

    return re.sub(r"(?<![\w<])([@#])([\w.-]*\w)", mention, text)


def _picked(entry: Json, kind: str) -> list[str]:
    """Ids of users, conversations or channels in the state of one element."""
    several: list[str] = entry.get(f"selected_{kind}s", [])
    one = entry.get(f"selected_{kind}")
    return [*several, one] if one else several


def _errors(view: View, errors: Any) -> dict[str, str]:
    """Slack shows an error beside an input, and nothing at all where there is no such input."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise BadAck(f"errors for none of the inputs: {errors}")
    return {name: str(text) for name, text in errors.items()}
