"""The form in which a new program's template is chosen, and its reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.views import blocks
from bot.views.blocks import Block
from prompts.library import Library

CALLBACK = "template"


@dataclass(frozen=True)
class Chosen:
    """`channel_id` is the likely admin channel, or ""."""

    template_id: str
    channel_id: str


def build(library: Library, channel_id: str) -> Block:
    options = [(one.id, one.name, one.description) for one in library.templates.values()]
    return blocks.modal(
        CALLBACK,
        title=library.label("program.new_title"),
        submit=library.label("program.template_submit"),
        close=library.label("program.close"),
        metadata=channel_id,
        fields=[
            blocks.section(library.say("program.template_intro")),
            blocks.field(
                "template",
                library.label("program.template_label"),
                blocks.radio_input(options, options[0][0]),
                hint=library.label("program.template_hint"),
            ),
        ],
    )


def read(view: Mapping[str, Any]) -> Chosen:
    template_id = blocks.text_of(view["state"]["values"], "template")
    return Chosen(template_id, view["private_metadata"])
