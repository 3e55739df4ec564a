"""Who decided what about a program's matches, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.views import blocks, messages
from bot.views.blocks import Block
from bot.views.modals.match_run import DECISIONS
from models import Decision, Person, Program
from prompts.library import Library, Mrkdwn

CALLBACK = "match_decisions"
ON_A_PAGE = 20


@dataclass(frozen=True)
class Decided:
    """`who` is None where the app did it by itself, or they are not known any more; `mentor` and
    `mentee` are those it was about, if it was about a pair."""

    decision: Decision
    who: Person | None
    mentor: Person | None
    mentee: Person | None


@dataclass(frozen=True)
class Decisions:
    """A page of them, counted from 0, as asked for from a run; `total` is how many there are."""

    program: Program
    run_id: int
    page: int
    total: int
    listed: Sequence[Decided]

    @property
    def pages(self) -> int:
        return -(-self.total // ON_A_PAGE)


def build(library: Library, found: Decisions) -> Block:
    nothing = [library.say("match_review.no_decisions", program=found.program.name)]
    lines = [_line(library, one) for one in found.listed] or nothing
    return blocks.modal(
        CALLBACK,
        title=library.label("match_review.decisions_title"),
        close=library.label("match_review.decisions_close"),
        fields=[
            *(blocks.section(line) for line in lines),
            *(_paging(library, found) if found.pages > 1 else []),
        ],
    )


def _line(library: Library, one: Decided) -> str:
    """When, who and what, of which two."""
    at = int(one.decision.decided_at.timestamp())
    other = f"{messages.day(one.decision.decided_at.date())}, {one.decision.decided_at:%H:%M} UTC"
    when = Mrkdwn(f"<!date^{at}^{{date_long_pretty}}, {{time}}|{other}>")
    who = messages.person(one.who.slack_user_id) if one.who else library.say("match_review.by_app")
    line = library.say(f"match_review.decided_{one.decision.kind.value}", when=when, who=who)
    if one.mentor is None or one.mentee is None:
        return line
    return f"{line} {library.say('match_review.about', **messages.two(one.mentor, one.mentee))}"


def _paging(library: Library, found: Decisions) -> list[Block]:
    number, count = found.page + 1, found.pages
    is_last = number == count
    key = "match_review.first_page_button" if is_last else "match_review.next_page_button"
    value = f"{found.run_id}:{0 if is_last else number}"
    turn = blocks.button(library.label(key), DECISIONS, value)
    place = library.say("match_review.page", number=number, count=count)
    return [blocks.divider(), blocks.context(place), blocks.actions(turn)]
