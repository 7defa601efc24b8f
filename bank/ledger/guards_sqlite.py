"""The ledger's triggers on SQLite. They trust no setting of the connection, not even that foreign keys are on."""

SQLITE = {
    # INSERT OR REPLACE deletes without asking the delete trigger, so a second row of the same name is refused here.
    # One trigger asks all: entering another costs as much as several of these look-ups, and a batch pays for each row.
    "journal_entry__checked": """
        CREATE TRIGGER "journal_entry__checked" BEFORE INSERT ON journal_entry
        WHEN EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.id)
          OR EXISTS (SELECT 1 FROM journal_entry WHERE "key" = NEW."key")
          OR NEW.effective_on IS NOT date(NEW.effective_on) OR NEW.effective_on < '0001'
          OR EXISTS (SELECT 1 FROM month_close WHERE month >= substr(NEW.effective_on, 1, 7))
          OR NEW.reverses_id IS NOT NULL
        BEGIN SELECT CASE
            WHEN EXISTS (SELECT 1 FROM journal_entry
                         WHERE id = NEW.id OR "key" = NEW."key" OR reverses_id = NEW.reverses_id)
            THEN RAISE(ABORT, 'append_only: journal_entry')
            WHEN NEW.effective_on IS NOT date(NEW.effective_on) OR NEW.effective_on < '0001'
            THEN RAISE(ABORT, 'bad_entry: not a day')
            WHEN EXISTS (SELECT 1 FROM month_close WHERE month >= substr(NEW.effective_on, 1, 7))
            THEN RAISE(ABORT, 'month_closed')
            WHEN NOT EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.reverses_id AND kind <> 'reversal')
            THEN RAISE(ABORT, 'bad_entry: reverses nothing')
        END; END""",
    # Lines come in order, and never more than the entry counts: whoever replaces a line or adds one comes out of order.
    "transfer__checked": """
        CREATE TRIGGER "transfer__checked" BEFORE INSERT ON transfer
        WHEN (SELECT effective_on = NEW.effective_on AND NEW.line BETWEEN 1 AND transfer_count
              FROM journal_entry WHERE id = NEW.entry_id) IS NOT 1
          OR NEW.line <> 1 + coalesce((SELECT max(line) FROM transfer WHERE entry_id = NEW.entry_id), 0)
          OR (SELECT unit = NEW.unit AND closed_at IS NULL FROM account WHERE id = NEW.debit_id) IS NOT 1
          OR (SELECT unit = NEW.unit AND closed_at IS NULL FROM account WHERE id = NEW.credit_id) IS NOT 1
          OR typeof(NEW.amount) <> 'integer'
        BEGIN SELECT CASE
            WHEN NOT EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.entry_id
                             AND effective_on = NEW.effective_on AND NEW.line BETWEEN 1 AND transfer_count)
              OR NEW.line <> 1 + (SELECT count(*) FROM transfer WHERE entry_id = NEW.entry_id)
            THEN RAISE(ABORT, 'bad_entry: line does not fit')
            WHEN typeof(NEW.amount) <> 'integer' THEN RAISE(ABORT, 'bad_entry: not a whole amount')
            WHEN 2 <> (SELECT count(*) FROM account WHERE id IN (NEW.debit_id, NEW.credit_id) AND unit = NEW.unit)
            THEN RAISE(ABORT, 'bad_entry: not two accounts of this unit')
            ELSE RAISE(ABORT, 'account_closed')
        END; END""",
    "month_close__in_order": """
        CREATE TRIGGER "month_close__in_order" BEFORE INSERT ON month_close
        WHEN NEW.month IS NOT date(NEW.month, 'start of month') OR NEW.month NOT BETWEEN '0001' AND '9999-11-30'
          OR NEW.month <> (SELECT date(max(month), '+1 month') FROM month_close)
        BEGIN SELECT RAISE(ABORT, 'bad_month: months close in order'); END""",
    "opening__checked": """
        CREATE TRIGGER "opening__checked" BEFORE INSERT ON opening
        WHEN NEW.month IS NOT (SELECT date(max(month), '+1 month') FROM month_close)
        BEGIN SELECT RAISE(ABORT, 'bad_month: not what a closed month leaves'); END""",
    # Two look-ups by number for each line; to add up whole entries took three times as long.
    "transfer__moves_balance": """
        CREATE TRIGGER "transfer__moves_balance" AFTER INSERT ON transfer
        BEGIN
            UPDATE account SET balance = balance - NEW.amount, last_entry_id = NEW.entry_id, last_line = NEW.line
            WHERE id = NEW.debit_id AND has_floor;
            UPDATE account SET balance = balance + NEW.amount, last_entry_id = NEW.entry_id, last_line = NEW.line
            WHERE id = NEW.credit_id AND has_floor;
        END""",
    "account__starts_empty": """
        CREATE TRIGGER "account__starts_empty" BEFORE INSERT ON account
        WHEN NEW.balance <> 0 OR NEW.last_entry_id IS NOT NULL OR NEW.last_line IS NOT NULL OR EXISTS
             (SELECT 1 FROM account WHERE id = NEW.id OR (code = NEW.code AND unit = NEW.unit))
        BEGIN SELECT RAISE(ABORT, 'append_only: account'); END""",
    # A balance moves only by a transfer that is newer than the last one, and by exactly its amount. The floor stands here
    # as well: INSERT OR IGNORE passes over a CHECK even in what a trigger does, and would keep the transfer.
    "account__balance_by_entry": """
        CREATE TRIGGER "account__balance_by_entry" BEFORE UPDATE OF balance, last_entry_id, last_line ON account
        WHEN NEW.balance < 0 OR (
            (NEW.last_entry_id > coalesce(OLD.last_entry_id, 0)
             OR (NEW.last_entry_id = OLD.last_entry_id AND NEW.last_line > OLD.last_line))
            AND NEW.balance - OLD.balance = (
                SELECT CASE NEW.id WHEN credit_id THEN amount WHEN debit_id THEN -amount END
                FROM transfer WHERE entry_id = NEW.last_entry_id AND line = NEW.last_line)) IS NOT 1
        BEGIN SELECT CASE
            WHEN NEW.balance < 0 THEN RAISE(ABORT, 'ck_account_floor')
            ELSE RAISE(ABORT, 'append_only: account balance')
        END; END""",
    # Only what sets one of these columns asks, by whatever name it calls the first.
    "account__same_account": """
        CREATE TRIGGER "account__same_account" BEFORE UPDATE OF
            id, rowid, oid, _rowid_, code, unit, has_floor, opened_at, closed_at ON account
        WHEN NEW.id <> OLD.id OR NEW.code <> OLD.code OR NEW.unit <> OLD.unit
          OR NEW.has_floor <> OLD.has_floor OR NEW.opened_at <> OLD.opened_at
          OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS NOT OLD.closed_at)
        BEGIN SELECT RAISE(ABORT, 'append_only: account'); END""",
    "account__no_delete": """
        CREATE TRIGGER "account__no_delete" BEFORE DELETE ON account
        BEGIN SELECT RAISE(ABORT, 'append_only: account'); END""",
}
