"""The form that says how much each part of a match's score counts in a program, with a preview of
what a change would do; and its reading."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.errors import UserFacingError
from bot.views import blocks
from bot.views.blocks import Block, Message, Option, Values
from prompts.library import Library, Mrkdwn

CALLBACK = "weights"
PREVIEW = "preview_weights"
"""Action id; handlers/actions has a file of its name."""

PARTS = ("topics", "department", "level", "hours", "meeting", "learning", "strengths", "newness")
"""The form's block ids, and the names in models.Program.weights."""
WORDS: Mapping[int, str] = {0: "none", 1: "little", 2: "some", 5: "much", 8: "most"}
"""The weights that can be chosen, by the text that says them."""
IN_THE_OPEN = ("topics", "department", "level")
"""The parts of what a manager may see of people anyway."""
MOST_PARTS = 3
"""So many parts that change most are shown."""
FEWEST_PAIRS = 5
"""The means of fewer pairs would tell what single people said of themselves."""


@dataclass(frozen=True)
class Weighing:
    """What was filled in: a weight for each part. `shown` are those that the form was opened with:
    the others are as somebody else may have set them meanwhile."""

    program_id: int
    given: Mapping[str, int]
    shown: Mapping[str, int]

    @property
    def changed(self) -> dict[str, int]:
        return {name: weight for name, weight in self.given.items() if weight != self.shown[name]}


@dataclass(frozen=True)
class Match:
    """What a match comes to: how many people get a partner, and each part's mean, 0 to 1."""

    people: int
    pairs: int
    parts: Mapping[str, float]


@dataclass(frozen=True)
class Preview:
    """The match as it would be now and after the change of weights; so many pairs of the latter
    are `others`."""

    before: Match
    after: Match
    others: int
    weights: Mapping[str, tuple[int, int]]
    """Of the parts whose weight changes, the one that is kept and the new one."""


class Wait(Enum):
    """What stands in the place of a preview that there is not."""

    WORKING = "working"
    FAILED = "failed"


def build(
    library: Library, program_name: str, filled: Weighing, preview: Preview | Wait | None = None
) -> Block:
    label = library.label
    metadata = {"program": filled.program_id, "shown": dict(filled.shown)}
    return blocks.modal(
        CALLBACK,
        title=label("match_weights.title"),
        submit=label("match_weights.submit"),
        close=label("match_weights.close"),
        metadata=json.dumps(metadata, separators=(",", ":")),
        fields=[
            blocks.section(library.say("match_weights.intro", program=program_name)),
            *(_field(library, name, filled) for name in PARTS),
            blocks.actions(
                blocks.button(label("match_weights.preview_button"), PREVIEW, "preview")
            ),
            *(blocks.section(text) for text in _previewed(library, preview)),
        ],
    )


def read(view: Mapping[str, Any]) -> Weighing:
    """Raises UserFacingError with a field as `check` does."""
    values: Values = view["state"]["values"]
    opened = json.loads(view["private_metadata"])
    given = {name: int(blocks.text_of(values, name)) for name in PARTS}
    check(given)
    return Weighing(opened["program"], given, opened["shown"])


def check(weights: Mapping[str, int]) -> None:
    """Raises UserFacingError with a field when nothing would count, and when what people said of
    themselves for the matching alone would count for more than half: their scores would tell it."""
    total = sum(weights.values())
    if not total:
        raise UserFacingError("weights_all_zero", field=PARTS[0])
    if 2 * sum(weights[name] for name in IN_THE_OPEN) < total:
        raise UserFacingError("weights_tell_profiles", field=PARTS[0])


def saved(library: Library, program_name: str, *, changed: bool) -> Message:
    key = "match_weights.kept" if changed else "match_weights.unchanged"
    return blocks.message(library.say(key, program=program_name))


def _field(library: Library, name: str, filled: Weighing) -> Block:
    """Whatever weight is kept or chosen can be kept."""
    weights = sorted({*WORDS, filled.shown[name], filled.given[name]})
    options: list[Option] = [(str(weight), _word(library, weight)) for weight in weights]
    return blocks.field(
        name,
        library.label(f"match_weights.{name}_label"),
        blocks.select_input(options, str(filled.given[name])),
        hint=library.label(f"match_weights.{name}_hint"),
    )


def _word(library: Library, weight: int) -> str:
    if weight in WORDS:
        return library.label(f"match_weights.{WORDS[weight]}_option")
    return library.label("match_weights.as_kept_option", weight=weight)


def _previewed(library: Library, preview: Preview | Wait | None) -> list[str]:
    match preview:
        case None:
            return []
        case Wait.WORKING:
            return [library.say("match_weights.working")]
        case Wait.FAILED:
            return [library.say("match_weights.failed")]
    say, before, after = library.say, preview.before, preview.after
    changes = ", ".join(
        library.say(
            "match_weights.weight",
            part=library.label(f"match_weights.{name}_label"),
            before=_word(library, old),
            after=_word(library, new),
        )
        for name, (old, new) in preview.weights.items()
    )
    lines = [
        say("match_weights.people_same", count=after.people)
        if before.people == after.people
        else say("match_weights.people_others", count=after.people, before=before.people),
        say("match_weights.pairs_others", count=preview.others, pairs=after.pairs)
        if preview.others
        else say("match_weights.pairs_same"),
        *_part_lines(library, before, after),
    ]
    return [
        say("match_weights.for_these", weights=Mrkdwn(changes)),
        "\n".join(lines),
        say("match_weights.not_kept"),
    ]


def _part_lines(library: Library, before: Match, after: Match) -> list[str]:
    """Of the parts that change most, and enough to be seen."""
    if min(before.pairs, after.pairs) < FEWEST_PAIRS:
        return [library.say("match_weights.parts_of_few", least=FEWEST_PAIRS)]
    shown = {
        name: (round(100 * before.parts[name]), round(100 * after.parts[name])) for name in PARTS
    }
    most = sorted(PARTS, key=lambda name: -abs(shown[name][1] - shown[name][0]))[:MOST_PARTS]
    lines = [
        library.say(
            "match_weights.part",
            part=library.label(f"match_weights.{name}_label"),
            before=shown[name][0],
            after=shown[name][1],
        )
        for name in most
        if shown[name][0] != shown[name][1]
    ]
    return lines or [library.say("match_weights.parts_same")]
