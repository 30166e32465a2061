"""Debates and opinion maps: two kinds of consultation, and the tables of what members contribute to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.checks import change_check

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
FORMER_KINDS = "kind IN ('poll', 'vote')"
KINDS = "kind IN ('poll', 'vote', 'debate', 'opinions')"
STANCES = "'for', 'against', 'undecided'"
SIDES = "side IN ('for', 'against', 'neither')"
STATES = "state IN ('pending', 'published', 'withdrawn', 'moderated', 'refused')"


def upgrade() -> None:
    """Let consultations be of the new kinds, and make the tables, those that others refer to first."""
    change_check("consultation", "kind", FORMER_KINDS, KINDS)
    _participants()
    _course()
    _arguments()
    _weights()
    _stances()
    _floor()
    _statements()


def downgrade() -> None:
    """Drop the tables, with all that was kept. Raises RuntimeError while there are debates or opinion maps."""
    kind = sa.table("consultation", sa.column("kind")).c.kind
    newer = op.get_bind().scalar(sa.select(sa.func.count(kind)).where(kind.not_in(["poll", "vote"])))
    if newer:
        raise RuntimeError(f"{newer} consultations are of a kind that the former release does not know")
    for table in reversed(TABLES):
        op.drop_table(table)
    change_check("consultation", "kind", KINDS, FORMER_KINDS)


TABLES = (
    *("participant", "numbering", "report", "course", "conclusion", "argument", "wording", "support", "rating"),
    *("stance", "stance_sheet", "floor_request", "speech", "held_room", "statement", "opinion"),
)


def _consultation(primary_key: bool = True) -> sa.Column[int]:
    reference = sa.ForeignKey("consultation.number")
    return sa.Column("consultation", sa.Integer(), reference, primary_key=primary_key, nullable=False)


def _of(table: str, *columns: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(columns, [f"{table}.consultation", f"{table}.number"])


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), primary_key=True)


def _participants() -> None:
    op.create_table(
        "participant",
        _consultation(),
        _key("alias"),
        sa.Column("voting_right", sa.Integer(), sa.ForeignKey("voting_right.id"), nullable=True, unique=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "numbering",
        _consultation(),
        sa.Column("series", sa.String(), primary_key=True),
        sa.Column("last", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "report",
        _consultation(),
        _key("item"),
        _key("alias"),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=True),
        sqlite_with_rowid=False,
    )


def _course() -> None:
    op.create_table(
        "course",
        _consultation(),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=True),
        sa.Column("paused_at", INSTANT, nullable=True),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("digests", sa.Integer(), nullable=False),
        sa.Column("digested_at", INSTANT, nullable=True),
        sa.Column("follow_up", sa.Integer(), sa.ForeignKey("consultation.number"), nullable=True),
    )
    op.create_table(
        "conclusion",
        _consultation(),
        _key("version"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("author", sa.Integer(), sa.ForeignKey("account.id"), nullable=True),
    )


def _arguments() -> None:
    op.create_table(
        "argument",
        _consultation(),
        _key("number"),
        sa.Column("alias", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("room", sa.Integer(), sa.ForeignKey("room.id"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        _of("argument", "consultation", "parent"),
        sa.CheckConstraint(
            "kind IN ('for', 'against', 'question', 'proposal', 'order', 'reply', 'comment')", name="kind"
        ),
        sa.CheckConstraint(STATES, name="state"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_argument_room", "argument", ["room"])
    op.create_table(
        "wording",
        _key("consultation"),
        _key("argument"),
        _key("version"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _of("argument", "consultation", "argument"),
        sqlite_with_rowid=False,
    )


def _weights() -> None:
    op.create_table(
        "support",
        _key("consultation"),
        _key("item"),
        _key("alias"),
        _of("argument", "consultation", "item"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_support_consultation_alias", "support", ["consultation", "alias"])
    op.create_table(
        "rating",
        _key("consultation"),
        _key("item"),
        _key("alias"),
        sa.Column("weight", sa.Integer(), nullable=False),
        _of("argument", "consultation", "item"),
        sa.CheckConstraint("weight BETWEEN 1 AND 5", name="weight"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_rating_consultation_alias", "rating", ["consultation", "alias"])


def _stances() -> None:
    op.create_table(
        "stance",
        _consultation(),
        _key("alias"),
        sa.Column("stance_before", sa.String(), nullable=True),
        sa.Column("stance_after", sa.String(), nullable=True),
        sa.CheckConstraint(f"stance_before IN ({STANCES})", name="stance_before"),
        sa.CheckConstraint(f"stance_after IN ({STANCES})", name="stance_after"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stance_sheet",
        _consultation(),
        sa.Column("stance_before", sa.String(), primary_key=True),
        sa.Column("stance_after", sa.String(), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"stance_before IN ('', {STANCES})", name="stance_before"),
        sa.CheckConstraint(f"stance_after IN ('', {STANCES})", name="stance_after"),
        sqlite_with_rowid=False,
    )


def _floor() -> None:
    op.create_table(
        "floor_request",
        _key("id"),
        _consultation(primary_key=False),
        sa.Column("alias", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("quota_list", sa.String(), nullable=False),
        sa.Column("point_of_order", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("consultation", "alias"),
        sa.CheckConstraint(SIDES, name="side"),
    )
    op.create_table(
        "speech",
        _key("id"),
        _consultation(primary_key=False),
        sa.Column("alias", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("under_way", sa.Boolean(), nullable=True),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("quota_list", sa.String(), nullable=False),
        sa.Column("point_of_order", sa.Boolean(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.UniqueConstraint("consultation", "under_way"),
        sa.CheckConstraint("under_way", name="under_way"),
        sa.CheckConstraint(SIDES, name="side"),
    )
    op.create_table(
        "held_room",
        _consultation(),
        sa.Column("room", sa.Integer(), sa.ForeignKey("room.id"), primary_key=True),
        sa.Column("saved", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_held_room_room", "held_room", ["room"])


def _statements() -> None:
    op.create_table(
        "statement",
        _consultation(),
        _key("number"),
        sa.Column("alias", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(STATES, name="state"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opinion",
        _key("consultation"),
        _key("alias"),
        _key("statement"),
        sa.Column("opinion", sa.String(), nullable=False),
        _of("statement", "consultation", "statement"),
        sa.CheckConstraint("opinion IN ('agree', 'disagree', 'pass')", name="opinion"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_opinion_consultation_statement_opinion", "opinion", ["consultation", "statement", "opinion"])
