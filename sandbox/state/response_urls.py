"""The addresses at which an app answers later to what a person did."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.block_kit.refusals import check_message
from sandbox.blocks import Json
from sandbox.errors import SlackError
from sandbox.state.records import Message
from sandbox.state.workspace import Workspace

MOST_USES = 5
LIFETIME_SECONDS = 30 * 60.0


@dataclass
class ResponseUrl:
    """`message` is the one a button was pressed on; None after a slash command."""

    user: str
    channel: str
    message: Message | None
    made: float
    uses: int = 0


class ResponseUrls:
    def __init__(self, workspace: Workspace, monotonic: Callable[[], float]) -> None:
        self._workspace = workspace
        self._monotonic = monotonic
        self._urls: dict[str, ResponseUrl] = {}

    def new(self, user: str, channel: str, message: Message | None = None) -> str:
        url_id = self._workspace.ids.next("R")
        self._urls[url_id] = ResponseUrl(user, channel, message, self._monotonic())
        return url_id

    def use(self, url_id: str, body: Any) -> None:
        """Does what the app asks for; raises SlackError when Slack would not. Slack does not say
        whether what it refuses for its content is a use; here it is none."""
        url = self._urls.get(url_id)
        if url is None:
            raise SlackError("no_url")
        if self._monotonic() - url.made > LIFETIME_SECONDS:
            raise SlackError("expired_url")
        if url.uses >= MOST_USES:
            raise SlackError("used_url")
        if not isinstance(body, dict):
            raise SlackError("invalid_payload")
        self._respond(url, body)
        url.uses += 1

    def _respond(self, url: ResponseUrl, body: Json) -> None:
        original = url.message
        if body.get("delete_original"):
            if original is not None:
                self._workspace.conversations[url.channel].messages.pop(original.ts, None)
            return
        if original is not None and body.get("replace_original"):
            self._workspace.edit(original, said(body))
            return
        respond(self._workspace, url.channel, url.user, body)


def respond(workspace: Workspace, channel: str, user: str, body: Json) -> Message:
    """The app's answer to a person: for their eyes, or `in_channel` for everybody there."""
    content = said(body)
    visible_to = None if body.get("response_type") == "in_channel" else user
    conversation = workspace.conversations[channel]
    return workspace.post(conversation, workspace.bot.id, visible_to=visible_to, **content)


def said(body: Json) -> Json:
    text, blocks = body.get("text") or "", body.get("blocks") or []
    attachments = body.get("attachments") or []
    if not (text or blocks or attachments):
        raise SlackError("no_text")
    check_message(blocks, attachments)
    return {"text": text, "blocks": blocks, "attachments": attachments}
