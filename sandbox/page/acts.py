"""POST: what a visitor does as one of the people, and what they do with the demo itself.

What Slack's client or the app has to say against an act of a person is no error of the page: it is
answered with 200, and a sentence.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from sandbox.blocks import Json
from sandbox.client import Member
from sandbox.errors import BadAck, NotAcknowledged, SlackError, SlackRefuses
from sandbox.forms import names_of
from sandbox.own_machine import Handler
from sandbox.page.guard import Problem
from sandbox.page.requests import (
    PAGE,
    Page,
    body_of,
    conversation_of,
    flag_of,
    person_of,
    text_of,
    values_of,
)

Act = Callable[[Page, Member, Json], Awaitable[Json]]
SPANS = (1, 7)
"""So many days the clock can be moved on at once."""


def of_person(act: Act) -> Handler:
    """The visitor takes the person over with this, and the cast leaves them alone from now on."""

    async def handle(request: web.Request) -> web.Response:
        page, person = request.app[PAGE], person_of(request)
        body = await body_of(request)
        member = page.demo.sandbox.member(person)
        try:
            async with page.demo.taking(person):
                done = await act(page, member, body)
        except SlackRefuses as refused:
            return _refused(as_sentence(refused.reason))
        except NotAcknowledged as error:
            name = page.demo.sandbox.workspace.bot.real_name
            why = "did not answer in time" if error.status is None else "answered with an error"
            return _refused(f"{name} {why}.")
        except BadAck:
            name = page.demo.sandbox.workspace.bot.real_name
            return _refused(f"{name} answered with something that Slack cannot show.")
        except SlackError as error:
            return _refused(f"Slack does not do that: {error.code}.")
        return web.json_response({"ok": True, **done})

    return handle


async def command(page: Page, member: Member, body: Json) -> Json:
    channel = conversation_of(page, member.id, text_of(body, "channel")).id
    line = text_of(body, "text").strip()
    if not line.startswith("/"):
        raise Problem(HTTPStatus.BAD_REQUEST, "A command begins with a slash.")
    word, _, rest = line.partition(" ")
    await member.command(word, rest.strip(), channel)
    return {}


async def say(page: Page, member: Member, body: Json) -> Json:
    channel = conversation_of(page, member.id, text_of(body, "channel")).id
    member.say(channel, text_of(body, "text"))
    return {}


async def click(page: Page, member: Member, body: Json) -> Json:
    action_id = text_of(body, "action_id")
    block_id = text_of(body, "block_id") if body.get("block_id") is not None else None
    if "view" in body:
        source, typed = {"id": text_of(body, "view")}, values_of(body)
    else:
        channel = conversation_of(page, member.id, text_of(body, "channel")).id
        source, typed = {"channel": channel, "ts": text_of(body, "ts")}, {}
    await member.click(source, action_id, body.get("value"), block_id=block_id, typed=typed)
    return {}


async def submit(page: Page, member: Member, body: Json) -> Json:
    """What was typed where there is no input any more is left out: the app has changed the form
    meanwhile. What Slack's client or the app finds wrong stands beside its input."""
    view, values = text_of(body, "view"), values_of(body)
    modal = _on_top(member, view)
    there = set(names_of(modal["blocks"]))
    try:
        submitted = await member.submit({name: values[name] for name in values if name in there})
    except SlackRefuses as refused:
        if not refused.fields:
            raise
        return {"errors": {name: as_sentence(why) for name, why in refused.fields.items()}}
    return {"errors": submitted.errors} if submitted.errors else {}


async def close(page: Page, member: Member, body: Json) -> Json:
    everything = flag_of(body, "all")
    _on_top(member, text_of(body, "view"))
    await member.close(all_views=everything)
    return {}


async def home(request: web.Request) -> web.Response:
    """Looking at the Home tab does not take somebody over."""
    page, person = request.app[PAGE], person_of(request)
    try:
        page.demo.sandbox.member(person).open_home()
    except SlackRefuses as refused:
        return _refused(as_sentence(refused.reason))
    return web.json_response({"ok": True})


async def clock(request: web.Request) -> web.Response:
    days = (await body_of(request)).get("days")
    if isinstance(days, bool) or days not in SPANS:
        raise Problem(HTTPStatus.BAD_REQUEST, "The clock moves on by 1 or by 7 days.")
    if not request.app[PAGE].demo.move(days):
        raise Problem(HTTPStatus.CONFLICT, "The clock is still moving. Please wait a moment.")
    return web.json_response({"ok": True}, status=HTTPStatus.ACCEPTED)


async def cast(request: web.Request) -> web.Response:
    body = await body_of(request)
    if "acting" not in body:
        raise Problem(HTTPStatus.BAD_REQUEST, "“acting” is missing.")
    request.app[PAGE].demo.acting = flag_of(body, "acting")
    return web.json_response({"ok": True})


def _on_top(member: Member, view: str) -> Json:
    """The modal with this id; raises SlackRefuses when it is not the one that is open."""
    modal = member.modal
    if modal is None or modal["id"] != view:
        raise SlackRefuses("", "this form is not open any more")
    return modal


def as_sentence(reason: str) -> str:
    """What Slack's client says is in small letters, without a full stop."""
    return f"{reason[:1].upper()}{reason[1:]}."


def _refused(sentence: str) -> web.Response:
    return web.json_response({"ok": False, "problem": sentence})
