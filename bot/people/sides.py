"""What becomes of an enrollment when somebody's level puts them on the program's other side."""

from typing import Any


def changed_side(role: Any) -> dict[str, Any]:
    """The columns of an enrollment that change with its side. `role` is the new one, or what SQL
    makes of it. The other role has a lesson of its
    own; and a yes to topics that touch who people are was a yes to asking about them, or to being
    asked, and not to both."""
    return {"role": role, "identity_topics": [], "lesson_cards": 0, "lesson_done_at": None}
