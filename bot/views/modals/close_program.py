"""The form that asks whether a program is really to be closed, and says what happens then."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.views import blocks
from bot.views.blocks import Block
from models import Program, ProgramState
from prompts.library import Library

CALLBACK = "close_program"


@dataclass(frozen=True)
class Size:
    """How many people take part in a program, wait or have applied; how many of them have no
    partner, and how many no answer yet; and how many pairs have not come to their end."""

    people: int = 0
    alone: int = 0
    applications: int = 0
    pairs: int = 0


def build(library: Library, program: Program, size: Size, days: int) -> Block:
    """`size` is whom it concerns; `days` how long the pairs of a running program have to say
    goodbye."""
    texts = [_consequence(library, program, days), *_concerned(library, program, size)]
    return blocks.modal(
        CALLBACK,
        title=library.label("program.close_title"),
        submit=library.label("program.close_submit"),
        close=library.label("program.keep_close"),
        metadata=str(program.id),
        fields=[blocks.section(text) for text in texts],
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


def _concerned(library: Library, program: Program, size: Size) -> list[str]:
    if program.state is ProgramState.DRAFT:
        return []
    said = []
    if program.state is ProgramState.RUNNING:
        if size.pairs:
            said.append(library.say("program.close_pairs", count=size.pairs))
        if size.alone:
            said.append(library.say("program.close_alone", count=size.alone))
    elif size.people:
        said.append(library.say("program.close_people", count=size.people))
    if size.applications:
        said.append(library.say("program.close_applications", count=size.applications))
    return [" ".join(said)] if said else []
