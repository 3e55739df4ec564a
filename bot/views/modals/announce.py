"""The form that announces an open program in further channels, and its reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import UserFacingError
from bot.views import blocks
from bot.views.blocks import Block
from models import Program
from prompts.library import Library

CALLBACK = "announce"


@dataclass(frozen=True)
class Announce:
    """What was asked for. `channels` is the form's block id too."""

    program_id: int
    channels: list[str]


def build(library: Library, program: Program) -> Block:
    return blocks.modal(
        CALLBACK,
        title=library.label("program.announce_title"),
        submit=library.label("program.announce_submit"),
        close=library.label("program.close"),
        metadata=str(program.id),
        fields=[
            blocks.section(library.say("program.announce_intro", program=program.name)),
            blocks.field(
                "channels",
                library.label("program.announce_channels_label"),
                blocks.channels_input(),
                hint=library.label("program.announce_channels_hint"),
            ),
        ],
    )


def read(view: Mapping[str, Any]) -> Announce:
    """Raises UserFacingError with the field at fault."""
    channels = blocks.choices_of(view["state"]["values"], "channels")
    if not channels:
        raise UserFacingError("channel_to_announce_missing", field="channels")
    return Announce(int(view["private_metadata"]), channels)
