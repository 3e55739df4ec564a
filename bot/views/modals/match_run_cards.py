"""The cards of a match run as its managers look at it: one of each pair, of each person who is left
over, and of any two whom managers hold together or apart."""

from bot.views import blocks, match_words, messages
from bot.views.blocks import Block
from bot.views.modals.match_run import ALLOW, HOLD, MAKE, LeftAlone, Review, Two, Verb
from models import HoldKind, Proposal, Role
from prompts.library import Library


def build(library: Library, review: Review) -> list[list[Block]]:
    """In the order in which they are listed."""
    return [_card(library, review, one) for one in review.listed]


def _card(library: Library, review: Review, one: Two | LeftAlone) -> list[Block]:
    if isinstance(one, LeftAlone):
        said, accessory = _alone(library, review, one)
    elif isinstance(one.about, Proposal):
        said, accessory = _pair(library, review, one, one.about)
    elif one.about.kind is HoldKind.LOCKED:
        said, accessory = _locked(library, review, one)
    else:
        said, accessory = _never(library, one)
    return [
        blocks.divider(),
        blocks.section(said) | ({"accessory": accessory} if accessory else {}),
    ]


def _pair(library: Library, review: Review, one: Two, found: Proposal) -> tuple[str, Block]:
    two = messages.two(one.mentor, one.mentee)
    score = match_words.score(found.score)
    lines = [
        library.say("match_review.pair", score=score, **two),
        *([library.say("match_review.by_hand")] if found.by_hand else []),
        *([library.say("match_review.is_locked")] if found.locked else []),
        *(match_words.why(library, reason, two) for reason in found.reasons),
        match_words.to_know(library, found.to_know, two),
    ]
    first = Verb.UNLOCK if found.locked else Verb.LOCK
    verbs = (first, Verb.CHANGE_MENTOR, Verb.CHANGE_MENTEE, Verb.NEVER)
    return "\n".join(lines), _menu(library, one, *verbs) if review.may_change else {}


def _menu(library: Library, one: Two, *verbs: Verb) -> Block:
    options = [
        blocks.option(_value(one, verb), library.label(f"match_review.{verb.value}_option"))
        for verb in verbs
    ]
    return {"type": "overflow", "action_id": HOLD, "options": options}


def _alone(library: Library, review: Review, one: LeftAlone) -> tuple[str, Block]:
    who = messages.person(one.person.slack_user_id)
    role = one.why.role
    head = library.say("match_review.alone", who=who, role=library.say(f"words.{role.value}"))
    why = match_words.left_over(library, role, one.why.reason, one.why.help)
    chosen = f"{one.person.id}:" if role is Role.MENTOR else f":{one.person.id}"
    find = blocks.button(library.label("match_review.find_button"), MAKE, chosen)
    return f"{head}\n{why}", find if review.may_change else {}


def _locked(library: Library, review: Review, one: Two) -> tuple[str, Block]:
    """A lock that the run could not keep."""
    said = library.say("match_review.locked_pair", **messages.two(one.mentor, one.mentee))
    label = library.label("match_review.unlock_button")
    unlock = blocks.button(label, HOLD, _value(one, Verb.UNLOCK))
    return said, unlock if review.may_change else {}


def _never(library: Library, one: Two) -> tuple[str, Block]:
    said = library.say("match_review.never_pair", **messages.two(one.mentor, one.mentee))
    value = f"{one.mentor.id}:{one.mentee.id}"
    return said, blocks.button(library.label("match_review.allow_button"), ALLOW, value)


def _value(one: Two, verb: Verb) -> str:
    return f"{verb}:{one.mentor.id}:{one.mentee.id}"
