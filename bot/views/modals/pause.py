"""The form that asks how long a break is to last."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.views import blocks
from bot.views.blocks import Block
from prompts.library import Library

CALLBACK = "pause"


def build(library: Library, until: date | None) -> Block:
    """`until` is the day a break that is under way ends, if that is known."""
    label = library.label
    return blocks.modal(
        CALLBACK,
        title=label("pause.title"),
        submit=label("pause.submit"),
        close=label("pause.close"),
        fields=[
            blocks.section(library.say("pause.intro")),
            blocks.field(
                "until",
                label("pause.until_label"),
                blocks.date_input(until),
                hint=label("pause.until_hint"),
                optional=True,
            ),
        ],
    )


def read(view: Mapping[str, Any]) -> date | None:
    return blocks.optional_date_of(view["state"]["values"], "until")
