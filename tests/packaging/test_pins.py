import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REGISTRY = re.compile(
    r"pypi\.(org|io)|pythonhosted\.|registry\.npmjs\.|ghcr\.io|quay\.io|conda\.org"
)
MACHINE = re.compile(r"(?<![\w.:/~-])/(root|home/\w+|Users/\w+|work|opt/pypi|opt/wheels)/\w")


def pins(file: str) -> dict[str, str]:
    """What is pinned: name and marker -> version."""
    lines = re.findall(r"^([\w.-]+)==([\w.]+)(.*?) \\$", (ROOT / file).read_text(), re.MULTILINE)
    return {name + marker: version for name, version, marker in lines}


def named_in_pyproject(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    listed = project["dependencies"] + [
        line for extra in extras for line in project["optional-dependencies"][extra]
    ]
    return {re.split(r"[\[=<>; ]", line)[0] for line in listed}


def committed_files() -> list[Path]:
    """Files that are, or would be, committed; outside a checkout, all that are not hidden."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    if listing.returncode == 0:
        paths = [ROOT / name for name in listing.stdout.split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("[!.]*") if not hidden(path)]
    return [path for path in paths if path.is_file()]


def hidden(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return any(part.startswith(".") or part == "__pycache__" for part in parts)


def lines_with(pattern: re.Pattern[str]) -> Iterator[str]:
    for path in committed_files():
        for number, line in enumerate(path.read_text(errors="ignore").splitlines(), start=1):
            if pattern.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"


class TestPins:
    def test_app_is_tested_with_the_versions_it_is_shipped_with(self) -> None:
        app, everything = pins("constraints.txt"), pins("constraints-dev.txt")
        assert app
        assert app.items() <= everything.items()
        assert len(app) < len(everything)

    @pytest.mark.parametrize(
        ("file", "extras"),
        [("constraints.txt", ["build"]), ("constraints-dev.txt", ["build", "dev"])],
    )
    def test_everything_the_project_names_is_pinned(self, file: str, extras: list[str]) -> None:
        pinned = {re.split(r"[ ;]", name)[0] for name in pins(file)}
        assert named_in_pyproject(*extras) <= pinned

    @pytest.mark.parametrize("file", ["constraints.txt", "constraints-dev.txt"])
    def test_nothing_but_names_versions_and_hashes(self, file: str) -> None:
        line = re.compile(r"[\w.-]+==[\w.]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
        lines = (ROOT / file).read_text().splitlines()
        assert [text for text in lines if not line.fullmatch(text)] == []


class TestCommittedFiles:
    def test_no_package_registry_is_named(self) -> None:
        assert list(lines_with(REGISTRY)) == []

    def test_no_path_of_a_machine_is_named(self) -> None:
        assert list(lines_with(MACHINE)) == []

    def test_the_search_would_find_them(self) -> None:
        assert REGISTRY.search("https://pypi" + ".org/simple")
        assert MACHINE.search("see /home" + "/me/turnabout")
        assert not MACHINE.search("https://example.com/home/me and ." + "/work" + "/it")
        assert ROOT / "Makefile" in committed_files()
