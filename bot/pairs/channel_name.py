"""What a pair's channel is called: the program and a random tail, never the people.

Nobody can guess the tail, so nobody can make the channel beforehand and listen in.
"""

import re
import unicodedata

LONGEST_PROGRAM_PART = 40
"""Slack takes 80 characters in all."""


def of_pair(program_name: str, tail: str) -> str:
    """Lower-case ASCII letters, digits and hyphens; `tail` is random and makes the name unique."""
    ascii_name = unicodedata.normalize("NFKD", program_name).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_name.lower())
    program = "-".join(words)[:LONGEST_PROGRAM_PART].strip("-")
    return "-".join(filter(None, ("mentoring", program, tail)))
