"""What the demo's program manager does: opens a program, looks at who applies, makes the pairs."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sandbox.blocks import Json
from sandbox.client import Answer, Member
from sandbox.demo.hands import COMMAND, Hands, buttons, values_of

TEMPLATE = "younger-customers"
PROGRAM = "Fresh Eyes"
PURPOSE = "Leaders see our work as people in their first years here see it"
TOPICS = ("digital-tools", "social-media", "younger-customers", "ways-of-working", "inclusion")
TIME_TO_MATCH = timedelta(days=5)
"""Between the last day to join and the first day of the program."""
PUBLISH, REVIEW, HOLD = "publish_match", "review_match", "hold_pair"
FAIRNESS, DECISIONS = "open_fairness", "open_decisions"
PREVIEW, WEIGHTS = "preview_weights", {"hours": "5"}
"""Pairs who can meet easily are worth more to the manager than to the app's own weights."""
APPROVE, TALK, DECLINE, NEXT_PAGE = "approve", "talk_first", "decline", "queue_page"
FIRST_PAGE = "0"
MENTION = re.compile(r"<@(\w+)>")
MOST_PAGES = 200
CHANGED = 2
"""So many pairs have their partners exchanged."""
PRESSES = 2
"""A proposal that has just been changed by hand may be shown anew before it can be published."""


@dataclass(frozen=True)
class Desk:
    """Where the manager works. `seats` is how many may take part, None for as many as come;
    `chance` is what they make of a person, by name. `contact` is whom the program names for who is
    afraid of speaking up, and `asks` whether people are asked before they become a pair."""

    member: Member
    hands: Hands
    admin_channel: str
    seats: int | None
    chance: Callable[[str], Random]
    contact: str | None = None
    asks: bool = False


@dataclass(frozen=True)
class Application:
    """One card of the queue."""

    enrollment: str
    slack_user_id: str


@dataclass(frozen=True)
class ProposedPair:
    """One card of a match: the two as its menu names them, and the mentee's Slack id."""

    ids: str
    mentee: str


async def open_program(desk: Desk, weeks: int, starts_on: date) -> None:
    """Chooses a template, changes what is wanted differently, and launches it at once."""
    member, hands = desk.member, desk.hands
    join_by = (starts_on - TIME_TO_MATCH).isoformat()
    if not await hands.open_form(member, "program new", desk.admin_channel):
        return
    await hands.send_form(member, {"template": TEMPLATE})
    settings: dict[str, object] = {
        "name": PROGRAM,
        "purpose": PURPOSE,
        "topics": list(TOPICS),
        "weeks": str(weeks),
        "cadence": "weekly",
        "starts_on": starts_on.isoformat(),
        "join_by": join_by,
        "vetted": ["yes"],
        "training_required": ["yes"],
        "mentor_capacity": "1",
        "mentee_capacity": "1",
        "approvals_needed": "1",
    }
    if desk.seats is not None:
        settings["seats"] = str(desk.seats)
    if desk.contact is not None:
        settings["support_contact_slack_id"] = [desk.contact]
    if desk.asks:
        settings["asks_participants"] = ["yes"]
    await hands.send_form(member, settings)
    await hands.send_form(member, {"join_by": join_by})


async def ask_for_match(desk: Desk) -> None:
    """The proposal comes to the admin channel when it has been worked out."""
    await desk.hands.say(desk.member, "match", lambda answer: bool(answer.text), desk.admin_channel)


async def weigh(desk: Desk) -> None:
    """Tries what other weights would change, and keeps them."""
    member, hands = desk.member, desk.hands
    if not await hands.open_form(member, "program weights", desk.admin_channel):
        return
    await hands.press_and_wait(member, PREVIEW, WEIGHTS)
    await hands.send_form(member, WEIGHTS)


async def decide_on_match(desk: Desk, *, thoroughly: bool = True) -> None:
    """Publishes the newest proposal, if there is one; `thoroughly`, after a look through it. Where
    somebody in it has changed meanwhile, there has to be another."""
    proposals = _proposals(desk)
    if not proposals:
        return
    if thoroughly and await desk.hands.press_for_form(desk.member, proposals[-1], REVIEW):
        await _look_through(desk)
    for _ in range(PRESSES):
        if not (left := [one for one in _proposals(desk) if one["ts"] == proposals[-1]["ts"]]):
            return
        await desk.hands.press_until_gone(desk.member, left[0], PUBLISH)
    if any(one["ts"] == proposals[-1]["ts"] for one in _proposals(desk)):
        await ask_for_match(desk)


def _proposals(desk: Desk) -> list[Json]:
    """Those in the admin channel that can be published, the newest last."""
    return [
        message
        for message in desk.member.messages(desk.admin_channel)
        if PUBLISH in buttons(message["blocks"])
    ]


async def _look_through(desk: Desk) -> None:
    """Reads how fair the match is and its weakest pairs, holds on to one, looks at who decided
    what, and would rather have two others the other way round, if the rules allow it."""
    member, hands, chance = desk.member, desk.hands, desk.chance(desk.member.id)
    pairs = list(_proposed(member))
    chance.shuffle(pairs)
    await _read_page(desk, FAIRNESS)
    if pairs:
        await hands.press_in_view(member, HOLD, f"lock:{pairs[0].ids}")
    await _read_page(desk, DECISIONS)
    if len(pairs) > CHANGED and member.modal is not None:
        one, other = pairs[1:3]
        await hands.press_in_view(member, HOLD, f"change_mentee:{one.ids}")
        if await hands.send_form(member, {"mentee": other.mentee}):
            await hands.send_form(member, {})
    if member.modal is not None:
        await member.close(all_views=True)


async def _read_page(desk: Desk, action_id: str) -> None:
    """Opens it above the match, and closes it again."""
    member, match = desk.member, desk.member.modal
    found = values_of(match["blocks"], action_id) if match else []
    if match is None or not found:
        return
    await desk.hands.press_in_view(member, action_id, found[0])
    page = member.modal
    if page is not None and page["id"] != match["id"]:
        await member.close()


def _proposed(member: Member) -> Iterator[ProposedPair]:
    """The cards in front of the manager."""
    for block in member.modal["blocks"] if member.modal else []:
        for value in values_of([block], HOLD):
            if value.startswith("lock:"):
                mentee = MENTION.findall(block["text"]["text"])[1]
                yield ProposedPair(value.removeprefix("lock:"), mentee)


async def end_pairs(desk: Desk) -> None:
    """Decides on the pairs that wait for it: where somebody has left, there is nothing to go on."""
    for message in desk.member.messages(desk.member.direct()):
        if "end_pair" in buttons(message["blocks"]):
            await desk.hands.press_until_gone(desk.member, message, "end_pair")


async def status(desk: Desk) -> Answer:
    return await desk.member.command(COMMAND, "status", desk.admin_channel)


async def visit_queue(desk: Desk, talked: set[str]) -> None:
    """Goes through everybody who applied: takes most, declines a few, and talks first with some,
    whom they take at the next visit. `talked` remembers those."""
    if not await desk.hands.open_form(desk.member, "queue", desk.admin_channel):
        return
    known, page = set[str](), 0
    while page < MOST_PAGES:
        cards = list(_applications(desk.member))
        new = [card for card in cards if card.enrollment not in known]
        if not new:
            if not await _turn_page(desk):
                break
            page += 1
            continue
        known.add(new[0].enrollment)
        await _decide(desk, new[0], talked)
    if desk.member.modal is not None:
        await desk.member.close(all_views=True)


async def _decide(desk: Desk, card: Application, talked: set[str]) -> None:
    chance = desk.chance(card.slack_user_id)
    verdict, patience = chance.random(), chance.random()
    if verdict < 0.05:
        act = DECLINE
    elif verdict < 0.15 and card.enrollment not in talked:
        act = TALK
        talked.add(card.enrollment)
    elif verdict < 0.15 and patience < 0.2:
        act = DECLINE
    else:
        act = APPROVE
    await desk.hands.press_in_view(desk.member, act, card.enrollment)


def _applications(member: Member) -> Iterator[Application]:
    """The cards in front of the manager: whose they are stands above their buttons."""
    user, blocks = "", member.modal["blocks"] if member.modal else []
    for block in blocks:
        user = _mentioned(block) or user
        for enrollment in values_of([block], APPROVE):
            yield Application(enrollment, user)


def _mentioned(block: Json) -> str:
    found = MENTION.search(block["text"]["text"]) if block["type"] == "section" else None
    return found[1] if found else ""


async def _turn_page(desk: Desk) -> bool:
    """False when there is no further page."""
    modal = desk.member.modal
    pages = values_of(modal["blocks"], NEXT_PAGE) if modal else []
    if modal is None or not pages or pages[-1] == FIRST_PAGE:
        return False
    await desk.member.click(modal, NEXT_PAGE, pages[-1])
    return True
