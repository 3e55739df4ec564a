"""The code asks for texts that are there, with the values they have places for, and no text is
left that nobody asks for. Read from the code itself, so that no sentence has to be reached first.
"""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from bot import roles
from bot.people.hr_file import HrFileError, parse_mapping, read_rows
from bot.programs.lifecycle import Verb
from bot.programs.partings_service import Fate
from bot.views import match_proposal
from bot.views.modals import goal, match_run, profile, program_settings, weights
from bot.views.modals import program as program_form
from bot.views.modals.support import Wish
from bot.views.status import NOUNS, ROWS
from models import Cadence, DecisionKind, ProgramState, Role
from prompts.library import Library

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path for room in ("bot", "handlers", "sandbox/demo") for path in (ROOT / room).rglob("*.py")
)

ROLES = [role.value for role in Role]
SIDES = ["offered", "wanted", "either"]
ABOUT = [field.name for field in fields(profile.About)]
FORM_FIELDS = list(program_settings.NAMES)
POINTS = {
    "why": [
        *("topics_shared", "topics_shared_open", "departments_differ", "levels_apart"),
        *("hours_shared", "meeting_alike", "learning_alike", "strengths_new", "new_to_each_other"),
    ],
    "known": [
        *("topics_missing", "topics_missing_open", "no_topic_shared", "no_topic_shared_open"),
        *("same_department", "no_department", "levels_close", "few_hours_shared", "meeting_unlike"),
        *("learning_unlike", "strengths_alike", "close_together", "were_a_pair"),
    ],
    "left": [
        *("nobody_there", "all_taken", "kept_apart", "levels", "asked_often", "set_free"),
        "asked_in_vain",
    ],
    "help": [
        *("mentees_needed", "mentees_needed_open", "mentors_needed", "mentors_needed_open"),
        *("left_in_peace", "set_free", "goes_on_waiting"),
    ],
}
"""What can be said of a match, by where it is said; "_open" where there is no topic to be named."""

EXPANSIONS: dict[str, list[str]] = {
    "goals.posted_{part}": list(goal.PARTS),
    "goals.{part}_hint": list(goal.PARTS),
    "goals.{part}_label": list(goal.PARTS),
    "goals.{part}_placeholder": list(goal.PARTS),
    "home.{verb}_button": [verb.value for verb in Verb],
    "import.{change.kind}": ["new", "leaves", "comes_back"],
    "import.{doing}": ["reading", "fetching", "waiting", "adding", "writing"],
    "join.confirmed_{enrolled.role.value}": ROLES,
    "join.intro_{side}": SIDES,
    "join.now_{enrolled.role.value}": ROLES,
    "join.waitlisted_{role.value}": ROLES,
    "join.{side}_hint": SIDES,
    "join.{side}_main_label": SIDES,
    "join.{side}_label": SIDES,
    "lesson.invitation_{enrollment.role.value}": ROLES,
    "match.{wanted}_button": ["approve", "ask", "publish"],
    "match.{wanted}_confirm": ["approve", "ask", "publish"],
    "match.{wanted}_confirm_button": ["approve", "ask", "publish"],
    "match.{wanted}_confirm_title": ["approve", "ask", "publish"],
    "match_asking.question_{role}": ROLES,
    "match.left_out_{reason}": list(match_proposal.NOT_READY),
    "match.not_ready_{reason}": list(match_proposal.NOT_READY),
    "match.not_{next_}": ["asked", "published"],
    "match.without_{without}": ["runner", "managers"],
    "match.pairs_{what}": ["locked", "skipped"],
    "match.unmatched_{role}": ROLES,
    "match.{sentence}": [f"{key}_{kind}" for kind, keys in POINTS.items() for key in keys],
    "match_review.decided_{one.decision.kind.value}": [kind.value for kind in DecisionKind],
    "match_review.list_{one.value}_option": [one.value for one in match_run.Listed],
    "match_review.no_{review.shown.listed.value}": [one.value for one in match_run.Listed],
    "match_review.{block_id}_label": ROLES,
    "match_review.{verb.value}_option": [verb.value for verb in match_run.Verb],
    "match_weights.{WORDS[weight]}_option": list(weights.WORDS.values()),
    "match_weights.{name}_hint": list(weights.PARTS),
    "match_weights.{name}_label": list(weights.PARTS),
    "pair.question_opens_{asked.opens}": ["mentor", "mentee", "both"],
    "errors.program_is_{program.state.value}": [state.value for state in ProgramState],
    "profile.interest_{one}_option": list(profile.INTERESTS),
    "profile.means_{one}_option": list(profile.MEANS),
    "profile.often_{often.value}_option": [cadence.value for cadence in Cadence],
    "profile.strength_{one}_option": list(profile.STRENGTHS),
    "profile.style_{style}_option": list(profile.STYLES),
    "profile.{name}_hint": ABOUT,
    "profile.{name}_label": ABOUT,
    "program.cadence_{program.cadence.value}_option": [cadence.value for cadence in Cadence],
    "program.language_{one}_option": list(program_form.LANGUAGES),
    "program.last_{fate}": [fate.value for fate in Fate],
    "program.section_{section}_heading": list(program_form.SECTIONS),
    "program.state_{program.state.value}": [state.value for state in ProgramState],
    "program.{key}_option": [
        *program_form.SWITCHES,
        *(f"{name}_{one.value}" for name, kind in program_form.CHOICES.items() for one in kind),
    ],
    "program.{name}_hint": FORM_FIELDS,
    "program.{name}_label": FORM_FIELDS,
    "status.own_{enrollment.state.value}": ["applied", "talking", "declined", "left"],
    "status.{row}": list(ROWS),
    "status.{row}_label": list(ROWS),
    "support.{wish}_option": [wish.value for wish in Wish],
    "support.{wish}_option_hint": [wish.value for wish in Wish],
    "words.{enrollment.role.value}": ROLES,
    "words.{noun}": sorted(set(NOUNS.values())),
    "words.{enrolled.role.value}": ROLES,
    "words.{own.enrollment.role.value}": ROLES,
    "words.{role.value}": ROLES,
    "words.{role.value}s": ROLES,
}
"""What stands in the place of each key that is put together; write a new one down here."""

PASSED_ON = {"errors.{error.key}", "import.{error.key}", "import.{found.reason_key}"}
"""Keys that an error or a problem carries: they are found where it is made."""

STARS: dict[str, set[str]] = {
    "two": {"mentor", "mentee"},
    "_both(library, managed.joined)": {"mentors", "mentees"},
    "_both(library, managed.waiting)": {"mentors", "mentees"},
    "two(mentor, mentee)": {"mentor", "mentee"},
    "about": {"program", "role", "partner", "place"},
    "helped": {"program", "managers"},
}
"""The values behind `**name`. Where they differ from key to key, a golden file is the check."""

KEY_AT = {
    "say": (0, ""),
    "label": (0, ""),
    "speak": (0, ""),
    "UserFacingError": (0, "errors."),
    "refuse": (0, "errors."),
    "_required": (2, "errors."),
    "_recognised": (4, "errors."),
    "require": (2, "errors."),
    "RowRefused": (0, "import."),
    "RowProblem": (1, "import."),
    "_warning": (2, "import."),
    "FileError": (0, "import."),
    "MappingError": (0, "import."),
    "ScimError": (0, "import."),
}
"""By the function's name: which argument is a key, and what stands before it."""


@dataclass(frozen=True)
class Use:
    """A place in the code that asks for a text. `values` is None where the code alone does not
    say which values there are."""

    key: str
    where: str
    values: frozenset[str] | None


def uses() -> Iterator[Use]:
    yield Use(f"errors.{inspect.signature(roles.require).parameters['refusal'].default}", "", None)
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        functions += [node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)]
        for function in functions:
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                yield from _of_call(call, function, path)


def _of_call(call: ast.Call, function: ast.AST, path: Path) -> Iterator[Use]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    at, before = KEY_AT.get(name, (99, ""))
    if len(call.args) <= at:
        return
    where = f"{path.relative_to(ROOT)}:{call.lineno}"
    for written in _texts(call.args[at], function):
        pattern = before + written
        if pattern in PASSED_ON or (not before and "." not in pattern):
            continue
        values = _values(call) if name in ("say", "label", "speak", "UserFacingError") else None
        for key in _expanded(pattern, where):
            yield Use(key, where, values)


def _texts(node: ast.AST, function: ast.AST) -> Iterator[str]:
    """The texts an argument can be: written there, or given to the variable in this function."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr():
            yield ast.unparse(node)[2:-1]
        case ast.IfExp(body=body, orelse=orelse):
            yield from _texts(body, function)
            yield from _texts(orelse, function)
        case ast.Name(id=name):
            yield from _assigned(name, function)


def _assigned(name: str, function: ast.AST) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            yield from _texts(node.value, function)
        elif isinstance(node, ast.For | ast.comprehension) and name in _names(node.target):
            yield from _keys_within(_origin(node.iter, function))


def _origin(node: ast.AST, function: ast.AST) -> ast.AST:
    """What was given to a variable that a loop goes through."""
    for found in ast.walk(function):
        if isinstance(found, ast.Assign) and ast.unparse(found.targets[0]) == ast.unparse(node):
            return found.value
    return node


def _keys_within(node: ast.AST) -> Iterator[str]:
    for found in ast.walk(node):
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            yield found.value


def _names(node: ast.AST) -> set[str]:
    return {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}


def _values(call: ast.Call) -> frozenset[str] | None:
    names: set[str] = set()
    for keyword in call.keywords:
        if keyword.arg is not None:
            names.add(keyword.arg)
        elif (star := ast.unparse(keyword.value)) in STARS:
            names |= STARS[star]
        else:
            return None
    return frozenset(names - {"field"})


def _expanded(pattern: str, where: str) -> list[str]:
    if "{" not in pattern:
        return [pattern]
    assert pattern in EXPANSIONS, f"{where}: what can {pattern} be? Write it into EXPANSIONS"
    head, _, rest = pattern.partition("{")
    return [head + value + rest.partition("}")[2] for value in EXPANSIONS[pattern]]


@pytest.fixture(scope="module")
def used() -> list[Use]:
    return list(uses())


class TestKeysInTheCode:
    def test_each_has_a_text(self, english: Library, used: list[Use]) -> None:
        missing = [f"{use.where}: {use.key}" for use in used if use.key not in english.texts]
        assert missing == []

    def test_each_is_given_exactly_the_values_its_text_has_places_for(
        self, english: Library, used: list[Use]
    ) -> None:
        wrong = [
            f"{use.where}: {use.key} has {sorted(english.texts[use.key].names)}"
            for use in used
            if use.values is not None and use.values != english.texts[use.key].names
        ]
        assert wrong == []

    def test_each_text_is_asked_for(self, english: Library, used: list[Use]) -> None:
        assert sorted(english.texts.keys() - {use.key for use in used}) == []

    def test_each_expansion_is_still_in_the_code(self) -> None:
        code = "".join(path.read_text(encoding="utf-8") for path in FILES)
        written = {pattern: pattern.removeprefix("errors.") for pattern in EXPANSIONS}
        assert [pattern for pattern, text in written.items() if text not in code] == []


HEAD = "id,level,manager,email,time_zone,left,title,start,end\n"
CYCLE = HEAD + "1,2,2\n2,3,1\n"
DEEP = HEAD + "0,1\n" + "".join(f"{n},1,{n - 1}\n" for n in range(1, 300))
IMPORTS: dict[str, tuple[str | bytes, str]] = {
    "quotes": (HEAD + '1,"2"x\n', ""),
    "too_many_cells": (HEAD + "1,2,,,,,,,,8\n", ""),
    "missing_id": (HEAD + ",2\n", ""),
    "id_too_long": (HEAD + f"{'9' * 65},2\n", ""),
    "duplicate_id": (HEAD + "1,2\n1,3\n", ""),
    "level_empty": (HEAD + "1,\n", ""),
    "level_not_a_number": (HEAD + "1,senior\n", ""),
    "not_a_day": (HEAD + "1,2,,,,,,31.02.2026\n", ""),
    "ends_before_start": (HEAD + "1,2,,,,,,2026-02-01,2026-01-01\n", ""),
    "email_twice": (HEAD + "1,2,,a@b.co\n2,2,,a@b.co\n", ""),
    "bad_email": (HEAD + "1,2,,nobody\n", ""),
    "own_manager": (HEAD + "1,2,1\n", ""),
    "manager_cycle": (CYCLE, ""),
    "unknown_manager": (HEAD + "1,2,9\n", ""),
    "manager_skipped": (HEAD + "1,2,2\n2,x,3\n3,9\n", ""),
    "unknown_time_zone": (HEAD + "1,2,,,Moon/Crater\n", ""),
    "left_unclear": (HEAD + "1,2,,,,perhaps\n", ""),
    "text_cut": (HEAD + f"1,2,,,,,{'W' * 201}\n", ""),
    "empty_file": ("", ""),
    "no_rows": (HEAD, ""),
    "not_text": (b"id\0,level\n", ""),
    "old_workbook": (b"\xd0\xcf\x11\xe0", ""),
    "broken_workbook": (b"PK\x03\x04", ""),
    "header_quotes": ('"id,level\n', ""),
    "lines_too_deep": (DEEP, ""),
    "not_a_pair": (HEAD, "id"),
    "unknown_field": (HEAD, "pay=Pay"),
    "empty_column": (HEAD, "id="),
    "field_twice": (HEAD, "id=a,id=b"),
    "missing_column": (HEAD, "id=nothing"),
    "ambiguous_column": ("id,id,level\n1,1,2\n", ""),
    "missing_field": ("id\n1\n", ""),
}
"""A file, and a mapping, that brings each of the import's sentences about."""

SAID_ELSEWHERE = {
    *("adding", "fetching", "reading", "waiting", "writing"),
    *("columns", "columns_remembered", "remembered_hint"),
    *("done", "figures", "leaving", "line", "user", "paused_pairs", "refused", "warned"),
    *("preview", "would_come_in", "would_pause_pairs", "more_changes", "kept_managers"),
    *("new", "leaves", "comes_back", "changed"),
    *("file_not_found", "nothing_usable"),
    *("attribute_nowhere", "scim_nobody", "scim_not_https", "scim_unreachable"),
    *("scim_certificate", "scim_refused", "scim_failed", "scim_not_one"),
    *("scim_broke_off", "scim_busy", "scim_incomplete"),
}
"""By the commands, and of a server: their own tests bring these about."""


class TestSentencesOfTheImport:
    @pytest.mark.parametrize("key", IMPORTS)
    def test_each_is_given_exactly_the_values_its_text_has_places_for(
        self, english: Library, key: str
    ) -> None:
        content, mapping = IMPORTS[key]
        data = content.encode() if isinstance(content, str) else content
        try:
            problems = read_rows(data, parse_mapping(mapping)).problems
            said = {found.reason_key: found.values for found in problems}
        except HrFileError as error:
            said = {error.key: error.values}
        assert key in said
        assert english.label(f"import.{key}", **said[key])

    def test_each_reason_has_a_file_that_shows_it(self, used: list[Use]) -> None:
        of_the_file = {use.key for use in used if use.key.startswith("import.")}
        shown = {f"import.{key}" for key in IMPORTS}
        assert of_the_file - shown == {f"import.{key}" for key in SAID_ELSEWHERE}
