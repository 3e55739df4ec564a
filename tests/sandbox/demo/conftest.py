"""A small company plays four weeks, three times, each in a process of its own; in a campaign once
more, with another seed."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

WEEKS = 4
COMPANY = """\
id,name,level,department,manager,time_zone,left
1,Lena Boss,6,Board,,Europe/Berlin,
2,Max Sales,5,Sales,1,Europe/London,
3,Ida Care,5,Care,1,America/New_York,
4,Ren Product,5,Product,1,Pacific/Auckland,
5,Ola North,4,Sales,2,Europe/Lisbon,
6,Eve South,4,Care,3,America/Chicago,
7,Ann One,1,Sales,5,Europe/London,
8,Ben Two,1,Sales,5,Europe/Berlin,
9,Cid Three,2,Sales,2,Asia/Kolkata,
10,Dot Four,1,Care,6,America/New_York,
11,Eli Five,2,Care,6,Europe/Lisbon,
12,Fay Six,1,Care,3,Asia/Singapore,
13,Gus Seven,3,Product,4,Europe/London,
14,Hal Eight,1,Product,13,America/Chicago,
15,Ivy Nine,2,Product,13,Europe/Berlin,
16,Jim Ten,1,Product,4,Pacific/Auckland,
17,Kay Gone,1,Product,4,Europe/London,yes
"""
Row = dict[str, Any]


@dataclass(frozen=True)
class Play:
    """A demo that has ended, and what it left in its folder."""

    code: int
    said: str
    out: Path

    @cached_property
    def transcript(self) -> str:
        return (self.out / "transcript.jsonl").read_text(encoding="utf-8")

    @cached_property
    def calls(self) -> list[Row]:
        return [json.loads(line) for line in self.transcript.splitlines()]

    @cached_property
    def posts(self) -> dict[str, Row]:
        """The messages that Slack took, by the delivery id in their metadata."""
        return {
            call["args"]["metadata"]["event_payload"]["id"]: call
            for call in self.calls
            if call["method"] == "chat.postMessage" and call["ok"]
        }

    def rows(self, query: str) -> list[Row]:
        with closing(sqlite3.connect(self.out / "turnabout.db")) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query)]

    @cached_property
    def deliveries(self) -> list[Row]:
        """Everything that was queued, with the two people where it is a pair's."""
        return self.rows(
            """
            SELECT delivery.*, mentor.slack_user_id AS mentor, mentee.slack_user_id AS mentee,
                mentor.time_zone AS mentor_zone, mentee.time_zone AS mentee_zone,
                pair.state AS pair_state
            FROM delivery
            LEFT JOIN pair ON pair.id = delivery.pair_id
            LEFT JOIN person AS mentor ON mentor.id = pair.mentor_id
            LEFT JOIN person AS mentee ON mentee.id = pair.mentee_id
            """
        )

    def of_kind(self, kind: str) -> list[Row]:
        return [delivery for delivery in self.deliveries if delivery["kind"] == kind]


def start(
    people: Path, out: Path, seed: int, hash_seed: int, *more: str
) -> "subprocess.Popen[str]":
    words = ["--people", people, "--weeks", WEEKS, "--seed", seed, "--out", out, *more]
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--headless", *map(str, words)],
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="session")
def plays(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Play]:
    return played(
        tmp_path_factory.mktemp("demo"),
        {"first": (7, 1), "again": (7, 2), "troubled": (7, 1, "--faults")},
    )


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Play:
    """With another seed than the rest."""
    return played(tmp_path_factory.mktemp("other"), {"other": (8, 1)})["other"]


def played(folder: Path, wanted: Mapping[str, tuple[Any, ...]]) -> dict[str, Play]:
    """All of these at the same time."""
    people = folder / "company.csv"
    people.write_text(COMPANY, encoding="utf-8")
    started = {name: start(people, folder / name, *how) for name, how in wanted.items()}
    ended = {}
    for name, process in started.items():
        said, _ = process.communicate()
        ended[name] = Play(process.returncode, said, folder / name)
    return ended


@pytest.fixture
def play(plays: dict[str, Play]) -> Play:
    return plays["first"]
