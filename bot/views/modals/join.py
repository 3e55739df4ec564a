"""The form with which a person joins a program or changes their answers, and its reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.errors import UserFacingError
from bot.views import blocks
from bot.views.blocks import Block, Option, Values
from bot.views.modals import profile
from bot.views.modals.profile import NO_MATTER, About
from models import Enrollment, Program, Role
from prompts.library import Library

CALLBACK = "join"
LOWEST_LEVEL, HIGHEST_LEVEL = 1, 100
AGREE = "agree"
MOST_BOXES = 10
"""More than so many topics are chosen from a menu."""


@dataclass(frozen=True)
class Asked:
    """What is known of the person when the form opens. `role` is None where HR does not know
    their level: then they say it, and their manager unless HR knows that. `before` are their
    answers of last time in this program, None for a newcomer."""

    program: Program
    role: Role | None
    about: About
    before: Enrollment | None = None
    asks_manager: bool = False
    stated_manager: str = ""


@dataclass(frozen=True)
class Join:
    """What was asked for. The fields' names are the form's block ids. `stated_level` is None where
    the form did not ask; `stated_manager` is a Slack user id, "" for nobody."""

    program_id: int
    topics: Sequence[str]
    main_topic: str | None = None
    refused_topics: Sequence[str] = ()
    identity_topics: Sequence[str] = ()
    stated_level: int | None = None
    stated_manager: str = ""
    about: About = field(default_factory=About)


def build(library: Library, asked: Asked) -> Block:
    label = library.label
    return blocks.modal(
        CALLBACK,
        title=label("join.title"),
        submit=label("join.update_submit" if asked.before else "join.submit"),
        close=label("join.close"),
        metadata=str(asked.program.id),
        fields=[
            *_topics(library, asked),
            *_identity(library, asked),
            *_stated(library, asked),
            blocks.header(label("join.about_heading")),
            blocks.section(library.say("join.about")),
            *profile.fields(library, asked.about),
            *_promise(library, asked),
        ],
    )


def read(view: Mapping[str, Any]) -> Join:
    """Raises UserFacingError with the field at fault."""
    values: Values = view["state"]["values"]
    topics = blocks.choices_of(values, "topics")
    refused = blocks.choices_of(values, "refused_topics")
    if not topics:
        raise UserFacingError("topics_missing", field="topics")
    main = blocks.text_of(values, "main_topic")
    if main not in (*topics, "", NO_MATTER):
        raise UserFacingError("main_topic_not_chosen", field="main_topic")
    if set(topics) & set(refused):
        raise UserFacingError("topic_refused_too", field="refused_topics")
    if AGREE not in blocks.choices_of(values, "ground_rules"):
        raise UserFacingError("ground_rules_missing", field="ground_rules")
    level, manager, identity = None, "", []
    if "identity_topics" in values:
        identity = blocks.choices_of(values, "identity_topics")
    if "stated_level" in values:
        level = blocks.number_of(values, "stated_level", LOWEST_LEVEL, HIGHEST_LEVEL)
    if "stated_manager" in values:
        manager = blocks.text_of(values, "stated_manager")
    return Join(
        program_id=int(view["private_metadata"]),
        topics=topics,
        main_topic=main if main in topics else None,
        refused_topics=refused,
        identity_topics=identity,
        stated_level=level,
        stated_manager=manager,
        about=profile.read_fields(values),
    )


def _topics(library: Library, asked: Asked) -> list[Block]:
    program, before, label = asked.program, asked.before, library.label
    options = _options(library, program.topics)
    sides = {Role.MENTOR: "offered", Role.MENTEE: "wanted", None: "either"}
    side = sides[asked.role]
    return [
        blocks.section(library.say(f"join.intro_{side}", program=program.name)),
        blocks.field(
            "topics",
            label(f"join.{side}_label"),
            _boxes(options, before.topics if before else ()),
            hint=label(f"join.{side}_hint"),
        ),
        blocks.field(
            "main_topic",
            label(f"join.{side}_main_label"),
            _main_topic(library, options, before),
            hint=label("join.main_hint"),
            optional=True,
        ),
        blocks.field(
            "refused_topics",
            label("join.refused_label"),
            _boxes(options, before.refused_topics if before else ()),
            hint=label("join.refused_hint"),
            optional=True,
        ),
    ]


def _main_topic(library: Library, options: Sequence[Option], before: Enrollment | None) -> Block:
    """Of one that the program has left out since, nothing is shown, and nothing is kept."""
    nothing = (NO_MATTER, library.label("join.main_none_option"))
    chosen = before.main_topic if before else None
    shown = chosen if chosen in dict(options) else None
    return blocks.select_input([nothing, *options], shown or NO_MATTER)


def _identity(library: Library, asked: Asked) -> list[Block]:
    """Asked only where the program has such topics. What was said counts for this program alone."""
    touching = [topic for topic in asked.program.topics if topic in library.identity_topics]
    options = _options(library, touching)
    if not options:
        return []
    chosen = asked.before.identity_topics if asked.before else ()
    return [
        blocks.section(library.say("join.identity", program=asked.program.name)),
        blocks.field(
            "identity_topics",
            library.label("join.identity_label"),
            _boxes(options, chosen),
            hint=library.label("join.identity_hint"),
            optional=True,
        ),
    ]


def _stated(library: Library, asked: Asked) -> list[Block]:
    if asked.role is not None:
        return []
    label = library.label
    level = asked.before.stated_level if asked.before else None
    fields = [
        blocks.field(
            "stated_level",
            label("join.stated_level_label"),
            blocks.number_input(level, LOWEST_LEVEL, HIGHEST_LEVEL),
            hint=label("join.stated_level_hint"),
        )
    ]
    if asked.asks_manager:
        manager = {"initial_user": asked.stated_manager} if asked.stated_manager else {}
        fields.append(
            blocks.field(
                "stated_manager",
                label("join.stated_manager_label"),
                {"type": "users_select"} | manager,
                hint=label("join.stated_manager_hint"),
                optional=True,
            )
        )
    return fields


def _promise(library: Library, asked: Asked) -> list[Block]:
    agree = [(AGREE, library.label("join.ground_rules_option"))]
    agreed = [AGREE] if asked.before and asked.before.agreed_at else []
    return [
        blocks.section(library.say("pair.ground_rules")),
        blocks.field(
            "ground_rules",
            library.label("join.ground_rules_label"),
            blocks.checkbox_input(agree, agreed),
        ),
        blocks.context(library.say("join.promise")),
    ]


def _options(library: Library, topics: Sequence[str]) -> list[Option]:
    return [(topic, library.topics[topic]) for topic in topics if topic in library.topics]


def _boxes(options: Sequence[Option], chosen: Sequence[str]) -> Block:
    few = len(options) <= MOST_BOXES
    return (blocks.checkbox_input if few else blocks.several_input)(options, chosen)
