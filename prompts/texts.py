"""One piece of text with named places for values, and how values are put in.

The only markup of our own is `{name}`, where a value goes: no attributes, indexes or format
specifications, so that text can be written without knowing Python and a value can never
reach further than itself.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
COUNT = "count"

# The longest text Slack takes in each place, by the last words of the key; the first that fits
# counts. Placeholders count as they are written.
LIMITS = (
    ("confirm_title", 100),
    ("confirm_button", 30),
    ("confirm", 300),
    ("title", 24),
    ("submit", 24),
    ("close", 24),
    ("button", 75),
    ("option", 75),
    ("option_hint", 75),
    ("heading", 150),
    ("placeholder", 150),
    ("label", 2000),
    ("hint", 2000),
)
LONGEST = 3000

Value = str | int


class Mrkdwn(str):
    """A value that is mrkdwn already, such as a mention, and must not be escaped again."""

    __slots__ = ()


class TextError(ValueError):
    """Why a text cannot be used; reads on from the name of its entry."""


def limit_of(key: str) -> int:
    """How many characters Slack takes where a text with this key is shown."""
    for ending, limit in LIMITS:
        if re.search(rf"(^|[._]){ending}$", key):
            return limit
    return LONGEST


def plain(value: Value) -> str:
    return str(value)


def escape(value: Value) -> str:
    """Keep a value from being read as a mention, link or broadcast: Slack's three signs."""
    if isinstance(value, Mrkdwn):
        return str(value)
    return str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def checked(template: object, limit: int = LONGEST) -> str:
    """The template without the white space around it. Raises TextError when it cannot be used."""
    if not isinstance(template, str):
        raise TextError("is not a text")
    template = template.strip()
    if not template:
        raise TextError("is empty")
    if len(template) > limit:
        raise TextError(f"has {len(template)} characters, and {limit} are the most there")
    if re.search(r"[{}]", PLACEHOLDER.sub("", template)):
        raise TextError("has a brace that is not part of a simple placeholder like {name}")
    return template


def placeholders(template: str) -> frozenset[str]:
    return frozenset(PLACEHOLDER.findall(template))


def fill(template: str, values: Mapping[str, Value], show: Callable[[Value], str]) -> str:
    """Put the values in, in one pass: braces inside a value stay as they are.

    Raises TypeError for a placeholder without a value.
    """
    if missing := placeholders(template) - values.keys():
        raise TypeError(f"no value for {', '.join(sorted(missing))}")
    return PLACEHOLDER.sub(lambda found: show(values[found[1]]), template)


@dataclass(frozen=True)
class Text:
    """An interface text; `one` is its form for a single thing, chosen by the value `count`."""

    other: str
    one: str | None = None

    @property
    def names(self) -> frozenset[str]:
        """The values to give: all of them, and no others."""
        if self.one is None:
            return placeholders(self.other)
        return placeholders(self.other) | placeholders(self.one) | {COUNT}

    def filled(self, values: Mapping[str, Value], show: Callable[[Value], str]) -> str:
        """Raises TypeError when a value is missing, unknown, or a count is not a number."""
        if unknown := values.keys() - self.names:
            raise TypeError(f"there is no place for {', '.join(sorted(unknown))}")
        if missing := self.names - values.keys():
            raise TypeError(f"no value for {', '.join(sorted(missing))}")
        if self.one is None:
            return fill(self.other, values, show)
        if not isinstance(values[COUNT], int):
            raise TypeError("the count is not a whole number")
        return fill(self.one if values[COUNT] == 1 else self.other, values, show)


def checked_text(entry: object, limit: int) -> Text:
    """A text, or a table of its two forms. Raises TextError when it cannot be used."""
    if not isinstance(entry, dict):
        return Text(checked(entry, limit))
    if entry.keys() != {"one", "other"}:
        raise TextError("is a table, and needs the forms “one” and “other”, and only these")
    text = Text(other=checked(entry["other"], limit), one=checked(entry["one"], limit))
    if (placeholders(text.one or "") ^ placeholders(text.other)) - {COUNT}:
        raise TextError("has forms “one” and “other” with different placeholders")
    return text
