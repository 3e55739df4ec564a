"""Match runs that are worked out, explained, held to, asked about and proved; who decided what."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.power_safe import create_statements, drop_statements

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0004"
down_revision = "0003"

UNDER_WAY = "state IN ('requested', 'asking')"
RUN_STATES = ("requested", "proposed", "asking", "published", "dropped")
KINDS = (
    "requested",
    "locked",
    "unlocked",
    "forbidden",
    "allowed",
    "made",
    "tried",
    "approved",
    "published",
    "weighed",
)
BOTH = ("mentor_id", "mentee_id")
REFERS_TO = {"workspace_id": "workspace", "program_id": "program", "match_run_id": "match_run"}
"""All other columns that name a row name a person."""
TEXTS = ("strengths", "interests")
UNIQUE = "uq_proposal_workspace_id_match_run_id"
PEOPLE = {"match_run": "requested_by_id", "program": "support_contact_id"}
"""New columns that name a person."""


def moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


def truth(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def data(name: str, empty: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=False, server_default=empty)


def new_columns() -> dict[str, Sequence[sa.Column[Any]]]:
    """By table."""
    return {
        "match_run": (
            sa.Column("requested_by_id", BigId),
            sa.Column("lease_until", moment()),
            number("attempts"),
            number("progress"),
            data("weights", "{}"),
            number("mentors"),
            number("mentees"),
            data("verdict", "{}"),
            sa.Column("certificate", sa.LargeBinary()),
            number("changes"),
            sa.Column("answer_by", moment()),
        ),
        "proposal": (
            sa.Column("to_know", sa.JSON()),
            truth("by_hand"),
            truth("locked"),
            sa.Column("mentor_says", sa.Boolean()),
            sa.Column("mentee_says", sa.Boolean()),
        ),
        "enrollment": (sa.Column("main_topic", sa.String(length=64)),),
        "profile": (data("strengths", "[]"), data("interests", "[]")),
        "program": (
            data("weights", "{}"),
            truth("asks_participants"),
            sa.Column("support_contact_id", BigId),
        ),
        "pair": (sa.Column("asked_on", sa.Date()),),
    }


def upgrade() -> None:
    """A run that waits to be published says too little of its pairs: it has to be asked for again.
    What was said of published ones is not kept. Strengths and interests are asked for anew, as
    choices."""
    _run_states(RUN_STATES)
    op.execute("UPDATE match_run SET state = 'dropped' WHERE state = 'proposed'")
    op.execute("UPDATE proposal SET reasons = '[]'")
    _drop_texts()
    _guard_pairs(drop_statements)
    for table, columns in new_columns().items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.add_column(column)
            if table in PEOPLE:
                batch.create_foreign_key(
                    op.f(f"fk_{table}_{PEOPLE[table]}"),
                    "person",
                    [PEOPLE[table]],
                    ["id"],
                    ondelete="SET NULL",
                )
    _guard_pairs(create_statements)
    _unique_proposals(drop=BOTH, create=("mentor_id_mentee_id",))
    op.create_index(op.f("ix_match_run_state_lease_until"), "match_run", ["state", "lease_until"])
    op.create_index(
        op.f("ix_match_run_workspace_id_program_id"), "match_run", ["workspace_id", "program_id"]
    )
    op.create_index(
        "uq_match_run_under_way",
        "match_run",
        ["workspace_id", "program_id"],
        unique=True,
        sqlite_where=sa.text(UNDER_WAY),
        postgresql_where=sa.text(UNDER_WAY),
    )
    _create(
        "left_over",
        {"match_run_id": "CASCADE", "person_id": "CASCADE"},
        sa.Column("role", choice("role", ("mentor", "mentee")), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("help", sa.JSON(), nullable=False),
        unique=("match_run_id", "person_id"),
    )
    _create(
        "hold",
        {"program_id": "CASCADE", "mentor_id": "CASCADE", "mentee_id": "CASCADE"},
        sa.Column("kind", choice("holdkind", ("locked", "forbidden")), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        unique=("program_id", "mentor_id", "mentee_id"),
    )
    _create(
        "decision",
        {"program_id": "CASCADE", "person_id": "", "mentor_id": "", "mentee_id": ""},
        sa.Column("kind", choice("decisionkind", KINDS), nullable=False),
        sa.Column("decided_at", moment(), nullable=False),
    )
    op.create_index(
        op.f("ix_decision_workspace_id_program_id_decided_at"),
        "decision",
        ["workspace_id", "program_id", "decided_at"],
    )


def downgrade() -> None:
    """Of several pairs that a run proposes to one person, the schema before has room for one: such
    runs go, and so do those it has no word for."""
    for table in ("decision", "hold", "left_over"):
        op.drop_table(table)
    op.drop_index("uq_match_run_under_way", table_name="match_run")
    op.drop_index(op.f("ix_match_run_workspace_id_program_id"), table_name="match_run")
    op.drop_index(op.f("ix_match_run_state_lease_until"), table_name="match_run")
    op.execute(
        "DELETE FROM match_run WHERE state NOT IN ('proposed', 'published') OR id IN"
        " (SELECT match_run_id FROM proposal GROUP BY match_run_id, mentor_id HAVING count(*) > 1)"
        " OR id IN"
        " (SELECT match_run_id FROM proposal GROUP BY match_run_id, mentee_id HAVING count(*) > 1)"
    )
    _without_orphans("approval")
    _without_orphans("proposal")
    _unique_proposals(drop=("mentor_id_mentee_id",), create=BOTH)
    _guard_pairs(drop_statements)
    for table, columns in new_columns().items():
        with op.batch_alter_table(table) as batch:
            if table in PEOPLE:
                batch.drop_constraint(op.f(f"fk_{table}_{PEOPLE[table]}"), type_="foreignkey")
            for column in reversed(columns):
                batch.drop_column(column.name)
    _guard_pairs(create_statements)
    with op.batch_alter_table("profile") as batch:
        for name in TEXTS:
            batch.add_column(sa.Column(name, sa.LargeBinary()))
    _run_states(("proposed", "published"))


def _run_states(states: Sequence[str]) -> None:
    values = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("match_run") as batch:
        batch.drop_constraint(op.f("ck_match_run_matchrunstate"), type_="check")
        batch.create_check_constraint(
            op.f("ck_match_run_matchrunstate"), sa.text(f"state IN ({values})")
        )


def _without_orphans(table: str) -> None:
    """SQLite's foreign keys rest while it migrates: what belonged to a run goes by hand."""
    run_id = sa.column("match_run_id", BigId)
    rows, runs = sa.table(table, run_id), sa.table("match_run", sa.column("id", BigId))
    op.execute(sa.delete(rows).where(run_id.not_in(sa.select(runs.c.id))))


def _drop_texts() -> None:
    with op.batch_alter_table("profile") as batch:
        for name in TEXTS:
            batch.drop_column(name)


def _unique_proposals(drop: Sequence[str], create: Sequence[str]) -> None:
    """By the columns that make a proposal the only one of its run."""
    with op.batch_alter_table("proposal") as batch:
        for names in drop:
            batch.drop_constraint(op.f(f"{UNIQUE}_{names}"), type_="unique")
        for names in create:
            columns = BOTH if names not in BOTH else (names,)
            batch.create_unique_constraint(
                op.f(f"{UNIQUE}_{names}"), ["workspace_id", "match_run_id", *columns]
            )


def _create(
    table: str, refers: dict[str, str], *columns: sa.Column[Any], unique: Sequence[str] = ()
) -> None:
    """A table of ours. `refers` are its columns that name a row elsewhere: the row here goes with
    that (CASCADE), or (empty) only forgets it."""
    op.create_table(
        table,
        sa.Column("id", BigId, nullable=False),
        sa.Column("workspace_id", BigId, nullable=False),
        *(sa.Column(name, BigId, nullable=not rule) for name, rule in refers.items()),
        *columns,
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{REFERS_TO.get(name, 'person')}.id"],
                name=op.f(f"fk_{table}_{name}"),
                ondelete=rule or "SET NULL",
            )
            for name, rule in {"workspace_id": "CASCADE", **refers}.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            [
                sa.UniqueConstraint(
                    "workspace_id",
                    *unique,
                    name=op.f(f"uq_{table}_workspace_id_{'_'.join(unique)}"),
                )
            ]
            if unique
            else []
        ),
    )


def _guard_pairs(statements: Callable[[str], list[str]]) -> None:
    """SQLite drops a table's triggers with the table that it makes anew."""
    for statement in statements(op.get_bind().dialect.name):
        op.execute(statement)
