import pytest

from bot.matching.candidates import Candidate
from bot.matching.comparison import compare
from bot.matching.pairwise import TOGETHER
from bot.matching.scores import Weights
from bot.matching.task import Found, Task, Worked, found, work_out
from bot.views.modals import weights as form
from bot.views.modals.weights import Preview

TOPICS_ALONE = Weights.of(dict.fromkeys(form.PARTS, 0) | {"topics": 5})
DEPARTMENTS_ALONE = Weights.of(dict.fromkeys(form.PARTS, 0) | {"department": 8})


def person(number: int, level: int, department: str, *topics: str) -> Candidate:
    return Candidate(
        person_id=number,
        level=level,
        department=department,
        topics=frozenset(topics),
        reporting_path=f"/{number}/",
    )


def compared(mentors: list[Candidate], mentees: list[Candidate]) -> Preview:
    """By topics alone, and by departments alone instead."""
    before = Task(mentors, mentees, weights=TOPICS_ALONE)
    after = Task(mentors, mentees, weights=DEPARTMENTS_ALONE)
    return compare(before, after, (work_out(before), work_out(after)))


class TestCompare:
    def test_says_what_is_won_and_what_is_lost(self) -> None:
        mentors = [person(1, 1, "IT", "tools"), person(2, 1, "Sales", "people")]
        mentees = [person(3, 5, "IT", "tools"), person(4, 5, "Sales", "people")]
        preview = compared(mentors, mentees)
        assert (preview.before.people, preview.after.people) == (4, 4)
        assert (preview.after.pairs, preview.others) == (2, 2)
        assert (preview.before.parts["topics"], preview.after.parts["topics"]) == (1, 0)
        assert (preview.before.parts["department"], preview.after.parts["department"]) == (0, 1)
        assert preview.weights["department"] == (0, 8)
        assert "level" not in preview.weights

    def test_nobody_to_pair(self) -> None:
        preview = compared([person(1, 5, "IT", "tools")], [person(2, 5, "HR", "tools")])
        assert (preview.before.people, preview.after.pairs, preview.others) == (0, 0, 0)
        assert set(preview.after.parts.values()) == {0}

    def test_means_are_those_of_every_pair(self) -> None:
        """More of them than are looked at together."""
        count = 2 * TOGETHER + 3
        mentors = [person(n, 1, "IT" if n % 3 else "HR", "tools") for n in range(1, count + 1)]
        mentees = [person(n + count, n % 4 + 2, "IT", "tools") for n in range(1, count + 1)]
        task = Task(mentors, mentees, weights=TOPICS_ALONE)
        pairs = [_pair(mentor, mentee) for mentor, mentee in zip(mentors, mentees, strict=True)]
        preview = compare(task, task, (Worked(tuple(pairs), (), ()),) * 2)
        for name, mean in preview.before.parts.items():
            alone = Weights.of(dict.fromkeys(form.PARTS, 0) | {name: 1})
            scores = [
                found(mentor, mentee, alone).score
                for mentor, mentee in zip(mentors, mentees, strict=True)
            ]
            assert mean == pytest.approx(sum(scores) / count)


def _pair(mentor: Candidate, mentee: Candidate) -> Found:
    return Found(mentor.person_id, mentee.person_id, 0.5, (), None, ())
