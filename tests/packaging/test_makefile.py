import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
INHERITED = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "PYTHON", "VENV", "ARGS")

PRETENDS = {
    "old": "sys.version_info = (3, 9, 2)",
    "without venv": "sys.modules['ensurepip'] = None",
}
"""What a Python says of itself before it is asked."""


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs in the checkout, free of what a surrounding make hands on."""
    outer = {name: value for name, value in os.environ.items() if name not in INHERITED}
    return subprocess.run(
        command, cwd=ROOT, env=outer | environment, capture_output=True, check=False, text=True
    )


def make(*words: str, venv: Path) -> subprocess.CompletedProcess[str]:
    return run("make", *words, f"VENV={venv}")


def python_that(pretends: str, place: Path) -> Path:
    shim = place / "python3"
    code = f"import sys; {PRETENDS[pretends]}; code = sys.argv[2]; del sys.argv[1:3]; exec(code)"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{code}" "$@"\n')
    shim.chmod(0o755)
    return shim


def pretend(place: Path, command: str, does: str) -> None:
    (place / command).write_text(f"#!/bin/sh\n{does}\n")
    (place / command).chmod(0o755)


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    return tmp_path / "venv"


@pytest.fixture
def ready(venv: Path) -> Path:
    """A virtual environment with everything in it, as far as make can tell."""
    venv.mkdir()
    for stamp in (".python", ".app", ".dev"):
        (venv / stamp).touch()
    return venv


class TestHelp:
    def test_lists_every_target_and_is_the_default(self, venv: Path) -> None:
        declared = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[0].split()
        shown = make(venv=venv).stdout
        assert re.findall(r"^  make (\S+) +\S", shown, re.MULTILINE) == declared


class TestPython:
    @pytest.mark.parametrize(
        ("pretends", "sentence"),
        [
            ("old", "Turnabout needs Python 3.11 or newer; {python} here is 3.9."),
            ("without venv", "{python} cannot make virtual environments: install python3-venv"),
        ],
    )
    def test_one_that_will_not_do(
        self, pretends: str, sentence: str, venv: Path, tmp_path: Path
    ) -> None:
        python = python_that(pretends, tmp_path)
        done = make("demo", f"PYTHON={python}", venv=venv)
        said = [line for line in done.stderr.splitlines() if not line.startswith("make")]
        assert done.returncode != 0
        assert len(said) == 1
        assert said[0].startswith(sentence.format(python=python))
        assert done.stdout == ""
        assert not venv.exists()

    def test_none_at_all(self, venv: Path) -> None:
        done = make("test", "PYTHON=python-of-nowhere", venv=venv)
        assert done.returncode != 0
        assert "there is no python-of-nowhere here. Install one, or say which" in done.stderr
        assert not venv.exists()


class TestInstallation:
    def test_demo_takes_only_what_the_app_needs(self, venv: Path) -> None:
        steps = make("--dry-run", "demo", venv=venv).stdout
        assert "-r constraints.txt" in steps
        assert "-r constraints-dev.txt" not in steps
        assert f"{venv}/bin/turnabout demo" in steps

    def test_test_adds_the_tools_to_the_same_place(self, venv: Path) -> None:
        steps = make("--dry-run", "test", venv=venv).stdout
        assert steps.index("-r constraints.txt") < steps.index("-r constraints-dev.txt")
        assert f"{venv}/bin/python -m pip install" in steps

    def test_happens_once(self, ready: Path) -> None:
        assert "pip install" not in make("--dry-run", "demo", "test", venv=ready).stdout

    @pytest.mark.parametrize(
        ("stale", "again"),
        [(".dev", ["constraints-dev.txt"]), (".app", ["constraints.txt", "constraints-dev.txt"])],
    )
    def test_happens_again_when_the_pins_are_newer(
        self, stale: str, again: list[str], ready: Path
    ) -> None:
        os.utime(ready / stale, (0, 0))
        steps = make("--dry-run", "test", venv=ready).stdout
        assert re.findall(r"--require-hashes -r (\S+)", steps) == again


class TestTest:
    @pytest.mark.parametrize(
        "tool", ["ruff check", "ruff format --check", "mypy --strict", "lint-imports", "-m pytest"]
    )
    def test_runs_every_check(self, tool: str, ready: Path) -> None:
        assert tool in make("--dry-run", "test", venv=ready).stdout

    def test_runs_the_tests_side_by_side_but_those_of_a_file_together(self, ready: Path) -> None:
        """What the tests of a file share, such as an installed image, is made once; and files start
        in the order of `tests/conftest.py`."""
        steps = make("--dry-run", "test", venv=ready).stdout
        assert re.search(r"pytest -n \S.+--dist loadfile --no-loadscope-reorder", steps, re.DOTALL)


class TestCi:
    @pytest.fixture
    def tools(self, tmp_path: Path) -> Path:
        """A folder of commands that only say how they were called; a browser is installed."""
        pretend(tmp_path, "make", 'echo "$PWD: make $* in ${VENV:-.venv}, tests $BROWSER_TESTS"')
        pretend(tmp_path, "apt-get", 'echo "apt-get $*"')
        pretend(tmp_path, "sudo", 'shift; exec "$@"')
        for tool in ("chromium", "dpkg"):
            pretend(tmp_path, tool, "")
        return tmp_path

    def ci(self, tools: Path, home: Path | None = None) -> subprocess.CompletedProcess[str]:
        path = f"{tools}:{os.environ['PATH']}"
        return run(str(ROOT / ".ci" / "run"), PATH=path, HOME=str(home or tools))

    def test_runs_make_test_in_the_checkout(self, tools: Path) -> None:
        done = self.ci(tools)
        assert done.stdout == f"{ROOT}: make test in .venv, tests required\n"
        assert done.returncode == 0

    def test_keeps_the_home_of_root_closed(self, tools: Path) -> None:
        done = self.ci(tools, ROOT.parent)
        venv = Path(done.stdout.partition(" in ")[2].partition(",")[0])
        elsewhere = venv.is_absolute() and not venv.is_relative_to(ROOT)
        assert elsewhere == (os.geteuid() == 0)
        assert venv.parent.exists() != elsewhere, "what was made is left behind"

    def test_fails_when_make_does(self, tools: Path) -> None:
        pretend(tools, "make", "exit 2")
        assert self.ci(tools).returncode == 2

    def test_installs_the_browser_that_is_missing(self, tools: Path) -> None:
        pretend(tools, "dpkg", "exit 1")
        update, install, made = self.ci(tools).stdout.splitlines()
        assert update.startswith("apt-get update")
        assert install.endswith(" chromium fonts-noto-color-emoji fonts-liberation")
        assert "make test" in made

    def test_says_what_to_install_where_it_may_not(self, tools: Path) -> None:
        pretend(tools, "dpkg", "exit 1")
        pretend(tools, "apt-get", "exit 100")
        done = self.ci(tools)
        assert done.returncode == 1
        assert "Install the Debian packages chromium" in done.stderr
        assert done.stdout == "", "make has run"


class TestClean:
    def test_removes_only_a_virtual_environment(self, venv: Path) -> None:
        assert f"rm -rf {venv}" in make("--dry-run", "clean", venv=venv).stdout
        assert f"[ ! -e {venv}/pyvenv.cfg ] ||" in make("--dry-run", "clean", venv=venv).stdout
