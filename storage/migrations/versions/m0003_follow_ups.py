"""Consultations that are followed by another one by themselves: the first keeps the number of the second."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "follow_up",
        sa.Column("consultation", sa.Integer(), sa.ForeignKey("consultation.number"), primary_key=True),
        sa.Column("number", sa.Integer(), sa.ForeignKey("consultation.number"), nullable=False),
        sa.UniqueConstraint("number"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop the table. Raises RuntimeError while a consultation follows another."""
    followed = op.get_bind().scalar(sa.text("SELECT count(*) FROM follow_up"))
    if followed:
        raise RuntimeError(f"{followed} consultations follow another, which the former release does not know")
    op.drop_table("follow_up")
