"""Which question, nudge or reminder comes next for a pair."""

from collections.abc import Collection, Sequence
from random import Random

from prompts.library import GENERAL, Phase, Prompt, Question


def pick_question(
    questions: Sequence[Question],
    topics: Collection[str],
    phase: Phase,
    asked: Collection[str],
    random: Random,
) -> Question | None:
    """An unasked question on the pair's topics, or a general one; of this phase if there is any.

    None when the pair has had them all: better silence than the same question twice.
    """
    unasked = [
        question
        for question in questions
        if question.id not in asked and (question.topic in topics or question.topic == GENERAL)
    ]
    of_phase = [question for question in unasked if question.phase == phase]
    on_topic = [question for question in of_phase if question.topic != GENERAL]
    pool = on_topic or of_phase or unasked
    return random.choice(pool) if pool else None


def in_turn(prompts: Sequence[Prompt], pair_id: int, number: int) -> Prompt:
    """Each pair begins at another place and goes through them all before one comes again."""
    return prompts[(pair_id * 7 + number) % len(prompts)]
