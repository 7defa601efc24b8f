"""Statements keep how things stood when their month ended, and name the seal that was on the journal."""

import sqlalchemy as sa
from alembic import op

from bank.people.rules import mask_name


revision = "0014"
down_revision = "0013"

INSTANT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = {
    "points_deposited": ("IN ('deposit', 'import')", 1),
    "points_withdrawn": ("NOT IN ('deposit', 'import', 'expire', 'reversal')", -1),
    "points_expired": ("= 'expire'", -1),
    "points_reversed": ("= 'reversal'", 1),
}
SUM = """(SELECT coalesce(sum(CASE WHEN credit_id = person.points_account_id THEN amount ELSE -amount END), 0) * ({sign})
    FROM transfer JOIN journal_entry ON journal_entry.id = entry_id JOIN person ON person.id = statement.person_id
    WHERE (credit_id = person.points_account_id OR debit_id = person.points_account_id) AND kind {kind}
    AND journal_entry.effective_on >= statement.month AND journal_entry.effective_on < {following})"""


def upgrade() -> None:
    op.create_index(op.f("ix_redemption_undone_at"), "redemption", ["undone_at"])
    _note_issues()
    with op.batch_alter_table("statement") as batch:
        batch.add_column(sa.Column("holder", sa.String(length=50), server_default="", nullable=False))
        batch.add_column(sa.Column("card_end", sa.String(length=4), server_default="", nullable=False))
        batch.add_column(sa.Column("unit_id", ID, nullable=True))
        for name in KINDS:
            batch.add_column(sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
        batch.add_column(sa.Column("points_held", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("points_expiring", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("stars", sa.SmallInteger(), nullable=True))
    _fill()
    with op.batch_alter_table("statement") as batch:
        for name in ("holder", "card_end", *KINDS):
            batch.alter_column(name, server_default=None)
        batch.alter_column("unit_id", existing_type=ID, nullable=False)
        batch.create_foreign_key(op.f("fk_statement_unit_id_unit"), "unit", ["unit_id"], ["id"])
        batch.create_check_constraint(
            op.f("ck_statement_kinds_add_up"),
            "points_in - points_out = points_deposited - points_withdrawn - points_expired + points_reversed",
        )
        batch.create_index(op.f("ix_statement_month_unit_id"), ["month", "unit_id"])


def _note_issues() -> None:
    op.create_table(
        "month_issue",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("seal_number", ID, nullable=True),
        sa.ForeignKeyConstraint(["seal_number"], ["seal.number"], name=op.f("fk_month_issue_seal_number_seal")),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_month_issue")),
    )
    op.execute(
        "INSERT INTO month_issue (month, issued_at, seal_number) SELECT month, min(issued_at),"
        " (SELECT max(number) FROM seal WHERE sealed_at <= min(issued_at)) FROM statement GROUP BY month"
    )


def _fill() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    following = "date(statement.month, '+1 month')" if is_sqlite else "statement.month + interval '1 month'"
    sums = [f"{name} = {SUM.format(kind=kind, sign=sign, following=following)}" for name, (kind, sign) in KINDS.items()]
    kept = [f"{name} = (SELECT {of} FROM person WHERE person.id = person_id)" for name, of in
            (("card_end", "substr(card_number, 7, 4)"), ("unit_id", "unit_id"))]  # fmt: skip
    op.execute(f"UPDATE statement SET {', '.join([*sums, *kept])}")
    for person_id, name in op.get_bind().execute(sa.text("SELECT id, name FROM person")).all():
        fill = sa.text("UPDATE statement SET holder = :holder WHERE person_id = :person_id")
        op.get_bind().execute(fill, {"holder": mask_name(name), "person_id": person_id})
