"""The form with which a person joins a program, and its reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import UserFacingError
from bot.views import blocks
from bot.views.blocks import Block, Values
from models import Program, Role
from prompts.library import Library

CALLBACK = "join"


@dataclass(frozen=True)
class Join:
    """What was asked for. `topics` is the form's block id too."""

    program_id: int
    topics: list[str]


def build(library: Library, program: Program, role: Role, chosen: Sequence[str] | None) -> Block:
    """`chosen` are the topics of somebody who has joined already, None for a newcomer."""
    options = [
        (topic, library.topics[topic]) for topic in program.topics if topic in library.topics
    ]
    verb = "offered" if role is Role.MENTOR else "wanted"
    return blocks.modal(
        CALLBACK,
        title=library.label("join.title"),
        submit=library.label("join.submit" if chosen is None else "join.update_submit"),
        close=library.label("join.close"),
        metadata=str(program.id),
        fields=[
            blocks.section(library.say(f"join.intro_{role.value}", program=program.name)),
            blocks.field(
                "topics",
                library.label(f"join.{verb}_label"),
                blocks.checkbox_input(options, chosen or ()),
                hint=library.label(f"join.{verb}_hint"),
            ),
            blocks.context(library.say("join.promise")),
        ],
    )


def read(view: Mapping[str, Any]) -> Join:
    """Raises UserFacingError with the field at fault."""
    values: Values = view["state"]["values"]
    topics = blocks.choices_of(values, "topics")
    if not topics:
        raise UserFacingError("topics_missing", field="topics")
    return Join(program_id=int(view["private_metadata"]), topics=topics)
