"""Programs to start from: what is refused at load, and that each built-in one is complete."""

from collections.abc import Callable
from datetime import date

import pytest

from bot.matching.scores import PARTS
from bot.programs import rules
from bot.views.modals.program import LONGEST_NAME, LONGEST_PURPOSE
from bot.views.modals.program_settings import NAMES, ProgramSettings
from models import Cadence, ProgramState
from prompts import templates
from prompts.library import Library, LibraryError

Loader = Callable[..., Library]

START = '[[template]]\nid = "start"\nname = "Start"\ndescription = "Begin."\npurpose = "Learn"\n'
BROKEN = {
    "no topics": ("", "“topics” is missing"),
    "an empty list of topics": ("topics = []", "“topics” is not a list with at least one topic"),
    "a topic there is not": ('topics = ["magic"]', "there is no topic “magic”"),
    "a topic twice": ('topics = ["tools", "tools"]', "the topic “tools” stands there twice"),
    "weeks in words": ('topics = ["tools"]\nweeks = "12"', "“weeks” is not a whole number"),
    "too many weeks": ('topics = ["tools"]\nweeks = 53', "from 1 to 52"),
    "true for a number": ('topics = ["tools"]\nhour = true', "“hour” is not a whole number"),
    "a cadence there is not": (
        'topics = ["tools"]\ncadence = "daily"',
        "“cadence” is “daily”, and has to be one of weekly, fortnightly, monthly, quarterly",
    ),
    "a maybe": ('topics = ["tools"]\nvetted = "yes"', "“vetted” is neither true nor false"),
    **{
        f"weights that are {what}": (
            f'topics = ["tools"]\nweights = {wrong}',
            "“weights” are not whole numbers from 0 to 10, each with its part",
        )
        for what, wrong in {
            "too much": "{ level = 11 }",
            "no table": "3",
            "true": "{ a = true }",
        }.items()
    },
    "what each company says itself": (
        'topics = ["tools"]\nmentee_from_level = 4',
        "“mentee_from_level” is not known here",
    ),
}


class TestTemplates:
    @pytest.mark.parametrize("case", BROKEN)
    def test_a_bad_one_is_named_with_its_reason(self, load: Loader, case: str) -> None:
        rest, reason = BROKEN[case]
        with pytest.raises(LibraryError) as refused:
            load({"templates.toml": START + rest})
        assert (refused.value.file, refused.value.entry) == ("xx/templates.toml", "start")
        assert reason in refused.value.reason

    def test_an_id_stands_once(self, load: Loader) -> None:
        twice = f'{START}topics = ["tools"]\n' * 2
        with pytest.raises(LibraryError, match="in use twice"):
            load({"templates.toml": twice})

    def test_a_description_fits_below_its_name(self, load: Loader) -> None:
        long = START.replace("Begin.", "W" * 76) + 'topics = ["tools"]'
        with pytest.raises(LibraryError, match="76 characters"):
            load({"templates.toml": long})

    def test_settings_are_read_as_what_they_are(self, load: Loader) -> None:
        text = START + 'topics = ["tools"]\ncadence = "monthly"\nweeks = 24\nvetted = true\n'
        text += "weights = { level = 3 }\n"
        [found] = load({"templates.toml": text}).templates.values()
        assert found.topics == ("tools",)
        assert dict(found.settings) == {"cadence": Cadence.MONTHLY, "weeks": 24, "vetted": True}
        assert dict(found.weights) == {"level": 3}

    def test_a_purpose_is_as_long_as_the_form_takes(self) -> None:
        assert templates.LONGEST_PURPOSE == LONGEST_PURPOSE


class TestBuiltIn:
    def test_are_the_ones_there_should_be(self, english: Library) -> None:
        assert list(english.templates) == [
            "digital-skills",
            "younger-customers",
            "inclusion",
            "retention",
            "cross-functional",
            "executive-circle",
            "accessibility",
        ]

    def test_each_passes_every_rule_as_it_is(self, english: Library) -> None:
        today = date(2026, 1, 5)
        for template in english.templates.values():
            settings = ProgramSettings(
                name=template.name,
                purpose=template.purpose,
                topics=list(template.topics),
                mentee_from_level=4,
                starts_on=date(2026, 1, 19),
                manager_slack_ids=["U1"],
                **template.settings,
            )
            assert len(template.name) <= LONGEST_NAME
            rules.check(settings, NAMES, None, ProgramState.DRAFT, today)

    def test_weights_are_those_of_parts_that_there_are(self, english: Library) -> None:
        for template in english.templates.values():
            assert template.weights.keys() <= set(PARTS), template.id

    def test_whoever_speaks_of_themselves_has_agreed_and_been_looked_at(
        self, english: Library
    ) -> None:
        for template in english.templates.values():
            if english.identity_topics & set(template.topics):
                assert template.settings["vetted"], template.id
                assert template.settings["training_required"], template.id

    def test_each_has_something_to_talk_about_for_all_its_weeks(self, english: Library) -> None:
        for template in english.templates.values():
            weeks = template.settings.get("weeks", 12)
            cadence = template.settings.get("cadence", Cadence.WEEKLY)
            assert isinstance(cadence, Cadence)
            assert isinstance(weeks, int)
            questions = [q for q in english.questions if q.topic in ("general", *template.topics)]
            assert len(questions) >= weeks // cadence.weeks, template.id
