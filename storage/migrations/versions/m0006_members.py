"""Members, their codes and roles, linked accounts; approvals, contestations, proxies, sealed ballots, partners."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ROLES = "'admin', 'organiser', 'author', 'moderator', 'scrutineer', 'participant', 'observer'"


def upgrade() -> None:
    """Make the tables; administrators of organisations become holders of that role; ballots get their instant."""
    _member()
    _forgetting()
    _invitation()
    _link_request()
    _partner_code()
    _role_code()
    _role_grant()
    _wrong_code()
    _approval()
    _burst()
    _contest()
    _given_up()
    _organisation_sheet()
    _partner()
    _receipt()
    _refused_ballot()
    _sealed_ballot()
    _right_merge()
    _right_organisation()
    _administrators()
    _ballots(sa.Column("at", sa.BigInteger(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    """Drop the tables, with all that was kept; those who administer an organisation still do."""
    _ballots()
    op.create_table(
        "org_admin",
        sa.Column("organisation", sa.Integer(), sa.ForeignKey("organisation.id"), primary_key=True),
        sa.Column("account", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO org_admin (organisation, account) SELECT role_grant.organisation, account.id FROM role_grant"
        " JOIN account ON account.person = role_grant.person WHERE role = 'admin' AND consultation = 0"
    )
    for table in TABLES:
        op.drop_table(table)


TABLES = (
    "right_organisation", "right_merge", "sealed_ballot", "refused_ballot", "receipt", "partner",
    "organisation_sheet", "given_up", "contest", "burst", "approval", "wrong_code", "role_grant", "role_code",
    "partner_code", "link_request", "invitation", "forgetting", "member",
)  # fmt: skip
"""In the order in which they can be dropped."""


def _administrators() -> None:
    op.execute(
        "INSERT INTO role_grant (organisation, consultation, person, role, given_by, given_at)"
        " SELECT DISTINCT org_admin.organisation, 0, account.person, 'admin', CAST(NULL AS INTEGER), CURRENT_TIMESTAMP"
        " FROM org_admin JOIN account ON account.id = org_admin.account"
    )
    op.drop_table("org_admin")


def _ballots(*more: sa.Column[int]) -> None:
    """Make the table of ballots anew with these columns besides; nothing refers to it."""
    kept = "consultation, voting_right, choice"
    op.execute(f"CREATE TEMPORARY TABLE former AS SELECT {kept} FROM ballot")  # noqa: S608 - the names are ours
    op.drop_table("ballot")
    op.create_table(
        "ballot",
        sa.Column("consultation", sa.Integer(), primary_key=True),
        sa.Column("voting_right", sa.Integer(), sa.ForeignKey("voting_right.id"), primary_key=True),
        sa.Column("choice", sa.String(), nullable=False),
        *more,
        sqlite_with_rowid=False,
    )
    op.execute(f"INSERT INTO ballot ({kept}) SELECT {kept} FROM former")  # noqa: S608
    op.execute("DROP TABLE former")


def _member() -> None:
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("grp", sa.String(), nullable=False),
        sa.Column("suspended", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name="fk_member_organisation"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_member_person"),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
        sa.UniqueConstraint("organisation", "person", name="uq_member_organisation_person"),
    )
    op.create_index("ix_member_person", "member", ["person"], unique=False)


def _forgetting() -> None:
    op.create_table(
        "forgetting",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_forgetting_account"),
        sa.PrimaryKeyConstraint("account", name="pk_forgetting"),
    )


def _invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("current", sa.Boolean(), nullable=True),
        sa.CheckConstraint("current", name="current"),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name="fk_invitation_member"),
        sa.PrimaryKeyConstraint("hash", name="pk_invitation"),
        sa.UniqueConstraint("member", "current", name="uq_invitation_member_current"),
        sqlite_with_rowid=False,
    )


def _link_request() -> None:
    op.create_table(
        "link_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("asker", sa.Integer(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("other", sa.Integer(), nullable=True),
        sa.Column("asker_agrees", sa.Boolean(), nullable=False),
        sa.Column("other_agrees", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["asker"], ["account.id"], name="fk_link_request_asker"),
        sa.ForeignKeyConstraint(["other"], ["account.id"], name="fk_link_request_other"),
        sa.PrimaryKeyConstraint("id", name="pk_link_request"),
        sa.UniqueConstraint("asker", name="uq_link_request_asker"),
        sa.UniqueConstraint("hash", name="uq_link_request_hash"),
    )


def _partner_code() -> None:
    op.create_table(
        "partner_code",
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_partner_code_account"),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name="fk_partner_code_organisation"),
        sa.PrimaryKeyConstraint("organisation", name="pk_partner_code"),
        sa.UniqueConstraint("hash", name="uq_partner_code_hash"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_partner_code_account", "partner_code", ["account"], unique=False)


def _role_code() -> None:
    op.create_table(
        "role_code",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.CheckConstraint(f"role IN ({ROLES})", name="role"),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"], name="fk_role_code_given_by"),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name="fk_role_code_organisation"),
        sa.PrimaryKeyConstraint("hash", name="pk_role_code"),
        sqlite_with_rowid=False,
    )


def _role_grant() -> None:
    op.create_table(
        "role_grant",
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.CheckConstraint(f"role IN ({ROLES})", name="role"),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"], name="fk_role_grant_given_by"),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name="fk_role_grant_organisation"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_role_grant_person"),
        sa.PrimaryKeyConstraint("organisation", "consultation", "person", "role", name="pk_role_grant"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_role_grant_person", "role_grant", ["person"], unique=False)


def _wrong_code() -> None:
    op.create_table(
        "wrong_code",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_wrong_code_account"),
        sa.PrimaryKeyConstraint("account", "noted_on", name="pk_wrong_code"),
        sqlite_with_rowid=False,
    )


def _approval() -> None:
    op.create_table(
        "approval",
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.CheckConstraint("act IN ('open', 'close', 'cancel')", name="act"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_approval_account"),
        sa.ForeignKeyConstraint(["consultation"], ["consultation.number"], name="fk_approval_consultation"),
        sa.PrimaryKeyConstraint("consultation", "act", "account", name="pk_approval"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_approval_account", "approval", ["account"], unique=False)


def _burst() -> None:
    op.create_table(
        "burst",
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultation"], ["consultation.number"], name="fk_burst_consultation"),
        sa.PrimaryKeyConstraint("consultation", name="pk_burst"),
        sqlite_with_rowid=False,
    )


def _contest() -> None:
    op.create_table(
        "contest",
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.CheckConstraint("state IN ('open', 'rejected', 'noted', 'annulled')", name="state"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_contest_account"),
        sa.ForeignKeyConstraint(["consultation"], ["consultation.number"], name="fk_contest_consultation"),
        sa.PrimaryKeyConstraint("consultation", "entry", name="pk_contest"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_contest_account", "contest", ["account"], unique=False)


def _given_up() -> None:
    op.create_table(
        "given_up",
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_given_up_account"),
        sa.ForeignKeyConstraint(["consultation"], ["consultation.number"], name="fk_given_up_consultation"),
        sa.PrimaryKeyConstraint("consultation", "account", name="pk_given_up"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_given_up_account", "given_up", ["account"], unique=False)


def _organisation_sheet() -> None:
    op.create_table(
        "organisation_sheet",
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultation"], ["consultation.number"], name="fk_organisation_sheet_consultation"),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name="fk_organisation_sheet_organisation"),
        sa.PrimaryKeyConstraint("consultation", "organisation", "choice", name="pk_organisation_sheet"),
        sqlite_with_rowid=False,
    )


def _partner() -> None:
    op.create_table(
        "partner",
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer_by", INSTANT, nullable=False),
        sa.Column("declaration", sa.Text(), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.CheckConstraint("state IN ('invited', 'accepted', 'declined')", name="state"),
        sa.ForeignKeyConstraint(["consultation"], ["consultation.number"], name="fk_partner_consultation"),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name="fk_partner_organisation"),
        sa.PrimaryKeyConstraint("consultation", "organisation", name="pk_partner"),
        sqlite_with_rowid=False,
    )


def _receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["consultation"], ["consultation.number"], name="fk_receipt_consultation"),
        sa.PrimaryKeyConstraint("consultation", "code", name="pk_receipt"),
        sqlite_with_rowid=False,
    )


def _refused_ballot() -> None:
    op.create_table(
        "refused_ballot",
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultation"], ["consultation.number"], name="fk_refused_ballot_consultation"),
        sa.PrimaryKeyConstraint("consultation", "code", name="pk_refused_ballot"),
        sqlite_with_rowid=False,
    )


def _sealed_ballot() -> None:
    op.create_table(
        "sealed_ballot",
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["consultation"], ["consultation.number"], name="fk_sealed_ballot_consultation"),
        sa.PrimaryKeyConstraint("consultation", "code", name="pk_sealed_ballot"),
        sqlite_with_rowid=False,
    )


def _right_merge() -> None:
    op.create_table(
        "right_merge",
        sa.Column("voting_right", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["voting_right.id"], name="fk_right_merge_merged_into"),
        sa.ForeignKeyConstraint(["voting_right"], ["voting_right.id"], name="fk_right_merge_voting_right"),
        sa.PrimaryKeyConstraint("voting_right", name="pk_right_merge"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_right_merge_merged_into", "right_merge", ["merged_into"], unique=False)


def _right_organisation() -> None:
    op.create_table(
        "right_organisation",
        sa.Column("voting_right", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name="fk_right_organisation_organisation"),
        sa.ForeignKeyConstraint(["voting_right"], ["voting_right.id"], name="fk_right_organisation_voting_right"),
        sa.PrimaryKeyConstraint("voting_right", "organisation", name="pk_right_organisation"),
        sqlite_with_rowid=False,
    )
