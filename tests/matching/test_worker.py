import asyncio
import subprocess
import sys
from multiprocessing import active_children
from pathlib import Path
from time import perf_counter

import pytest

from bot.matching import worker
from bot.matching.task import Task, work_out
from tests.matching.people import person

ROOT = Path(__file__).parents[2]
TASK = Task([person(i, topics="ai") for i in range(1, 9)], [person(i, 5) for i in range(11, 17)])
SCRIPT = """
import asyncio, sys
from bot.matching import worker
from bot.matching.candidates import Candidate
from bot.matching.task import Task

def main() -> None:
    worker.LARGE = 0
    some = [Candidate(i, 1 + i // 10, "", frozenset(), f"/{i}/") for i in (1, 11)]
    async def told(percent: int) -> None: ...
    print(len(asyncio.run(worker.work_out(Task(some[:1], some[1:]), told)).pairs), "pair")

if __name__ == "__main__":
    sys.exit(main())
"""


async def nobody(percent: int) -> None:
    pass


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LARGE", 0)


class TestWorkOut:
    async def test_a_small_run_needs_no_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(worker, "get_context", None)
        assert await worker.work_out(TASK, nobody) == work_out(TASK)

    @pytest.mark.usefixtures("everything_is_large")
    async def test_a_large_one_comes_to_the_same_in_a_process_of_its_own(self) -> None:
        said = []

        async def told(percent: int) -> None:
            said.append(percent)

        assert await worker.work_out(TASK, told) == work_out(TASK)
        assert said == sorted({*said})
        assert said
        assert active_children() == []

    @pytest.mark.usefixtures("everything_is_large")
    async def test_cancelling_ends_the_process(self) -> None:
        begun = asyncio.Event()

        async def told(percent: int) -> None:
            begun.set()
            await asyncio.Event().wait()

        running = asyncio.create_task(worker.work_out(TASK, told))
        await begun.wait()
        assert len(active_children()) == 1
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert active_children() == []

    @pytest.mark.usefixtures("everything_is_large")
    async def test_what_is_wrong_with_the_task_is_said_as_elsewhere(self) -> None:
        with pytest.raises(ValueError, match="twice on one side"):
            await worker.work_out(Task([person(1)] * 2, [person(2, 5)]), nobody)

    @pytest.mark.usefixtures("everything_is_large")
    async def test_a_process_that_dies_is_no_result(self) -> None:
        async def told(percent: int) -> None:
            for child in active_children():
                child.kill()

        many, more = (
            [person(i, level) for i in range(level * 1_000, level * 1_000 + 900)]
            for level in (1, 2)
        )
        with pytest.raises(RuntimeError, match="process ended with -9"):
            await worker.work_out(Task(many, more), told)

    @pytest.mark.usefixtures("everything_is_large")
    async def test_a_wish_to_end_is_for_the_first_process(self) -> None:
        """Whoever stops the app may tell all its processes: this one goes on until the first one
        has decided what becomes of the run."""

        async def told(percent: int) -> None:
            for child in active_children():
                child.terminate()

        assert await worker.work_out(TASK, told) == work_out(TASK)

    async def test_says_again_how_far_it_is_while_nothing_new_is_said(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """That it is still at work is what keeps the run with this copy of the app."""
        monkeypatch.setattr(worker, "LARGE", 0)
        monkeypatch.setattr(worker, "BEAT", 0.01)
        said = []

        async def told(percent: int) -> None:
            said.append(percent)

        assert await worker.work_out(TASK, told) == work_out(TASK)
        assert said == sorted(said)
        assert len(said) > len({*said})

    async def test_it_works_from_a_script_like_the_console_one(self, tmp_path: Path) -> None:
        script = tmp_path / "turnabout"
        script.write_text(SCRIPT)
        ran = subprocess.run(  # noqa: ASYNC221
            [sys.executable, script],
            env={"PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.stdout, ran.stderr) == ("1 pair\n", "")

    @pytest.mark.campaign
    async def test_nobody_else_waits_for_a_large_one(self) -> None:
        mentors = [person(i, 1 + i % 3, "ai" if i % 2 else "data") for i in range(1, 1_001)]
        mentees = [person(i, 4 + i % 3, "ai", "Legal") for i in range(1_001, 2_001)]
        longest = 0.0
        running = asyncio.create_task(worker.work_out(Task(mentors, mentees), nobody))
        while not running.done():
            began = perf_counter()
            await asyncio.sleep(0.005)
            longest = max(longest, perf_counter() - began)
        assert len((await running).pairs) == 1_000
        assert longest < 0.1
