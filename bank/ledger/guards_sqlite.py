"""The ledger's triggers on SQLite. They trust no setting of the connection, not even that foreign keys are on."""

SQLITE = {
    # INSERT OR REPLACE deletes without asking the delete trigger, so a second row of the same name is refused here.
    "journal_entry__no_replace": """
        CREATE TRIGGER "journal_entry__no_replace" BEFORE INSERT ON journal_entry
        WHEN EXISTS (SELECT 1 FROM journal_entry
                     WHERE id = NEW.id OR "key" = NEW."key" OR reverses_id = NEW.reverses_id)
        BEGIN SELECT RAISE(ABORT, 'append_only: journal_entry'); END""",
    "journal_entry__open_month": """
        CREATE TRIGGER "journal_entry__open_month" BEFORE INSERT ON journal_entry
        WHEN EXISTS (SELECT 1 FROM month_close WHERE month >= date(NEW.effective_on, 'start of month'))
        BEGIN SELECT RAISE(ABORT, 'month_closed'); END""",
    "journal_entry__reverses_one": """
        CREATE TRIGGER "journal_entry__reverses_one" BEFORE INSERT ON journal_entry
        WHEN NEW.reverses_id IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.reverses_id AND kind <> 'reversal')
        BEGIN SELECT RAISE(ABORT, 'bad_entry: reverses nothing'); END""",
    # Lines come in order, so the last one says that the entry is complete; then it takes no more.
    "transfer__fits_entry": """
        CREATE TRIGGER "transfer__fits_entry" BEFORE INSERT ON transfer
        WHEN NOT EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.entry_id
                         AND effective_on = NEW.effective_on AND NEW.line BETWEEN 1 AND transfer_count)
          OR NEW.line <> 1 + (SELECT count(*) FROM transfer WHERE entry_id = NEW.entry_id)
        BEGIN SELECT RAISE(ABORT, 'bad_entry: line does not fit'); END""",
    "transfer__open_accounts": """
        CREATE TRIGGER "transfer__open_accounts" BEFORE INSERT ON transfer
        WHEN 2 <> (SELECT count(*) FROM account WHERE id IN (NEW.debit_id, NEW.credit_id) AND unit = NEW.unit)
          OR EXISTS (SELECT 1 FROM account WHERE id IN (NEW.debit_id, NEW.credit_id) AND closed_at IS NOT NULL)
        BEGIN SELECT CASE
            WHEN 2 <> (SELECT count(*) FROM account WHERE id IN (NEW.debit_id, NEW.credit_id) AND unit = NEW.unit)
            THEN RAISE(ABORT, 'bad_entry: not two accounts of this unit') ELSE RAISE(ABORT, 'account_closed')
        END; END""",
    "transfer__moves_balance": """
        CREATE TRIGGER "transfer__moves_balance" AFTER INSERT ON transfer
        WHEN NEW.line = (SELECT transfer_count FROM journal_entry WHERE id = NEW.entry_id)
        BEGIN
            UPDATE account SET last_entry_id = NEW.entry_id, balance = balance + (
                SELECT sum(CASE WHEN credit_id = account.id THEN amount ELSE -amount END) FROM transfer
                WHERE entry_id = NEW.entry_id AND account.id IN (debit_id, credit_id))
            WHERE has_floor AND id IN (SELECT debit_id FROM transfer WHERE entry_id = NEW.entry_id
                                       UNION SELECT credit_id FROM transfer WHERE entry_id = NEW.entry_id);
        END""",
    "account__starts_empty": """
        CREATE TRIGGER "account__starts_empty" BEFORE INSERT ON account
        WHEN NEW.balance <> 0 OR NEW.last_entry_id IS NOT NULL OR EXISTS
             (SELECT 1 FROM account WHERE id = NEW.id OR (code = NEW.code AND unit = NEW.unit))
        BEGIN SELECT RAISE(ABORT, 'append_only: account'); END""",
    # A balance moves only by an entry newer than the last one, and by exactly what that entry says.
    "account__balance_by_entry": """
        CREATE TRIGGER "account__balance_by_entry" BEFORE UPDATE ON account
        WHEN (NEW.balance IS NOT OLD.balance OR NEW.last_entry_id IS NOT OLD.last_entry_id)
         AND NOT coalesce(NEW.last_entry_id > coalesce(OLD.last_entry_id, 0) AND NEW.balance - OLD.balance = (
                SELECT sum(CASE WHEN credit_id = NEW.id THEN amount ELSE -amount END) FROM transfer
                WHERE entry_id = NEW.last_entry_id AND NEW.id IN (debit_id, credit_id)), 0)
        BEGIN SELECT RAISE(ABORT, 'append_only: account balance'); END""",
    "account__same_account": """
        CREATE TRIGGER "account__same_account" BEFORE UPDATE ON account
        WHEN NEW.id <> OLD.id OR NEW.code <> OLD.code OR NEW.unit <> OLD.unit
          OR NEW.has_floor <> OLD.has_floor OR NEW.opened_at <> OLD.opened_at
        BEGIN SELECT RAISE(ABORT, 'append_only: account'); END""",
    "account__no_delete": """
        CREATE TRIGGER "account__no_delete" BEFORE DELETE ON account
        BEGIN SELECT RAISE(ABORT, 'append_only: account'); END""",
}
