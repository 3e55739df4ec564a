"""What can go wrong in a way that the person in front of it can mend."""


class UserFacingError(Exception):
    """Carries the sentence the user reads, as a key of the prompt library.

    `key` names an entry of `prompts/<locale>/interface/errors.toml`, whose placeholders `values`
    fill. `field` is the block id of the form field at fault, so that a modal can show the sentence
    beside it. Raised by services and forms, rendered at the edge.
    """

    def __init__(self, key: str, *, field: str | None = None, **values: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.field = field
        self.values = values


class OperatorError(Exception):
    """A sentence for the operator at the command line; ends the command without a traceback."""
