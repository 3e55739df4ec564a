"""Why an HR file cannot be imported at all."""

LONGEST_SHOWN = 80


class HrFileError(Exception):
    """Carries a sentence: `key` names an entry under `import.` in `interface.toml`.

    `values` fill its placeholders. They hold ids, column names, numbers and what was typed as
    the mapping; never what else is written in the file.
    """

    def __init__(self, key: str, **values: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.values = {
            name: shown(value) if isinstance(value, str) else value
            for name, value in values.items()
        }


class FileError(HrFileError):
    """The file is not a table of people."""


class MappingError(HrFileError):
    """It is not clear which column is which field."""


def shown(text: str, longest: int = LONGEST_SHOWN) -> str:
    """The text, cut so that a sentence which shows it stays readable."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
