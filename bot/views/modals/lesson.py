"""A lesson, one card at a time. Nothing is asked for: its submit button turns the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.views import blocks
from bot.views.blocks import Block
from models import Enrollment, Program
from prompts.library import Card, Library

CALLBACK = "lesson"
BACK = "lesson_back"
"""The action id of the button; its value is the place to go to, as in the form's metadata."""


@dataclass(frozen=True)
class Place:
    """A card of somebody's lesson: the first has the number 0."""

    enrollment_id: int
    number: int

    def __str__(self) -> str:
        return f"{self.enrollment_id}:{self.number}"


def build(library: Library, program: Program, enrollment: Enrollment, number: int) -> Block:
    """The card of this number; after the last one, a word of thanks and what comes next."""
    cards = library.lessons[enrollment.role.value]
    if number == len(cards):
        return _done(library, program)
    is_last = number == len(cards) - 1
    before = str(Place(enrollment.id, number - 1))
    back = blocks.actions(blocks.button(library.label("lesson.back_button"), BACK, before))
    return blocks.modal(
        CALLBACK,
        title=library.label("lesson.title"),
        submit=library.label("lesson.done_submit" if is_last else "lesson.next_submit"),
        close=library.label("lesson.close"),
        metadata=str(Place(enrollment.id, number)),
        fields=[
            blocks.context(library.say("lesson.place", number=number + 1, count=len(cards))),
            *_card(library, cards[number]),
            *([back] if number else []),
        ],
    )


def read(view: Mapping[str, Any]) -> Place:
    """The card that was read."""
    return place_of(view["private_metadata"])


def place_of(text: str) -> Place:
    enrollment_id, number = map(int, text.split(":"))
    return Place(enrollment_id, number)


def _card(library: Library, card: Card) -> list[Block]:
    label = library.say("lesson.question_label")
    return [
        blocks.header(card.heading),
        blocks.section(card.text),
        blocks.section(f"*{label}*\n{card.question}"),
        blocks.context(library.say("lesson.nobody_asks")),
    ]


def _done(library: Library, program: Program) -> Block:
    return blocks.modal(
        CALLBACK,
        title=library.label("lesson.title"),
        close=library.label("lesson.done_close"),
        fields=[
            blocks.section(library.say("lesson.done", program=program.name)),
            blocks.section(library.say("lesson.done_next")),
            blocks.context(library.say("lesson.done_again")),
        ],
    )
