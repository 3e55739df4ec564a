"""The form with which a person steps out of a program."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.views import blocks
from bot.views.blocks import Block
from models import Program
from prompts.library import Library

CALLBACK = "leave"
MOST_PROGRAMS = 10


def build(library: Library, programs: Sequence[Program]) -> Block:
    """Of several programs none is chosen beforehand. Submitting is the confirmation."""
    label = library.label
    shown = [
        (str(one.id), label("leave.program_option", program=one.name), "")
        for one in programs[:MOST_PROGRAMS]
    ]
    only = shown[0][0] if len(shown) == 1 else ""
    return blocks.modal(
        CALLBACK,
        title=label("leave.title"),
        submit=label("leave.submit"),
        close=label("leave.close"),
        fields=[
            blocks.section(library.say("leave.what_happens")),
            blocks.field("program", label("leave.program_label"), blocks.radio_input(shown, only)),
        ],
    )


def read(view: Mapping[str, Any]) -> int:
    """The id of the program to leave. Raises UserFacingError when none was chosen."""
    chosen = blocks.text_of(view["state"]["values"], "program")
    return int(chosen or blocks.refuse("leave_which", "program"))
