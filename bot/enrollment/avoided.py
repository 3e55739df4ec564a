"""The people somebody would rather not be paired with, as they are kept: sealed and padded.

They are kept by their Slack ids, which somebody who has never used the app has too: nobody has to
be taken into the database to be avoided, so that nothing there hints at it.
"""

from collections.abc import Collection

from bot.vault import Vault

LENGTH = 512
"""Every list has this many characters before it is sealed, so that its length says nothing. Ten
ids of Slack's longest, which is what a form takes, are well within."""


def sealed(vault: Vault, person_id: int, slack_ids: Collection[str]) -> bytes:
    return vault.seal(" ".join(sorted(slack_ids)).ljust(LENGTH), _context(person_id))


def opened(vault: Vault, person_id: int, kept: bytes) -> frozenset[str]:
    return frozenset(vault.open(kept, _context(person_id)).split())


def _context(person_id: int) -> str:
    return f"avoided:{person_id}"
