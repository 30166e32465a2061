"""Proxies, shares of keys, codes of confidential ballots, notices owed, longer times to contest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.checks import change_check

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
FORMER_ACTS = "act IN ('open', 'close', 'cancel')"
ACTS = "act IN ('open', 'close', 'cancel', 'reveal')"


def upgrade() -> None:
    """Make the tables; opening sealed ballots becomes an act that can take two people."""
    change_check("approval", "act", FORMER_ACTS, ACTS)
    _proxy_day()
    _notice()
    _code_secret()
    _contest_move()
    _key_share()
    _proxy()
    _proxy_count()


def downgrade() -> None:
    """Drop the tables, with all that was kept, and the words given for opening sealed ballots."""
    op.execute("DELETE FROM approval WHERE act = 'reveal'")
    change_check("approval", "act", ACTS, FORMER_ACTS)
    for table in TABLES:
        op.drop_table(table)


TABLES = ("proxy_count", "proxy", "key_share", "contest_move", "code_secret", "notice", "proxy_day")
"""In the order in which they can be dropped."""


def _proxy_day() -> None:
    op.create_table(
        "proxy_day",
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("giver", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Integer(), nullable=True),
        sa.Column("hash", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["giver"], ["person.id"], name="fk_proxy_day_giver"),
        sa.ForeignKeyConstraint(["holder"], ["person.id"], name="fk_proxy_day_holder"),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name="fk_proxy_day_organisation"),
        sa.PrimaryKeyConstraint("organisation", "day", "giver", name="pk_proxy_day"),
        sa.UniqueConstraint("hash", name="uq_proxy_day_hash"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_proxy_day_giver", "proxy_day", ["giver"], unique=False)
    op.create_index("ix_proxy_day_holder", "proxy_day", ["holder"], unique=False)


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("owed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_notice_account"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("key", name="uq_notice_key"),
    )
    op.create_index("ix_notice_account", "notice", ["account"], unique=False)


def _code_secret() -> None:
    op.create_table(
        "code_secret",
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["consultation"], ["consultation.number"], name="fk_code_secret_consultation"),
        sa.PrimaryKeyConstraint("consultation", name="pk_code_secret"),
    )


def _contest_move() -> None:
    op.create_table(
        "contest_move",
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultation"], ["consultation.number"], name="fk_contest_move_consultation"),
        sa.PrimaryKeyConstraint("consultation", "position", name="pk_contest_move"),
        sqlite_with_rowid=False,
    )


def _key_share() -> None:
    op.create_table(
        "key_share",
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=True),
        sa.Column("public", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("kept_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_key_share_account"),
        sa.ForeignKeyConstraint(["consultation"], ["consultation.number"], name="fk_key_share_consultation"),
        sa.PrimaryKeyConstraint("consultation", "share", name="pk_key_share"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_key_share_account", "key_share", ["account"], unique=False)


def _proxy() -> None:
    op.create_table(
        "proxy",
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("giver", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Integer(), nullable=True),
        sa.Column("hash", sa.String(), nullable=True),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["consultation"], ["consultation.number"], name="fk_proxy_consultation"),
        sa.ForeignKeyConstraint(["giver"], ["person.id"], name="fk_proxy_giver"),
        sa.ForeignKeyConstraint(["holder"], ["person.id"], name="fk_proxy_holder"),
        sa.PrimaryKeyConstraint("consultation", "giver", name="pk_proxy"),
        sa.UniqueConstraint("hash", name="uq_proxy_hash"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_proxy_giver", "proxy", ["giver"], unique=False)
    op.create_index("ix_proxy_holder", "proxy", ["holder"], unique=False)


def _proxy_count() -> None:
    op.create_table(
        "proxy_count",
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultation"], ["consultation.number"], name="fk_proxy_count_consultation"),
        sa.PrimaryKeyConstraint("consultation", name="pk_proxy_count"),
    )
