"""Reading a request to the page: who it is about, and what it says."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from aiohttp import web

from sandbox.blocks import Json
from sandbox.json_text import read_json
from sandbox.page.demo import Demo
from sandbox.page.guard import Problem
from sandbox.page.seen import Marks, is_person
from sandbox.page.stream import Stream
from sandbox.state.records import Conversation


@dataclass(frozen=True)
class Page:
    """What the routes share."""

    demo: Demo
    stream: Stream
    marks: Marks = field(default_factory=dict)


PAGE = web.AppKey("page", Page)


def person_of(request: web.Request) -> str:
    """The person in the address; raises Problem for one who is not there."""
    person = request.match_info["person"]
    if not is_person(request.app[PAGE].demo.sandbox.workspace, person):
        raise Problem(HTTPStatus.NOT_FOUND, "There is nobody with this id.")
    return person


def conversation_of(page: Page, person: str, channel: str) -> Conversation:
    """One that the person is in; raises Problem for any other."""
    conversation = page.demo.sandbox.workspace.conversations.get(channel)
    if conversation is None or person not in conversation.members:
        raise Problem(HTTPStatus.NOT_FOUND, "This person is in no conversation with this id.")
    return conversation


async def body_of(request: web.Request) -> Json:
    try:
        body = read_json(await request.read())
    except ValueError:
        raise Problem(HTTPStatus.BAD_REQUEST, "This is no JSON.") from None
    if not isinstance(body, dict):
        raise Problem(HTTPStatus.BAD_REQUEST, "This is no JSON object.")
    return body


def text_of(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Problem(HTTPStatus.BAD_REQUEST, f"“{name}” is missing, or is no text.")
    return value


def flag_of(body: Json, name: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise Problem(HTTPStatus.BAD_REQUEST, f"“{name}” is true or false.")
    return value


def values_of(body: Json) -> dict[tuple[str, str], Any]:
    """What is typed in a form, by block id and action id."""
    values = body.get("values", {})
    if not isinstance(values, dict) or not all(isinstance(one, dict) for one in values.values()):
        raise Problem(HTTPStatus.BAD_REQUEST, "“values” goes from block id to action id to value.")
    return {
        (block_id, action_id): value
        for block_id, actions in values.items()
        for action_id, value in actions.items()
    }
