"""The form that asks whether a program is really to be closed, and says what happens then."""

from collections.abc import Mapping
from typing import Any

from bot.views import blocks
from bot.views.blocks import Block
from models import Program, ProgramState
from prompts.library import Library

CALLBACK = "close_program"


def build(library: Library, program: Program, days: int) -> Block:
    """`days` is how long the pairs of a running program have to say goodbye."""
    return blocks.modal(
        CALLBACK,
        title=library.label("program.close_title"),
        submit=library.label("program.close_submit"),
        close=library.label("program.keep_close"),
        metadata=str(program.id),
        fields=[blocks.section(_consequence(library, program, days))],
    )


def read(view: Mapping[str, Any]) -> int:
    """The program's id."""
    return int(view["private_metadata"])


def _consequence(library: Library, program: Program, days: int) -> str:
    if program.state is ProgramState.DRAFT:
        return library.say("program.close_draft", program=program.name)
    if program.state is ProgramState.RUNNING:
        return library.say("program.close_running", program=program.name, days=days)
    return library.say("program.close_unmatched", program=program.name)
