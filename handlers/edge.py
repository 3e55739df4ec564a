"""The edge: what every listener goes through.

A guard recognises the person, runs the listener, and answers Slack once: with what the listener
returns, or with the sentence of a UserFacingError, or with an apology and a reference that stands
in the log. A listener receives, translates, calls one service, renders; it never acknowledges.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import ClientError
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.errors import UserFacingError
from bot.log import get_logger
from bot.people import service as people
from bot.runtime import Runtime
from bot.slack.errors import InDoubt, SlackError, TryLater
from bot.views import blocks
from bot.views.blocks import Message
from models import Person

Answer = dict[str, Any]
"""The body of an acknowledgement; {} says only that it arrived."""

NOTHING: Answer = {}
LONGEST_ECHO = 40


@dataclass(frozen=True)
class Request:
    """Who asks, and what Slack sent. `text` are the words after the sub-command."""

    person: Person
    body: dict[str, Any]
    text: str = ""

    @property
    def workspace_id(self) -> int:
        return self.person.workspace_id

    @property
    def channel_id(self) -> str:
        return str(self.body.get("channel_id") or self.body.get("channel", {}).get("id", ""))


Listener = Callable[[Runtime, Request], Awaitable[Answer]]
BoltListener = Callable[..., Awaitable[None]]


def shown(typed: str) -> str:
    """What a person typed, short enough for a sentence and fit to stand between backticks."""
    return typed[:LONGEST_ECHO].replace("`", "'")


def privately(message: Message) -> Answer:
    """An answer only the person who asked sees."""
    return {"response_type": "ephemeral", "text": message.text, "blocks": list(message.blocks)}


def in_channel(message: Message) -> Answer:
    return {"response_type": "in_channel", "text": message.text, "blocks": list(message.blocks)}


def in_its_place(runtime: Runtime, request: Request, message: Message) -> Answer:
    """What is to be said of a form that was submitted, where the form was."""
    close = runtime.library.label("home.notice_close")
    notice = blocks.notice(request.body["view"]["title"]["text"], close, message.text)
    return {"response_action": "update", "view": notice | {"blocks": list(message.blocks)}}


def command(listener: Listener) -> BoltListener:
    """Guards a slash command: the acknowledgement carries the answer."""

    async def guarded(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        runtime: Runtime = context["runtime"]
        try:
            answer = await listener(runtime, await _request(runtime, body))
        except Exception as error:
            answer = privately(blocks.message(_sentence(runtime, error)))
        await ack(answer)

    return guarded


def modal(listener: Listener) -> BoltListener:
    """Guards a submission: a sentence about a field stands beside it, any other one comes up above
    the form. Either way, what was typed is kept."""

    async def guarded(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        runtime: Runtime = context["runtime"]
        try:
            answer = await listener(runtime, await _request(runtime, body))
        except Exception as error:
            answer = _form_answer(runtime, body, error)
        await ack(answer)

    return guarded


def action(listener: Listener) -> BoltListener:
    """Guards a button: acknowledged with nothing; a sentence goes to the person alone. From a
    message it is said below it, from a Home or a modal it comes up above that."""

    async def guarded(
        ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any], context: dict[str, Any]
    ) -> None:
        runtime: Runtime = context["runtime"]
        await ack()
        try:
            answer = await listener(runtime, await _request(runtime, body))
        except Exception as error:
            answer = privately(blocks.message(_sentence(runtime, error)))
        if answer and "response_url" in body:
            await _say_below(respond, answer)
        elif answer:
            await _say_above(runtime, body, answer)

    return guarded


async def _say_below(respond: AsyncRespond, answer: Answer) -> None:
    """What was done stays done when this does not get through."""
    try:
        said = await respond({"replace_original": False} | answer)
        if said.status_code != HTTPStatus.OK:
            get_logger().warning("answer_lost", status=said.status_code)
    except (ClientError, TimeoutError) as error:
        get_logger().warning("answer_lost", exc_info=error)


async def _say_above(runtime: Runtime, body: dict[str, Any], answer: Answer) -> None:
    """Says the answer in a modal: Slack gives a button in a view no other way to. A listener that
    has opened a form has used the trigger up, and has nothing more to say."""
    view, in_modal = body["view"], body["view"]["type"] == "modal"
    title = view["title"]["text"] if in_modal else runtime.library.label("home.notice_title")
    close = (view.get("close") or {}).get("text") or runtime.library.label("home.notice_close")
    notice = blocks.notice(title, close, answer["text"]) | {"blocks": answer["blocks"]}
    show = runtime.slack.push_view if in_modal else runtime.slack.open_view
    try:
        await show(body["trigger_id"], notice)
    except SlackError as error:
        get_logger().warning("answer_lost", code=error.code)


async def _request(runtime: Runtime, body: dict[str, Any]) -> Request:
    team_id = body.get("team_id") or body["team"]["id"]
    user_id = body.get("user_id") or body["user"]["id"]
    return Request(await people.recognise(runtime, team_id, user_id), body)


def _form_answer(runtime: Runtime, body: dict[str, Any], error: Exception) -> Answer:
    if isinstance(error, UserFacingError) and error.field is not None:
        sentence = runtime.library.label(f"errors.{error.key}", **error.values)
        return {"response_action": "errors", "errors": {error.field: sentence}}
    title, close = body["view"]["title"]["text"], body["view"]["close"]["text"]
    notice = blocks.notice(title, close, _sentence(runtime, error))
    return {"response_action": "push", "view": notice}


def _sentence(runtime: Runtime, error: Exception) -> str:
    if isinstance(error, UserFacingError):
        return runtime.library.say(f"errors.{error.key}", **error.values)
    reference = runtime.new_key()[:8]
    if isinstance(error, SlackError):
        passing = isinstance(error, (TryLater, InDoubt))  # nothing that an operator could mend
        log = get_logger().warning if passing else get_logger().error
        log("listener_failed", reference=reference, code=error.code, exc_info=error)
        return runtime.library.say("errors.slack_refused", reference=reference)
    get_logger().error("listener_failed", reference=reference, exc_info=error)
    return runtime.library.say("errors.something_wrong", reference=reference)
