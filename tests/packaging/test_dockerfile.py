import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "Dockerfile"
VENV = "/opt/turnabout"


class Instruction(NamedTuple):
    verb: str
    rest: str


def instructions() -> list[Instruction]:
    """One for each, comments and line ends within an instruction taken out."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [Instruction(*line.split(maxsplit=1)) for line in lines if line.strip()]


def builder() -> list[Instruction]:
    return list(takewhile(lambda found: found.verb != "FROM", instructions()[1:]))


def final() -> list[Instruction]:
    return instructions()[len(builder()) + 2 :]


def only(verb: str) -> str:
    """What follows a word that is there once in the final stage."""
    (found,) = (each.rest for each in final() if each.verb == verb)
    return found


def copied() -> list[tuple[list[str], str]]:
    """What goes from the checkout into the builder, and where to."""
    words = [shlex.split(each.rest) for each in builder() if each.verb == "COPY"]
    return [(sources, target) for *sources, target in words]


def copy(sources: list[str], target: Path) -> None:
    for source in sources:
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, target)


def by_the_same_steps(source: Path, venv: Path) -> None:
    """The virtual environment that the builder stage makes; pip is as it is set up here, with its
    cache, where the image has none."""
    python = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{python}:{os.environ['PATH']}"}
    for verb, rest in builder():
        if verb == "COPY":
            *sources, target = shlex.split(rest)
            copy(sources, source / target)
        if verb == "RUN":
            command = rest.replace(VENV, str(venv))
            subprocess.run(
                command, shell=True, cwd=source, env=environment, check=True, capture_output=True
            )


def with_the_app_alone(source: Path, venv: Path) -> None:
    """What the app needs is taken from where the tests run; there the app is a link, which the
    path does not lead to."""
    for sources, target in copied():
        copy(sources, source / target)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    wheels = source.with_name("wheels")
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", wheels, source]
    subprocess.run(build, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    install = [*pip, "--python", venv / "bin" / "python", "install", "--no-deps", "--no-index"]
    subprocess.run([*install, *wheels.iterdir()], check=True, capture_output=True)
    (installed,) = venv.glob("lib/python3.*/site-packages")
    (installed / "needed.pth").write_text(sysconfig.get_path("purelib"))


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(with_the_app_alone, id="app"),
        pytest.param(by_the_same_steps, id="image", marks=pytest.mark.campaign),
    ],
)
def image(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("image")
    source = place / "src"
    source.mkdir()
    request.param(source, place / "venv")
    shutil.rmtree(source)
    return place / "venv"


def start(
    image: Path, place: Path, *command: str, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Runs a command in an empty environment, away from the checkout."""
    environment = {
        "PATH": f"{image}/bin:/usr/bin:/bin",
        "TURNABOUT_DATABASE_URL": f"sqlite:///{place}/turnabout.db",
    }
    return subprocess.run(
        command,
        cwd=place,
        env=environment | settings,
        capture_output=True,
        check=False,
        text=True,
    )


@contextmanager
def answering(status: int) -> Iterator[int]:
    """A server on a free port that answers every request with this status."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


class TestDockerfile:
    def test_linter_finds_nothing(self) -> None:
        hadolint = Path(sysconfig.get_path("scripts")) / "hadolint"
        done = subprocess.run([hadolint, DOCKERFILE], capture_output=True, check=False, text=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    def test_both_stages_use_the_same_pinned_python(self) -> None:
        images = {each.rest.split()[0] for each in instructions() if each.verb == "FROM"}
        assert len(images) == 1
        assert re.fullmatch(r"python:3\.\d+-slim-\w+", images.pop())

    def test_does_not_run_as_root(self) -> None:
        user = only("USER")
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
        assert f"--uid {user.split(':')[0]} " in only("RUN")

    def test_takes_only_the_virtual_environment_over(self) -> None:
        assert only("COPY") == f"--from=builder {VENV} {VENV}"

    def test_database_is_in_the_volume(self) -> None:
        assert only("WORKDIR") == only("VOLUME") == "/data"
        assert "TURNABOUT_DATABASE_URL=sqlite:////data/" in only("ENV")

    @pytest.mark.parametrize(("status", "exit_code"), [(200, 0), (503, 1)])
    def test_health_check_asks_the_app(self, status: int, exit_code: int) -> None:
        command = json.loads(only("HEALTHCHECK").partition("CMD ")[2])
        assert ":3000/healthz" in command[-1]
        with answering(status) as port:
            code = command[-1].replace(":3000/", f":{port}/")
            done = subprocess.run(
                [sys.executable, *command[1:-1], code], capture_output=True, check=False
            )
        assert done.returncode == exit_code


class TestDockerignore:
    def test_lets_nothing_in_but_what_is_copied(self) -> None:
        lines = (ROOT / ".dockerignore").read_text().splitlines()
        patterns = [line for line in lines if line and not line.startswith("#")]
        needed = {source.rstrip("/") for sources, _ in copied() for source in sources}
        assert patterns[0] == "*"
        assert {line[1:] for line in patterns if line.startswith("!")} == needed


class TestImage:
    def test_holds_every_file_of_the_app(self, image: Path) -> None:
        (installed,) = image.glob("lib/python3.*/site-packages")
        missing = [
            str(path.relative_to(ROOT))
            for sources, target in copied()
            if target.endswith("/") and target != "./"
            for path in (ROOT / sources[0]).rglob("[!.]*")
            if path.is_file() and path.suffix not in (".pyc", ".md")
            if not (installed / path.relative_to(ROOT)).is_file()
        ]
        assert missing == []
        assert (installed / "prompts" / "en" / "interface" / "errors.toml").is_file()

    def test_holds_no_tools_to_build_or_test_with(self, image: Path) -> None:
        (installed,) = image.glob("lib/python3.*/site-packages")
        names = {path.name.partition("-")[0].lower() for path in installed.iterdir()}
        assert names & {"pip", "setuptools", "wheel", "pytest", "mypy", "ruff", "tests"} == set()

    def test_does_not_need_the_checkout(self, image: Path, tmp_path: Path) -> None:
        where = "import bot, pathlib; print(pathlib.Path(bot.__file__).is_relative_to({!r}))"
        done = start(image, tmp_path, "python", "-c", where.format(str(image)))
        assert done.stdout.strip() == "True"

    @pytest.mark.parametrize("words", [["--help"], ["prompts", "check"]])
    def test_runs(self, words: list[str], image: Path, tmp_path: Path) -> None:
        done = start(image, tmp_path, "turnabout", *words)
        assert (done.returncode, done.stderr) == (0, "")

    def test_start_makes_the_database_then_runs_with_the_words_given(
        self, image: Path, tmp_path: Path
    ) -> None:
        """Without its secret `run --http` stops at once, and says so."""
        done = start(image, tmp_path, *json.loads(only("ENTRYPOINT")), "--http")
        assert done.stdout.startswith("The database is at revision")
        assert (done.returncode, done.stderr.split()[0]) == (1, "SLACK_SIGNING_SECRET")

    def test_start_runs_nothing_on_a_database_that_was_not_made(
        self, image: Path, tmp_path: Path
    ) -> None:
        place = f"sqlite:///{tmp_path}/nowhere/turnabout.db"
        entrypoint = json.loads(only("ENTRYPOINT"))
        done = start(image, tmp_path, *entrypoint, TURNABOUT_DATABASE_URL=place)
        assert done.returncode == 1
        assert "SLACK" not in done.stderr
