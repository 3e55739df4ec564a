"""Whatever the engine has to say of a match, there is a sentence for it."""

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import explanations, reasons, runs_service, task
from bot.matching.candidates import Candidate
from bot.matching.task import Task
from bot.views import match_words
from models import Role
from prompts.library import Library, Mrkdwn, load_library

LIBRARY = load_library()
TWO = {"mentor": Mrkdwn("<@U1>"), "mentee": Mrkdwn("<@U2>")}
KINDS = ("why", "known", "left", "help")
PRIVATE = (
    "my-walk",
    "my-chat",
    "by-doing",
    "by-reading",
    "my-music",
    "my-sport",
    "my-ear",
    "my-pen",
)
"""What people say of themselves for the matching alone."""


def keys(module: ModuleType) -> Iterator[str]:
    """Of all points that this module makes."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Point":
            for part in ast.walk(node.args[0]):
                if isinstance(part, ast.Constant):
                    yield part.value


def some(*names: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(names), max_size=2)


@st.composite
def candidates(draw: st.DrawFn, person_id: int) -> Candidate:
    topics = draw(some("digital-tools", "social-media", "gone"))
    managers = draw(st.sampled_from(["", "/8", "/9", "/8/9"]))
    return Candidate(
        person_id=person_id,
        level=draw(st.integers(1, 6)),
        department=draw(st.sampled_from(["", "Sales", "Care"])),
        topics=topics,
        reporting_path=f"{managers}/{person_id}/",
        main_topic=draw(st.sampled_from(["", *sorted(topics)])),
        hours=draw(st.sampled_from([0, 1, 0b110, (1 << 48) - 1])),
        means=draw(some("my-walk", "my-chat")),
        frequency=draw(st.sampled_from([None, 1, 4])),
        style=draw(st.sampled_from([None, "by-doing", "by-reading"])),
        interests=draw(some("my-music", "my-sport")),
        strengths=draw(some("my-ear", "my-pen")),
        known=draw(st.frozensets(st.sampled_from([1, 2]), max_size=1)),
    )


class TestEveryKey:
    @pytest.mark.parametrize("module", [reasons, explanations, runs_service])
    def test_has_a_sentence(self, module: ModuleType) -> None:
        found = set(keys(module))
        assert found
        said = {key.removeprefix("match.") for key in LIBRARY.texts if key.startswith("match.")}
        assert [key for key in found if not {f"{key}_{kind}" for kind in KINDS} & said] == []


class TestPairs:
    @given(candidates(1), candidates(2))
    def test_are_put_into_words_whatever_they_are(
        self, mentor: Candidate, mentee: Candidate
    ) -> None:
        found = task.found(mentor, mentee)
        points = [one.as_json() for one in (*found.reasons, found.to_know) if one]
        to_know = points.pop() if found.to_know else None
        said = [match_words.why(LIBRARY, reason, TWO) for reason in points]
        said.append(match_words.to_know(LIBRARY, to_know, TWO))
        assert all(said)
        assert [one for one in PRIVATE if one in " ".join(said)] == []

    def test_most_is_said_of_who_wants_what(self, english: Library) -> None:
        mentor, mentee = (
            Candidate(number, number * 2, "Sales", frozenset(topics), f"/{number}/")
            for number, topics in ((1, ["digital-tools"]), (2, ["digital-tools", "social-media"]))
        )
        found = task.found(mentor, mentee)
        why = match_words.why(english, found.reasons[0].as_json(), TWO)
        assert why == f"<@U1> offers {english.topics['digital-tools']}, which <@U2> wants."
        assert found.to_know is not None
        known = match_words.to_know(english, found.to_know.as_json(), TWO)
        assert english.topics["social-media"] in known


class TestLeftOver:
    @given(st.lists(candidates(1), max_size=1), st.lists(candidates(2), max_size=1))
    def test_is_put_into_words_whatever_it_is(
        self, mentors: list[Candidate], mentees: list[Candidate]
    ) -> None:
        worked = task.work_out(Task(mentors, mentees))
        for left in worked.left_over:
            reason, help_ = left.reason.as_json(), left.help.as_json()
            assert match_words.left_over(LIBRARY, left.role, reason, help_)
        for wish in worked.wishes:
            if wish.topic in LIBRARY.topics:
                assert match_words.wish(LIBRARY, wish)

    def test_it_names_the_other_side(self, english: Library) -> None:
        reason, help_ = (
            {"key": "levels", "values": {"people": 3}},
            {
                "key": "mentors_needed",
                "values": {"level": 2, "topics": []},
            },
        )
        said = match_words.left_over(english, Role.MENTEE, reason, help_)
        assert "3 mentors" in said
        assert said.endswith("a mentor at level 2 or below.")


class TestVerdict:
    @pytest.mark.parametrize(
        ("people_at_most", "total_at_most", "key", "values"),
        [
            (24, 8.0, "best", {}),
            (24, 8.0016, "score", {"percent": "0.02"}),
            (24, 8.0000001, "score", {"percent": "0.01"}),
            (26, 9.0, "people", {"count": 2}),
        ],
    )
    def test_says_what_is_proved_and_no_more(
        self,
        english: Library,
        people_at_most: float,
        total_at_most: float,
        key: str,
        values: dict[str, str | int],
    ) -> None:
        proved = {"people": 24, "total": 8.0}
        proved |= {"people_at_most": people_at_most, "total_at_most": total_at_most}
        said = match_words.verdict(english, proved)
        assert said == english.say(f"match.verdict_{key}", **values)
