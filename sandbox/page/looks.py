"""GET: what there is, and what a person sees of it."""

from http import HTTPStatus

from aiohttp import web

from sandbox.blocks import Json
from sandbox.errors import SlackError
from sandbox.page.guard import Problem
from sandbox.page.requests import PAGE, Page, conversation_of, person_of
from sandbox.page.seen import (
    conversation_json,
    home_json,
    is_person,
    mark_read,
    modal_json,
    said_json,
    unread,
    visible,
)
from sandbox.state.records import User

PICTURES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})


async def workspace(request: web.Request) -> web.Response:
    page = request.app[PAGE]
    demo, space = page.demo, page.demo.sandbox.workspace
    people = [space.users[person] for person in demo.cards]
    return web.json_response(
        {
            "run": page.stream.run_id,
            "name": space.name,
            "app": {"id": space.bot.id, "name": space.bot.real_name},
            "now": demo.now().isoformat(),
            "moving": demo.moving,
            "acting": demo.acting,
            "company": {"people": len(people), "made_up": demo.made_up},
            "commands": [vars(command) for command in demo.commands],
            "people": [_person(page, user) for user in people],
            "users": {user.id: user.real_name for user in space.users.values()},
            "channels": {
                one.id: one.name for one in space.conversations.values() if one.kind == "public"
            },
        }
    )


async def person(request: web.Request) -> web.Response:
    page, viewer = request.app[PAGE], person_of(request)
    sandbox = page.demo.sandbox
    space, views = sandbox.workspace, sandbox.views
    played = page.demo.is_played(viewer)
    return web.json_response(
        {
            "id": viewer,
            "conversations": [
                conversation_json(space, one, viewer, page.marks)
                for one in space.conversations_of(viewer)
            ],
            "home": home_json(views, space, viewer),
            "modal": None if played else modal_json(views, space, viewer),
            "depth": 0 if played else len(views.stacks.get(viewer, ())),
        }
    )


async def messages(request: web.Request) -> web.Response:
    """Whoever fetches a conversation has read it."""
    page, viewer = request.app[PAGE], person_of(request)
    conversation = conversation_of(page, viewer, request.query.get("channel", ""))
    mark_read(conversation, viewer, page.marks)
    space = page.demo.sandbox.workspace
    said = [said_json(message, space) for message in visible(conversation, viewer)]
    return web.json_response({"messages": said})


async def strip(request: web.Request) -> web.Response:
    return web.json_response({"entries": list(request.app[PAGE].stream.strip)})


async def file(request: web.Request) -> web.Response:
    """For who sees a conversation in which it was shared. Only pictures are shown in place:
    anything else could act as a page of ours."""
    space = request.app[PAGE].demo.sandbox.workspace
    viewer = request.query.get("as", "")
    nothing = Problem(HTTPStatus.NOT_FOUND, "There is no such file for this person.")
    try:
        found = space.files.find(request.match_info["id"])
    except SlackError:
        raise nothing from None
    if not is_person(space, viewer) or not space.sees_file(viewer, found):
        raise nothing
    if found.media_type in PICTURES:
        return web.Response(body=found.content, content_type=found.media_type)
    return web.Response(
        body=found.content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": "attachment"},
    )


def _person(page: Page, user: User) -> Json:
    demo = page.demo
    card, conversations = demo.cards[user.id], demo.sandbox.workspace.conversations_of(user.id)
    return {
        "id": user.id,
        "name": user.real_name,
        "title": card.title,
        "department": card.department,
        "level": card.level,
        "time_zone": user.tz,
        "is_manager": user.is_admin,
        "deleted": user.deleted,
        "unread": sum(unread(one, user.id, page.marks) for one in conversations),
    }
