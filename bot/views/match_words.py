"""What speaks for a pair, what was in somebody's way and how good a match is, in words.

What is to be said comes as points, {"key": which sentence, "values": what goes into it}, as a match
run keeps them. A sentence takes the values it has places for.
"""

import math
from collections.abc import Mapping
from typing import Protocol

from bot.views import messages
from models import Role
from models.match_run import Point
from prompts.library import Library, Mrkdwn
from prompts.texts import Value

OTHER_SIDE = {Role.MENTOR: "words.mentees", Role.MENTEE: "words.mentors"}


class Wish(Protocol):
    """So many more `partners` of this `role` who know (or want) `topic` would match `people`."""

    @property
    def role(self) -> Role: ...
    @property
    def topic(self) -> str: ...
    @property
    def people(self) -> int: ...
    @property
    def partners(self) -> int: ...
    @property
    def level(self) -> int: ...


def score(value: float) -> int:
    """Of a score from 0 to 1, how it is shown: from 0 to 100."""
    return round(100 * value)


def why(library: Library, reason: Point, two: Mapping[str, Mrkdwn]) -> str:
    """What speaks for a pair, as a sentence; `two` are the "mentor" and the "mentee"."""
    return _said(library, "why", reason, two)


def to_know(library: Library, point: Point | None, two: Mapping[str, Mrkdwn]) -> str:
    """What speaks most against a pair, as a sentence."""
    if point is None:
        return library.say("match.nothing_known")
    what = Mrkdwn(_said(library, "known", point, two))
    return library.say("match.to_know", what=what)


def left_over(library: Library, role: Role, reason: Point, help_: Point) -> str:
    """What was in the way of somebody of this role, and what would help."""
    others = {"others": library.say(OTHER_SIDE[role], count=_count(reason))}
    return f"{_said(library, 'left', reason, others)} {_said(library, 'help', help_, {})}"


def steps(points: float) -> int:
    """A difference of scores from 0 to 1, as it is shown: in whole tens of a hundred, as a closer
    look could tell what people have said of themselves."""
    return 10 * round(10 * points)


def falls(library: Library, points: float) -> str:
    """What becomes of all scores together where they lose so much (gain it where it is below 0)."""
    count = steps(points)
    if not count:
        return library.say("match_review.cost_same")
    key = "match_review.cost_falls" if count > 0 else "match_review.cost_rises"
    return library.say(key, points=abs(count))


def wish(library: Library, wished: Wish) -> str:
    """Who would help most. The topic has to be one that the library knows."""
    topic, count = library.topics[wished.topic], wished.people
    if wished.role is Role.MENTOR:
        partners = library.say("match.more_mentors", count=wished.partners)
        key = "match.wish_mentors"
    else:
        partners = library.say("match.more_mentees", count=wished.partners)
        key = "match.wish_mentees"
    return library.say(key, count=count, partners=partners, topic=topic, level=wished.level)


def verdict(library: Library, proved: Mapping[str, float], *, locked: int = 0) -> str:
    """How good a matching is beside any other; `proved` as a match run keeps it. With pairs that
    are locked, it is about all matchings that have them."""
    more = round(proved["people_at_most"] - proved["people"])
    total, most = proved["total"], proved["total_at_most"]
    if more > 0:
        said = library.say("match.verdict_people", count=more)
    elif most > total:
        percent = "100" if total <= 0 else f"{math.ceil(10_000 * (most / total - 1)) / 100:g}"
        said = library.say("match.verdict_score", percent=percent)
    else:
        said = library.say("match.verdict_best")
    return f"{library.say('match.verdict_locked')} {said}" if locked else said


def _said(library: Library, kind: str, point: Point, names: Mapping[str, str]) -> str:
    """Where topics would be said and there are none that people know, the sentence is another."""
    values = {**_values(library, point), **names, "count": _count(point)}
    is_open = values.get("topics") == ""
    sentence = f"{point['key']}_open_{kind}" if is_open else f"{point['key']}_{kind}"
    key = f"match.{sentence}"
    return library.say(key, **{name: values[name] for name in library.texts[key].names})


def _values(library: Library, point: Point) -> dict[str, Value]:
    """What people have said of themselves for the matching alone has no place in a sentence. What
    "mentor" and "mentee" have is called `mentor_has` there, because there is the person too."""
    shown: dict[str, Value] = {}
    for name, value in point["values"].items():
        if name == "topics":
            shown[name] = messages.topic_names(library, value)
        elif isinstance(value, str | float | int):
            place = f"{name}_has" if name in list(Role) else name
            shown[place] = f"{value:g}" if isinstance(value, float) else value
    return shown


def _count(point: Point) -> int:
    """How many the sentence is about: the first whole number there is."""
    counted = (value for value in point["values"].values() if isinstance(value, int))
    return next(counted, 0)
