"""The form for a goal in the REAL form (Relevant, Experimental, Aspirational, Learning-based)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.views import blocks
from bot.views.blocks import Block, Values
from models import Program
from prompts.library import Library

CALLBACK = "goal"
LONGEST_PART = 500
PARTS = ("relevant", "experimental", "aspirational", "learning")


@dataclass(frozen=True)
class NewGoal:
    """What was asked for. The fields' names are the form's block ids; `form_id` tells a form that
    is sent twice from another."""

    form_id: str
    pair_id: int
    relevant: str
    experimental: str
    aspirational: str
    learning: str
    due_on: date


def build(library: Library, program: Program, pair_id: int, due_on: date) -> Block:
    purpose = library.say("goals.purpose", program=program.name, purpose=program.purpose)
    return blocks.modal(
        CALLBACK,
        title=library.label("goals.title"),
        submit=library.label("goals.submit"),
        close=library.label("goals.close"),
        metadata=str(pair_id),
        fields=[
            blocks.section(library.say("goals.intro")),
            blocks.section(purpose),
            *(_part(library, part) for part in PARTS),
            blocks.field(
                "due_on",
                library.label("goals.due_label"),
                blocks.date_input(due_on),
                hint=library.label("goals.due_hint"),
            ),
        ],
    )


def read(view: Mapping[str, Any]) -> NewGoal:
    """Raises UserFacingError with the field at fault."""
    values: Values = view["state"]["values"]
    parts = {
        part: blocks.text_of(values, part) or blocks.refuse("goal_part_missing", part)
        for part in PARTS
    }
    return NewGoal(
        form_id=view["id"],
        pair_id=int(view["private_metadata"]),
        due_on=blocks.date_of(values, "due_on"),
        **parts,
    )


def _part(library: Library, part: str) -> Block:
    placeholder = library.label(f"goals.{part}_placeholder")
    element = blocks.text_input(longest=LONGEST_PART, lines=True, placeholder=placeholder)
    hint = library.label(f"goals.{part}_hint")
    return blocks.field(part, library.label(f"goals.{part}_label"), element, hint=hint)
