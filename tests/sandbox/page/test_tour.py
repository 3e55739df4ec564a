"""The tour speaks of the app's own forms, buttons and topics: whoever renames one meets this."""

import inspect
import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bot.views import match_proposal, messages
from bot.views.modals import goal, join, launch, lesson, program, template
from bot.views.modals.program_settings import ProgramSettings
from handlers.commands.mentoring import SUB_COMMANDS
from prompts.library import load_library
from sandbox.demo import play

STATIC = Path(inspect.getfile(play)).parents[1] / "page" / "static"
TOUR: dict[str, Any] = json.loads((STATIC / "tour.json").read_text(encoding="utf-8"))
FILLED = {program.CALLBACK, join.CALLBACK, goal.CALLBACK}
"""Those that the tour fills in."""
FORMS = FILLED | {template.CALLBACK, launch.CALLBACK, lesson.CALLBACK}
BUTTONS = {messages.JOIN, messages.WE_MET, messages.SET_GOAL, match_proposal.PUBLISH}
FIELDS = {*(field.name for field in fields(ProgramSettings)), *goal.PARTS, "ground_rules"}


def helps() -> Iterator[dict[str, Any]]:
    for step in TOUR["steps"]:
        yield from step.get("help", [])


def things(verb: str) -> set[str]:
    """What follows a verb in the facts that steps wait for, as in `junior:clicked:we_met`."""
    facts = [fact.split(":") for step in TOUR["steps"] for fact in step["done"]]
    return {words[words.index(verb) + 1] for words in facts if verb in words}


class TestFacts:
    @pytest.mark.parametrize("verb", ["modal", "submitted"])
    def test_are_of_forms_that_there_are(self, verb: str) -> None:
        assert things(verb)
        assert things(verb) <= FORMS

    @pytest.mark.parametrize("verb", ["seen", "clicked"])
    def test_are_of_buttons_that_there_are(self, verb: str) -> None:
        assert things(verb)
        assert things(verb) <= BUTTONS

    def test_are_told_by_what_the_app_says(self) -> None:
        library = load_library()
        said = [
            library.label("match.published", count=1, publisher="Robin"),
            library.label("match.published", count=2, publisher="Robin"),
            library.label("pair.farewell_heading"),
        ]
        signs = [sign["says"] for sign in TOUR["signs"]]
        assert [[sign in text for text in said].count(True) for sign in signs] == [1, 1, 1]
        assert {sign["fact"] for sign in TOUR["signs"]} <= {
            condition.split(":", 2)[-1] if condition.startswith("later:") else condition
            for step in TOUR["steps"]
            for condition in step["done"]
        }


class TestWhatItTypes:
    def test_is_understood(self) -> None:
        typed = [one["type"] for one in helps() if "type" in one]
        typed += [one["text"] for one in TOUR["commands"]]
        assert typed
        for text in typed:
            command, sub_command, *_ = text.split()
            assert command == "/mentoring"
            assert sub_command in SUB_COMMANDS

    def test_stands_in_fields_that_there_are(self) -> None:
        filled = [one["fill"] for one in helps() if "fill" in one]
        assert len(filled) == len(FILLED)
        assert {name for form in filled for name in form} <= FIELDS

    def test_has_topics_that_there_are(self) -> None:
        chosen = {topic for one in helps() for topic in one.get("fill", {}).get("topics", [])}
        assert chosen
        assert chosen <= load_library().topics.keys()
