"""The first tables: people, organisations, rooms, consultations, ballots, posts, the journal and traces."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table, those that others refer to first."""
    _people()
    _organisations()
    _rooms()
    _consultations()
    _places_and_disclosures()
    _ballots()
    _journal_and_posts()
    _traces()


def downgrade() -> None:
    """Drop every table, with all that was kept."""
    for table in reversed(TABLES):
        op.drop_table(table)


TABLES = (
    *("person", "account", "acceptance", "organisation", "org_admin", "join_code", "room", "room_address", "presence"),
    *("consultation", "consultation_room", "disclosure", "voting_right", "right_account", "ballot", "sheet"),
    *("tally_version", "post", "journal", "dialogue", "event_key", "cursor", "heartbeat"),
)


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), primary_key=True),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("ref", sa.String(), nullable=False, unique=True),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("greeted", sa.Boolean(), nullable=False),
        sa.Column("first_seen", INSTANT, nullable=False),
    )
    op.create_index("ix_account_person", "account", ["person"])
    op.create_table(
        "acceptance",
        sa.Column("person", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("version", sa.String(), primary_key=True),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sqlite_with_rowid=False,
    )


def _organisations() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("declaration", sa.Text(), nullable=False),
        sa.Column("bound", sa.Boolean(), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=True, unique=True),
        sa.CheckConstraint("main", name="main"),
    )
    op.create_table(
        "org_admin",
        sa.Column("organisation", sa.Integer(), sa.ForeignKey("organisation.id"), primary_key=True),
        sa.Column("account", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "join_code",
        sa.Column("hash", sa.String(), primary_key=True),
        sa.Column("organisation", sa.Integer(), sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
    )


def _rooms() -> None:
    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("place", sa.Integer(), sa.ForeignKey("room.id"), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("organisation", sa.Integer(), sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("first_seen", INSTANT, nullable=False),
    )
    op.create_index("ix_room_organisation", "room", ["organisation"])
    op.create_index("ix_room_place", "room", ["place"])
    op.create_table(
        "room_address",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("room", sa.Integer(), sa.ForeignKey("room.id"), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=True),
        sa.CheckConstraint("current", name="current"),
        sa.UniqueConstraint("platform", "address", "thread"),
        sa.UniqueConstraint("room", "current"),
    )
    op.create_table(
        "presence",
        sa.Column("room", sa.Integer(), sa.ForeignKey("room.id"), primary_key=True),
        sa.Column("account", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("arrived_at", INSTANT, nullable=True),
        sa.Column("left_at", INSTANT, nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_presence_account", "presence", ["account"])


def _consultations() -> None:
    op.create_table(
        "consultation",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("organisation", sa.Integer(), sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("author", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("opens_at", INSTANT, nullable=False),
        sa.Column("closes_at", INSTANT, nullable=True),
        sa.Column("lasts", sa.Integer(), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("disclosure_digest", sa.String(), nullable=False),
        sa.Column("roll_size", sa.Integer(), nullable=True),
        sa.Column("roll_digest", sa.String(), nullable=False),
        sa.Column("roll_known", sa.Boolean(), nullable=False),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("replaces", sa.Integer(), sa.ForeignKey("consultation.number"), nullable=True),
        sa.Column("cancelled_because", sa.String(), nullable=False),
        sa.Column("tie_choice", sa.Integer(), nullable=True),
        sa.Column("tie_reason", sa.String(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("erase_at", INSTANT, nullable=True),
        sa.CheckConstraint("kind IN ('poll', 'vote')", name="kind"),
        sa.CheckConstraint(
            "state IN ('draft', 'scheduled', 'disclosed', 'open', 'closed', 'certified', 'answered', 'cancelled')",
            name="state",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_consultation_state_closes_at", "consultation", ["state", "closes_at"])
    op.create_index("ix_consultation_state_opens_at", "consultation", ["state", "opens_at"])


def _places_and_disclosures() -> None:
    op.create_table(
        "consultation_room",
        sa.Column("consultation", sa.Integer(), sa.ForeignKey("consultation.number"), primary_key=True),
        sa.Column("room", sa.Integer(), sa.ForeignKey("room.id"), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("excused", sa.Boolean(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_consultation_room_room", "consultation_room", ["room"])
    op.create_table(
        "disclosure",
        sa.Column("consultation", sa.Integer(), sa.ForeignKey("consultation.number"), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True),
        sa.Column("facts", sa.Text(), nullable=False),
    )


def _ballots() -> None:
    op.create_table(
        "voting_right",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("consultation", sa.Integer(), sa.ForeignKey("consultation.number"), nullable=False),
        sa.Column("person", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("consultation", "person"),
    )
    op.create_table(
        "right_account",
        sa.Column("consultation", sa.Integer(), sa.ForeignKey("consultation.number"), primary_key=True),
        sa.Column("account", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("voting_right", sa.Integer(), sa.ForeignKey("voting_right.id"), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_right_account_account", "right_account", ["account"])
    op.create_index("ix_right_account_voting_right", "right_account", ["voting_right"])
    op.create_table(
        "ballot",
        sa.Column("consultation", sa.Integer(), primary_key=True),
        sa.Column("voting_right", sa.Integer(), sa.ForeignKey("voting_right.id"), primary_key=True),
        sa.Column("choice", sa.String(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sheet",
        sa.Column("consultation", sa.Integer(), sa.ForeignKey("consultation.number"), primary_key=True),
        sa.Column("choice", sa.String(), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tally_version",
        sa.Column("consultation", sa.Integer(), sa.ForeignKey("consultation.number"), primary_key=True),
        sa.Column("process", sa.String(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )


def _journal_and_posts() -> None:
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("consultation", sa.Integer(), sa.ForeignKey("consultation.number"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("room", sa.Integer(), sa.ForeignKey("room.id"), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("thread", sa.String(), nullable=True),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("rendered", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('sending', 'sent', 'refused', 'stale')", name="state"),
        sa.UniqueConstraint("consultation", "version", "room", "role", "part"),
    )
    op.create_index("ix_post_platform_address_message", "post", ["platform", "address", "message"])
    op.create_table(
        "journal",
        sa.Column("sequence", sa.Integer(), primary_key=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("consultation", sa.Integer(), sa.ForeignKey("consultation.number"), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False, unique=True),
    )
    op.create_index("ix_journal_consultation", "journal", ["consultation"])
    op.create_table(
        "dialogue",
        sa.Column("account", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("state", sa.Text(), nullable=False),
    )


def _traces() -> None:
    op.create_table(
        "event_key",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("noted_on", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cursor",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
    )
    op.create_table(
        "heartbeat",
        sa.Column("platform", sa.String(), primary_key=True),
        sa.Column("at", INSTANT, nullable=False),
    )
