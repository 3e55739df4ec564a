"""All settings of a program; who is invited, applies, waits, pauses and leaves; profiles; Homes."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.power_safe import create_statements, drop_statements

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0003"
down_revision = "0002"

CADENCES = ("weekly", "fortnightly", "monthly", "quarterly")
PROGRAM_STATES = ("draft", "enrolling", "matching", "running", "closing", "closed")
PAIR_STATES = ("opening", "active", "resting", "paused", "closing", "completed", "ended")
ENROLLMENT_STATES = ("applied", "talking", "waitlisted", "enrolled", "declined", "left")
WIDENED = (
    ("program", "cadence", "cadence", CADENCES, CADENCES[:3]),
    ("program", "state", "programstate", PROGRAM_STATES, ("enrolling", "running", "closed")),
    ("pair", "state", "pairstate", PAIR_STATES, ("opening", "active", "paused", "completed")),
)
"""Table, column, name of the check, what the column may be now, and what it could be before."""


def moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def choice(name: str, values: Sequence[str]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def number(name: str, value: int) -> sa.Column[int]:
    default = sa.text(str(value))
    return sa.Column(name, sa.Integer(), nullable=False, server_default=default)


def new_columns() -> dict[str, Sequence[sa.Column[Any]]]:
    """By table."""
    return {
        "program": (
            number("hour", 10),
            sa.Column("join_by", sa.Date()),
            sa.Column("reminded_for", sa.Date()),
            sa.Column(
                "audience",
                choice("audience", ("open", "invited")),
                nullable=False,
                server_default="open",
            ),
            sa.Column("departments", sa.JSON(), nullable=False, server_default="[]"),
            sa.Column("lowest_level", sa.Integer()),
            sa.Column("highest_level", sa.Integer()),
            number("level_gap", 1),
            number("mentor_capacity", 1),
            number("mentee_capacity", 1),
            sa.Column("seats", sa.Integer()),
            sa.Column("vetted", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("training_required", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column(
                "space",
                choice("space", ("private_channel", "group_dm")),
                nullable=False,
                server_default="private_channel",
            ),
            number("approvals_needed", 1),
            number("feedback_group_size", 5),
            sa.Column("language", sa.String(length=35), nullable=False, server_default="en"),
            sa.Column("paused_at", moment()),
            sa.Column("closes_on", sa.Date()),
        ),
        "enrollment": (
            sa.Column(
                "state",
                choice("enrollmentstate", ENROLLMENT_STATES),
                nullable=False,
                server_default="enrolled",
            ),
            sa.Column("refused_topics", sa.JSON(), nullable=False, server_default="[]"),
            sa.Column("identity_topics", sa.JSON(), nullable=False, server_default="[]"),
            sa.Column("agreed_at", moment()),
            sa.Column("stated_level", sa.Integer()),
            sa.Column("stated_manager_id", BigId),
            sa.Column("decided_by_id", BigId),
            sa.Column("decided_at", moment()),
            sa.Column("paused_since", sa.Date()),
            sa.Column("paused_until", sa.Date()),
            sa.Column("skips_match", sa.Boolean(), nullable=False, server_default=sa.false()),
            number("lesson_cards", 0),
            sa.Column("lesson_done_at", moment()),
        ),
        "match_run": (number("approvals_needed", 1),),
        "pair": (
            sa.Column("resting_since", sa.Date()),
            sa.Column("mentor_counts", sa.Boolean()),
            sa.Column("mentee_counts", sa.Boolean()),
        ),
    }


def upgrade() -> None:
    _guard_pairs(drop_statements)
    for table, columns in new_columns().items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.add_column(column)
            for name in ("stated_manager_id", "decided_by_id") if table == "enrollment" else ():
                batch.create_foreign_key(
                    op.f(f"fk_enrollment_{name}"), "person", [name], ["id"], ondelete="SET NULL"
                )
    for table, name, check, now, before in WIDENED:
        _allow(table, name, check, before, now)
    _guard_pairs(create_statements)
    for table in ("sponsor", "invitation"):
        _create(table, "program_id", "person_id", unique=("program_id", "person_id"))
    _create(
        "approval",
        "match_run_id",
        "person_id",
        sa.Column("approved_at", moment(), nullable=False),
        unique=("match_run_id", "person_id"),
    )
    _create(
        "profile",
        "person_id",
        sa.Column("strengths", sa.LargeBinary()),
        sa.Column("interests", sa.LargeBinary()),
        sa.Column("avoided", sa.LargeBinary(), nullable=False),
        sa.Column("learning_style", sa.String(length=32)),
        sa.Column("means", sa.JSON(), nullable=False),
        sa.Column("frequency", choice("cadence", CADENCES)),
        sa.Column("works_from", sa.Integer()),
        sa.Column("works_to", sa.Integer()),
        sa.Column("hours_a_month", sa.Integer()),
        unique=("person_id",),
    )
    _create(
        "home",
        "person_id",
        sa.Column("outdated_since", moment()),
        sa.Column("published_at", moment()),
        unique=("person_id",),
    )
    op.create_index(op.f("ix_home_outdated_since"), "home", ["outdated_since"])
    op.create_index(op.f("ix_person_manager_id"), "person", ["manager_id"])


def downgrade() -> None:
    """What the schema before had no word for becomes the nearest it had."""
    op.drop_index(op.f("ix_person_manager_id"), table_name="person")
    op.drop_index(op.f("ix_home_outdated_since"), table_name="home")
    for table in ("home", "profile", "approval", "invitation", "sponsor"):
        op.drop_table(table)
    op.execute("DELETE FROM enrollment WHERE state <> 'enrolled'")
    op.execute("UPDATE program SET cadence = 'monthly' WHERE cadence = 'quarterly'")
    op.execute("UPDATE program SET state = 'enrolling' WHERE state IN ('draft', 'matching')")
    op.execute("UPDATE program SET state = 'running' WHERE state = 'closing'")
    op.execute("UPDATE pair SET state = 'paused' WHERE state = 'resting'")
    op.execute("UPDATE pair SET state = 'completed' WHERE state IN ('closing', 'ended')")
    _guard_pairs(drop_statements)
    for table, name, check, now, before in WIDENED:
        _allow(table, name, check, now, before)
    for table, columns in new_columns().items():
        with op.batch_alter_table(table) as batch:
            for name in ("stated_manager_id", "decided_by_id") if table == "enrollment" else ():
                batch.drop_constraint(op.f(f"fk_enrollment_{name}"), type_="foreignkey")
            for column in reversed(columns):
                if isinstance(column.type, sa.Enum):
                    batch.drop_constraint(op.f(f"ck_{table}_{column.type.name}"), type_="check")
                batch.drop_column(column.name)
    _guard_pairs(create_statements)


def _create(table: str, *columns: str | sa.Column[Any], unique: Sequence[str]) -> None:
    """A table of ours; a name stands for a column that refers to the table of that name."""
    refers = [column for column in columns if isinstance(column, str)]
    op.create_table(
        table,
        sa.Column("id", BigId, nullable=False),
        sa.Column("workspace_id", BigId, nullable=False),
        *(
            sa.Column(column, BigId, nullable=False) if isinstance(column, str) else column
            for column in columns
        ),
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{name.removesuffix('_id')}.id"],
                name=op.f(f"fk_{table}_{name}"),
                ondelete="CASCADE",
            )
            for name in ("workspace_id", *refers)
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "workspace_id", *unique, name=op.f(f"uq_{table}_workspace_id_{'_'.join(unique)}")
        ),
    )


def _allow(table: str, column: str, check: str, before: Sequence[str], now: Sequence[str]) -> None:
    values = ", ".join(f"'{value}'" for value in now)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{check}"), type_="check")
        batch.create_check_constraint(
            op.f(f"ck_{table}_{check}"), sa.text(f"{column} IN ({values})")
        )


def _guard_pairs(statements: Callable[[str], list[str]]) -> None:
    """SQLite drops a table's triggers with the table that it makes anew."""
    for statement in statements(op.get_bind().dialect.name):
        op.execute(statement)
