"""What the demo's employees do: join, read their lesson, say whether they like a partner, meet, set
goals, take breaks, ask for support and leave."""

from datetime import date
from random import Random

from sandbox.blocks import Json
from sandbox.client import Member
from sandbox.demo.hands import COMMAND, Hands, buttons, fields, offered

AGREED = "agree"
MOST_CARDS = 12
GOALS = (
    (
        "My team decides about tools I have never used myself",
        "For two weeks I do my own bookings in the new system and note where I get stuck",
        "I choose our next tool together with those who will use it all day",
        "How people learn a tool that nobody explains to them",
    ),
    (
        "Half of our new customers are younger than our product",
        "I answer ten customer messages a week myself, in the channel they came from",
        "Our plans begin with something a young customer said that week",
        "What makes somebody of twenty trust a company, or leave it",
    ),
    (
        "People early in their career leave us before we know why",
        "I ask one open question in every team meeting and say nothing for a minute",
        "Newcomers tell me what is wrong before they think of leaving",
        "What it costs to disagree with me in a meeting",
    ),
)
PARTS = ("relevant", "experimental", "aspirational", "learning")
ACCEPT, DECLINE = "accept_match", "decline_match"
STILL_TOGETHER, OPEN_SUPPORT = "still_together", "open_support"
PARTNER, WORRY = "partner", "worry"
"""What would help somebody who asks for support: another partner, or to talk to the contact."""
WORKING_DAYS = (("8", "16"), ("9", "17"), ("9", "18"), ("10", "18"))


async def join(hands: Hands, member: Member, level: int, chance: Random) -> bool:
    """Fills in what the form asks for: always topics, and the rest as people do. False when the
    app had a reason not to let them in. Draws the same from `chance`, whatever it asks for."""
    mistypes, count, says_more, refuses = (chance.random() for _ in range(4))
    own = Random(chance.random())
    if mistypes < 0.05:
        await member.command(COMMAND, "jion")
    if not await hands.open_form(member, "join"):
        return False
    topics = offered(member, "topics")
    chosen = own.sample(topics, min(1 + int(count * 3), len(topics)))
    others = [topic for topic in topics if topic not in chosen]
    values: dict[str, object] = {"topics": chosen, "ground_rules": [AGREED]}
    if len(chosen) > 1:
        values["main_topic"] = chosen[0]
    if "identity_topics" in fields(member):
        values["identity_topics"] = offered(member, "identity_topics")
    if refuses < 0.2 and others:
        values["refused_topics"] = own.sample(others, 1)
    if "stated_level" in fields(member):
        values["stated_level"] = str(level)
    if says_more < 0.5:
        values |= _profile(member, own)
    return await hands.send_form(member, values)


async def change_topics(hands: Hands, member: Member, chance: Random) -> None:
    if not await hands.open_form(member, "join"):
        return
    topics = offered(member, "topics")
    chosen = chance.sample(topics, min(2, len(topics)))
    values: dict[str, object] = {
        "topics": chosen,
        "main_topic": chosen[-1],
        "refused_topics": [],
        "ground_rules": [AGREED],
    }
    if "identity_topics" in fields(member):
        values["identity_topics"] = offered(member, "identity_topics")
    await hands.send_form(member, values)


async def think_better_of_it(hands: Hands, member: Member) -> None:
    if await hands.open_form(member, "join"):
        await member.close()


async def read_lesson(hands: Hands, member: Member, cards: int = MOST_CARDS) -> None:
    """Reads on where they stopped, so many cards at most."""
    if not await hands.open_form(member, "lesson"):
        return
    while member.modal is not None and member.modal["submit"] and cards:
        await hands.send_form(member, {})
        cards -= 1
    if member.modal is not None:
        await member.close(all_views=True)


async def leave(hands: Hands, member: Member) -> None:
    if await hands.open_form(member, "leave"):
        await hands.send_form(member, {})


async def pause(hands: Hands, member: Member, until: date) -> None:
    await hands.say(member, f"pause {until.isoformat()}", lambda answer: True)


async def skip(hands: Hands, member: Member) -> None:
    await hands.say(member, "skip", lambda answer: True)


async def say_we_met(hands: Hands, member: Member, channel: str) -> None:
    """Presses the button under the newest nudge, if nobody has yet."""
    for message in reversed(member.messages(channel)):
        if "we_met" in buttons(message["blocks"]):
            await hands.press_until_gone(member, message, "we_met")
            return


async def set_goal(hands: Hands, member: Member, channel: str, number: int) -> bool:
    if not await hands.open_form(member, "goals", channel):
        return False
    return await hands.send_form(member, dict(zip(PARTS, GOALS[number], strict=True)))


async def answer_proposal(hands: Hands, member: Member, *, yes: bool) -> None:
    """Whether they would like the partner they were asked about last."""
    action_id = ACCEPT if yes else DECLINE
    if asked := _newest(member, action_id):
        await hands.press_until_gone(member, asked, action_id)


async def say_still_together(hands: Hands, member: Member) -> None:
    if asked := _newest(member, STILL_TOGETHER):
        await hands.press_until_gone(member, asked, STILL_TOGETHER)


async def seek_support(hands: Hands, member: Member, wish: str) -> None:
    """Below the question about their pair, if there is one, or with the command. It is about the
    pair, for whoever has one."""
    asked = _newest(member, STILL_TOGETHER)
    if asked and not await hands.press_for_form(member, asked, OPEN_SUPPORT):
        return
    if not asked and not await hands.open_form(member, "support"):
        return
    about = offered(member, "about")
    pairs = [one for one in about if one.startswith("pair:")]
    if await hands.send_form(member, {"about": (pairs or about)[0], "wish": wish}):
        await hands.send_form(member, {})


async def look_at_home(member: Member) -> None:
    member.open_home()


def _newest(member: Member, action_id: str) -> Json | None:
    """The newest message to them alone that has this button."""
    for message in reversed(member.messages(member.direct())):
        if action_id in buttons(message["blocks"]):
            return message
    return None


def _profile(member: Member, chance: Random) -> dict[str, object]:
    """What somebody who takes a little more time says of themselves."""
    begins, ends = chance.choice(WORKING_DAYS)
    return {
        "strengths": chance.sample(offered(member, "strengths"), chance.randint(1, 3)),
        "interests": chance.sample(offered(member, "interests"), chance.randint(1, 3)),
        "learning_style": chance.choice(offered(member, "learning_style")),
        "means": chance.sample(offered(member, "means"), chance.randint(1, 2)),
        "frequency": chance.choice(offered(member, "frequency")),
        "works_from": begins,
        "works_to": ends,
        "hours_a_month": str(chance.randint(2, 6)),
    }
