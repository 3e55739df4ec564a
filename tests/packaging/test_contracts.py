import subprocess
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LINTER = Path(sysconfig.get_path("scripts")) / "lint-imports"
FLOORS = "The house: each floor imports only what is below it"


@pytest.fixture(scope="module")
def settings() -> Any:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]


class TestContracts:
    def test_every_package_that_is_shipped_is_looked_at(self, settings: Any) -> None:
        shipped = {
            name.rstrip("*") for name in settings["setuptools"]["packages"]["find"]["include"]
        }
        assert set(settings["importlinter"]["root_packages"]) == {*shipped, "bench"}

    def test_every_module_of_bot_has_its_floor(self, settings: Any) -> None:
        (floors,) = (
            contract["layers"]
            for contract in settings["importlinter"]["contracts"]
            if contract["name"] == FLOORS
        )
        placed = " ".join(floors).replace("|", " ").replace(":", " ").split()
        found = {
            f"bot.{path.stem}"
            for path in (ROOT / "bot").iterdir()
            if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem != "__init__"
        }
        assert sorted(found - set(placed)) == []


class TestLinter:
    """Each contract, broken once in a small house of its own, is found broken."""

    @pytest.mark.parametrize(
        ("importer", "imported", "contract"),
        [
            ("bot.people.service", "handlers", FLOORS),
            ("bot.views", "bot.people.service", FLOORS),
            ("models", "prompts", FLOORS),
            ("bot.cadence.plan", "bot.pairs", "No cycles"),
            ("bot.people.hr_row", "sqlalchemy", "Only services, stores"),
            ("handlers", "sqlalchemy", "Only services, stores"),
            ("bot.goals.service", "slack_sdk", "Only the edges know"),
            ("bot.people.service", "slack_bolt", "Only the edges know"),
            ("bot.people.hr_service", "scim2_client", "Only one module speaks"),
            ("bot.delivery.service", "apscheduler", "Only the ticker"),
            ("bot.matching.engine", "ortools", "Only one module knows the solver"),
            ("bot.serve", "sandbox", "Only the command line and"),
            ("sandbox.server", "bot.clock", "The sandbox knows nothing"),
        ],
    )
    def test_finds(self, importer: str, imported: str, contract: str, tmp_path: Path) -> None:
        house = tmp_path / "house"
        build(house)
        place = house / importer.replace(".", "/")
        file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        with file.open("a") as code:
            code.write(f"import {imported}\n")
        done = lint(house)
        broken = [line for line in done.stdout.splitlines() if " BROKEN" in line]
        assert done.returncode == 1
        assert [line for line in broken if line.startswith(contract)]

    def test_is_content_with_a_house_in_order(self, tmp_path: Path) -> None:
        build(tmp_path / "house")
        done = lint(tmp_path / "house")
        assert done.returncode == 0, done.stdout + done.stderr


def build(house: Path) -> None:
    """The project's modules, with nothing of what is in them but the edges that are named here."""
    for package in ("bot", "handlers", "models", "migrations", "prompts", "sandbox", "bench"):
        for path in (ROOT / package).rglob("*.py"):
            copy = house / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.touch()
    edges = {
        "bot/pairs/service.py": "import bot.cadence.plan",
        "bot/database.py": "import sqlalchemy, alembic",
        "bot/people/scim.py": "import scim2_client, scim2_models",
        "bot/app.py": "import slack_bolt, slack_sdk",
        "bot/scheduler.py": "import apscheduler",
        "bot/matching/flow.py": "import ortools",
        "sandbox/demo/__init__.py": "import bot.app",
    }
    for name, code in edges.items():
        (house / name).write_text(f"{code}\n")
    (house / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINTER, "--no-logo", "--no-cache"],
        cwd=house,
        env={"PYTHONPATH": str(house)},
        capture_output=True,
        check=False,
        text=True,
    )
