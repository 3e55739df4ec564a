"""First and last days, closed accounts and languages; the mapping of HR's columns is remembered."""

import sqlalchemy as sa
from alembic import op

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0002"
down_revision = "0001"

NEW = (
    ("locale", sa.String(length=35), "''"),
    ("starts_on", sa.Date(), None),
    ("ends_on", sa.Date(), None),
    ("has_left", sa.Boolean(), sa.false()),
    ("account_closed", sa.Boolean(), sa.false()),
    ("slack_updated", sa.BigInteger(), "0"),
)


def upgrade() -> None:
    for name, kind, value in NEW:
        default = sa.text(value) if isinstance(value, str) else value
        column = sa.Column(name, kind, nullable=value is None, server_default=default)
        op.add_column("person", column)
    op.execute("UPDATE person SET has_left = NOT active")
    op.create_table(
        "hr_source",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workspace_id", BigId, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "file",
                "scim",
                name="hrsourcekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_hr_source_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_source")),
        sa.UniqueConstraint("workspace_id", "kind", name=op.f("uq_hr_source_workspace_id_kind")),
    )


def downgrade() -> None:
    op.drop_table("hr_source")
    for name, *_ in reversed(NEW):
        op.drop_column("person", name)
