"""`turnabout demo` as somebody types it, in a process of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from tests.listeners import listeners
from tests.sandbox.demo.conftest import COMPANY

Start = Callable[..., "subprocess.Popen[str]"]
PATIENCE = 15.0
"""Seconds. It ends within two, where the machine has nothing else to do."""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def start(*words: object) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", *map(str, words)],
            env={**os.environ, "PYTHONPATH": str(Path.cwd()), "TMPDIR": str(tmp_path)},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def address_of(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """Where the page is, when everything has been said about it; and what was said."""
    assert process.stdout is not None
    said = ""
    while "Ctrl-C ends it." not in said:
        said += process.stdout.readline() or pytest.fail(f"it has ended: {said}")
    found = re.search(r"http://(127\.0\.0\.1:\d+)\n", said)
    assert found is not None
    return found[1], said


@contextmanager
def got(address: str, path: str) -> Iterator[HTTPResponse]:
    with closing(HTTPConnection(address)) as connection:
        connection.request("GET", path)
        with closing(connection.getresponse()) as response:
            yield response


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    said, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, said


class TestShow:
    @pytest.mark.parametrize(
        "stop", [pytest.param(signal.SIGINT, marks=pytest.mark.campaign), signal.SIGTERM]
    )
    def test_until_ctrl_c(self, start: Start, tmp_path: Path, stop: signal.Signals) -> None:
        process = start("--port", 0)
        address, said = address_of(process)
        assert "no other machine can reach the page" in said
        assert "Whoever else is logged in on this one can." in said
        found = listeners(process.pid)
        assert len(found) == 3, "the page, the workspace and the app"
        assert all(listening.is_loopback for listening, _ in found)
        with got(address, "/demo/stream"):  # a page that is open
            process.send_signal(stop)
            code, said = ended(process)
        assert code == 0
        assert said.endswith("The demo has ended.\n")
        assert "Traceback" not in said
        assert list(tmp_path.iterdir()) == []

    def test_ctrl_c_while_it_starts(self, start: Start, tmp_path: Path) -> None:
        process = start("--port", 0)
        assert process.stdout is not None
        assert process.stdout.readline() == "Setting up a Slack workspace for 60 people\n"
        process.send_signal(signal.SIGINT)
        code, said = ended(process)
        assert (code, said) == (0, "\nThe demo has ended.\n")
        assert list(tmp_path.iterdir()) == []

    def test_an_hr_file_and_a_place_for_the_results(self, start: Start, tmp_path: Path) -> None:
        (tmp_path / "hr.csv").write_text(COMPANY)
        out = tmp_path / "kept"
        process = start("--port", 0, "--people", "hr.csv", "--out", out)
        address, before = address_of(process)
        with got(address, "/demo/workspace") as answer:
            assert "Lena Boss" in answer.read().decode()
        process.send_signal(signal.SIGINT)
        code, said = ended(process)
        assert code == 0
        assert "are your file's" in before
        assert "Robin Vega" in before
        assert str(out) in said.replace("\n", "")
        assert {"turnabout.db", "turnabout.log", "people.csv"} <= set(os.listdir(out))
