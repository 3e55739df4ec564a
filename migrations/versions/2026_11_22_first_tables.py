"""The first tables, and the guard of the power-safe promise."""

import sqlalchemy as sa
from alembic import op

from migrations import power_safe

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", BigId, nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=True),
        sa.Column("key_check", sa.String(length=16), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
        sa.UniqueConstraint("team_id", name=op.f("uq_workspace_team_id")),
    )
    op.create_table(
        "person",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workspace_id", BigId, nullable=False),
        sa.Column("employee_id", sa.String(length=64), nullable=True),
        sa.Column("slack_user_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("manager_id", BigId, nullable=True),
        sa.Column("reporting_path", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["person.id"], name=op.f("fk_person_manager_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_person_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint(
            "workspace_id", "employee_id", name=op.f("uq_person_workspace_id_employee_id")
        ),
        sa.UniqueConstraint(
            "workspace_id", "slack_user_id", name=op.f("uq_person_workspace_id_slack_user_id")
        ),
    )
    op.create_index(
        op.f("ix_person_workspace_id_email"), "person", ["workspace_id", "email"], unique=False
    )
    op.create_table(
        "program",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workspace_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column(
            "cadence",
            sa.Enum(
                "weekly",
                "fortnightly",
                "monthly",
                name="cadence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("mentee_from_level", sa.Integer(), nullable=False),
        sa.Column("admin_channel_id", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "enrolling",
                "running",
                "closed",
                name="programstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_program_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_program_workspace_id_name")),
    )
    op.create_table(
        "slack_event",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workspace_id", BigId, nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_slack_event_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_event")),
        sa.UniqueConstraint(
            "workspace_id", "event_id", name=op.f("uq_slack_event_workspace_id_event_id")
        ),
    )
    op.create_table(
        "enrollment",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workspace_id", BigId, nullable=False),
        sa.Column("program_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "mentor",
                "mentee",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_enrollment_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.id"],
            name=op.f("fk_enrollment_program_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_enrollment_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollment")),
        sa.UniqueConstraint(
            "workspace_id",
            "program_id",
            "person_id",
            name=op.f("uq_enrollment_workspace_id_program_id_person_id"),
        ),
    )
    op.create_index(
        op.f("ix_enrollment_workspace_id_person_id"),
        "enrollment",
        ["workspace_id", "person_id"],
        unique=False,
    )
    op.create_table(
        "match_run",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workspace_id", BigId, nullable=False),
        sa.Column("program_id", BigId, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "published",
                name="matchrunstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_match_run_program_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_match_run_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_run")),
    )
    op.create_table(
        "pair",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workspace_id", BigId, nullable=False),
        sa.Column("program_id", BigId, nullable=False),
        sa.Column("mentor_id", BigId, nullable=False),
        sa.Column("mentee_id", BigId, nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "opening",
                "active",
                "paused",
                "completed",
                name="pairstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("channel_name", sa.String(length=80), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=True),
        sa.Column("first_week_on", sa.Date(), nullable=False),
        sa.Column("opening_lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentee_id"], ["person.id"], name=op.f("fk_pair_mentee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["person.id"], name=op.f("fk_pair_mentor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_pair_program_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_pair_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair")),
        sa.UniqueConstraint(
            "workspace_id", "channel_id", name=op.f("uq_pair_workspace_id_channel_id")
        ),
        sa.UniqueConstraint(
            "workspace_id",
            "program_id",
            "mentor_id",
            "mentee_id",
            name=op.f("uq_pair_workspace_id_program_id_mentor_id_mentee_id"),
        ),
    )
    op.create_index(
        op.f("ix_pair_state_opening_lease_until"),
        "pair",
        ["state", "opening_lease_until"],
        unique=False,
    )
    op.create_index(
        op.f("ix_pair_workspace_id_mentee_id"), "pair", ["workspace_id", "mentee_id"], unique=False
    )
    op.create_index(
        op.f("ix_pair_workspace_id_mentor_id"), "pair", ["workspace_id", "mentor_id"], unique=False
    )
    op.create_table(
        "program_manager",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workspace_id", BigId, nullable=False),
        sa.Column("program_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_program_manager_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.id"],
            name=op.f("fk_program_manager_program_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_program_manager_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_manager")),
        sa.UniqueConstraint(
            "workspace_id",
            "program_id",
            "person_id",
            name=op.f("uq_program_manager_workspace_id_program_id_person_id"),
        ),
    )
    op.create_table(
        "delivery",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workspace_id", BigId, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("pair_id", BigId, nullable=True),
        sa.Column("recipient", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column(
            "if_in_doubt",
            sa.Enum(
                "send_again",
                "let_go",
                name="ifindoubt",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "due",
                "claimed",
                "in_doubt",
                "sent",
                "gone",
                "failed",
                "let_go",
                name="deliverystate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=64), nullable=True),
        sa.Column("slack_ts", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["pair.id"], name=op.f("fk_delivery_pair_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_delivery_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "workspace_id", "dedupe_key", name=op.f("uq_delivery_workspace_id_dedupe_key")
        ),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_delivery_workspace_id_key")),
    )
    op.create_index(
        op.f("ix_delivery_state_not_before"), "delivery", ["state", "not_before"], unique=False
    )
    op.create_index(
        op.f("ix_delivery_workspace_id_pair_id"),
        "delivery",
        ["workspace_id", "pair_id"],
        unique=False,
    )
    op.create_table(
        "goal",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workspace_id", BigId, nullable=False),
        sa.Column("pair_id", BigId, nullable=False),
        sa.Column("relevant", sa.LargeBinary(), nullable=False),
        sa.Column("experimental", sa.LargeBinary(), nullable=False),
        sa.Column("aspirational", sa.LargeBinary(), nullable=False),
        sa.Column("learning", sa.LargeBinary(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["pair.id"], name=op.f("fk_goal_pair_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_goal_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    op.create_index(
        op.f("ix_goal_workspace_id_pair_id"), "goal", ["workspace_id", "pair_id"], unique=False
    )
    op.create_table(
        "meeting",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workspace_id", BigId, nullable=False),
        sa.Column("pair_id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["pair.id"], name=op.f("fk_meeting_pair_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_meeting_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint(
            "workspace_id", "pair_id", "number", name=op.f("uq_meeting_workspace_id_pair_id_number")
        ),
    )
    op.create_table(
        "proposal",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workspace_id", BigId, nullable=False),
        sa.Column("match_run_id", BigId, nullable=False),
        sa.Column("mentor_id", BigId, nullable=False),
        sa.Column("mentee_id", BigId, nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("shared_topics", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["match_run_id"],
            ["match_run.id"],
            name=op.f("fk_proposal_match_run_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mentee_id"], ["person.id"], name=op.f("fk_proposal_mentee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["person.id"], name=op.f("fk_proposal_mentor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_proposal_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint(
            "workspace_id",
            "match_run_id",
            "mentee_id",
            name=op.f("uq_proposal_workspace_id_match_run_id_mentee_id"),
        ),
        sa.UniqueConstraint(
            "workspace_id",
            "match_run_id",
            "mentor_id",
            name=op.f("uq_proposal_workspace_id_match_run_id_mentor_id"),
        ),
    )
    op.create_table(
        "question_asked",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workspace_id", BigId, nullable=False),
        sa.Column("pair_id", BigId, nullable=False),
        sa.Column("question_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["pair.id"], name=op.f("fk_question_asked_pair_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_question_asked_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_asked")),
        sa.UniqueConstraint(
            "workspace_id",
            "pair_id",
            "question_id",
            name=op.f("uq_question_asked_workspace_id_pair_id_question_id"),
        ),
    )
    op.create_table(
        "touchpoint",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workspace_id", BigId, nullable=False),
        sa.Column("pair_id", BigId, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "nudge",
                "question",
                "reminder",
                "farewell",
                name="touchpointkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["pair.id"], name=op.f("fk_touchpoint_pair_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_touchpoint_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touchpoint")),
        sa.UniqueConstraint(
            "workspace_id", "pair_id", "kind", name=op.f("uq_touchpoint_workspace_id_pair_id_kind")
        ),
    )
    op.create_index(op.f("ix_touchpoint_due_at"), "touchpoint", ["due_at"], unique=False)

    for statement in power_safe.create_statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in power_safe.drop_statements(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_index(op.f("ix_touchpoint_due_at"), table_name="touchpoint")
    op.drop_table("touchpoint")
    op.drop_table("question_asked")
    op.drop_table("proposal")
    op.drop_table("meeting")
    op.drop_index(op.f("ix_goal_workspace_id_pair_id"), table_name="goal")
    op.drop_table("goal")
    op.drop_index(op.f("ix_delivery_workspace_id_pair_id"), table_name="delivery")
    op.drop_index(op.f("ix_delivery_state_not_before"), table_name="delivery")
    op.drop_table("delivery")
    op.drop_table("program_manager")
    op.drop_index(op.f("ix_pair_workspace_id_mentor_id"), table_name="pair")
    op.drop_index(op.f("ix_pair_workspace_id_mentee_id"), table_name="pair")
    op.drop_index(op.f("ix_pair_state_opening_lease_until"), table_name="pair")
    op.drop_table("pair")
    op.drop_table("match_run")
    op.drop_index(op.f("ix_enrollment_workspace_id_person_id"), table_name="enrollment")
    op.drop_table("enrollment")
    op.drop_table("slack_event")
    op.drop_table("program")
    op.drop_index(op.f("ix_person_workspace_id_email"), table_name="person")
    op.drop_table("person")
    op.drop_table("workspace")
