"""Date polls and budgets; reasons with ballots, options that voters add; ties, closings put off; answers in polls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.chains import hash_in_two_steps
from storage.migrations.checks import change_check

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FORMER_KINDS = "kind IN ('poll', 'vote', 'debate', 'opinions')"
KINDS = "kind IN ('poll', 'vote', 'debate', 'opinions', 'dates', 'budget')"
STATES = "'waiting', 'accepted', 'refused', 'hidden'"


def upgrade() -> None:
    """Let consultations be of the new kinds and make the tables; a tie decided before keeps its one option."""
    change_check("consultation", "kind", FORMER_KINDS, KINDS)
    hash_in_two_steps()
    _reasons()
    op.create_table(
        "added_option",
        sa.Column("consultation", sa.Integer(), sa.ForeignKey("consultation.number"), primary_key=True),
        sa.Column("entry", sa.Integer(), primary_key=True),
        sa.Column("account", sa.Integer(), sa.ForeignKey("account.id"), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("day", sa.String(), nullable=False),
        sa.UniqueConstraint("consultation", "number", name="uq_added_option_consultation_number"),
        sa.UniqueConstraint("consultation", "slug", name="uq_added_option_consultation_slug"),
        sa.CheckConstraint(f"state IN ({STATES})", name="state"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_added_option_account", "added_option", ["account"])
    _ties()
    op.create_table(
        "poll_answer",
        sa.Column("consultation", sa.Integer(), primary_key=True),
        sa.Column("voting_right", sa.Integer(), sa.ForeignKey("voting_right.id"), primary_key=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("poll", sa.String(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "put_off",
        sa.Column("consultation", sa.Integer(), sa.ForeignKey("consultation.number"), primary_key=True),
        sqlite_with_rowid=False,
    )


def _ties() -> None:
    op.create_table(
        "tie_decision",
        sa.Column("consultation", sa.Integer(), sa.ForeignKey("consultation.number"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("option", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO tie_decision (consultation, position, option)"
        " SELECT number, 0, tie_choice FROM consultation WHERE tie_choice IS NOT NULL"
    )
    op.drop_column("consultation", "tie_choice")


def _reasons() -> None:
    op.create_table(
        "reason",
        sa.Column("consultation", sa.Integer(), primary_key=True),
        sa.Column("voting_right", sa.Integer(), sa.ForeignKey("voting_right.id"), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reason_sheet",
        sa.Column("consultation", sa.Integer(), sa.ForeignKey("consultation.number"), primary_key=True),
        sa.Column("choice", sa.String(), primary_key=True),
        sa.Column("text", sa.Text(), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them; of a tie decided between several only the first option stays. Raises RuntimeError while there are
    date polls or budgets."""
    kind = sa.table("consultation", sa.column("kind")).c.kind
    newer = op.get_bind().scalar(sa.select(sa.func.count(kind)).where(kind.in_(["dates", "budget"])))
    if newer:
        raise RuntimeError(f"{newer} consultations are of a kind that the former release does not know")
    op.add_column("consultation", sa.Column("tie_choice", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE consultation SET tie_choice ="
        " (SELECT option FROM tie_decision WHERE consultation = consultation.number AND position = 0)"
    )
    for table in ("put_off", "poll_answer", "tie_decision", "added_option", "reason_sheet", "reason"):
        op.drop_table(table)
    change_check("consultation", "kind", KINDS, FORMER_KINDS)
