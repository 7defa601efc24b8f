"""The ledger's functions and triggers on PostgreSQL; they live in the bank's schema and see only that."""

FUNCTIONS = {
    "refuse_change": """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
        BEGIN
            RAISE EXCEPTION USING ERRCODE = 'MB004', MESSAGE = 'append_only: ' || TG_ARGV[0];
        END $$""",
    # All three below look at whole statements, not at rows: an activity of 500 is checked at once, and moves each balance
    # once. A connection keeps its plans; made while a table was small they would read all of it for ever, so nothing here
    # is planned as a scan, and no time goes into planning again.
    "check_entries": """
        CREATE FUNCTION check_entries() RETURNS trigger LANGUAGE plpgsql
        SET search_path FROM CURRENT SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
        DECLARE
            is_closed boolean;
            is_void boolean;
            is_no_day boolean;
        BEGIN
            SELECT bool_or(effective_on NOT BETWEEN '0001-01-01' AND '9999-12-31'
                           OR recorded_at NOT BETWEEN '0001-01-02' AND '9999-12-30'),
                   bool_or(effective_on < (SELECT max(month) + interval '1 month' FROM month_close)),
                   bool_or(reverses_id IS NOT NULL AND coalesce(
                       (SELECT kind FROM journal_entry AS reversed WHERE reversed.id = inserted.reverses_id), 'reversal'
                   ) = 'reversal')
            INTO is_no_day, is_closed, is_void FROM inserted;
            IF is_no_day THEN
                RAISE EXCEPTION 'bad_entry: not a day' USING ERRCODE = 'MB005';
            END IF;
            IF is_closed THEN
                RAISE EXCEPTION 'month_closed' USING ERRCODE = 'MB001';
            END IF;
            IF is_void THEN
                RAISE EXCEPTION 'bad_entry: reverses nothing' USING ERRCODE = 'MB005';
            END IF;
            RETURN NULL;
        END $$""",
    # Who posts has locked the accounts in id order. Neither an account nor an entry ever goes or changes its name, so one
    # look when a transfer is written does what foreign keys would do row by row, at a third of the price of a posting.
    "move_balances": """
        CREATE FUNCTION move_balances() RETURNS trigger LANGUAGE plpgsql
        SET search_path FROM CURRENT SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
        DECLARE
            line_fits boolean;
            has_two_accounts boolean;
        BEGIN
            SELECT bool_and(effective_on IS NOT DISTINCT FROM
                            (SELECT entry.effective_on FROM journal_entry AS entry
                             WHERE entry.id = entry_id AND line BETWEEN 1 AND transfer_count)),
                   bool_and(unit IS NOT DISTINCT FROM (SELECT unit FROM account WHERE id = debit_id AND closed_at IS NULL)
                        AND unit IS NOT DISTINCT FROM (SELECT unit FROM account WHERE id = credit_id AND closed_at IS NULL))
            INTO line_fits, has_two_accounts FROM inserted;
            IF NOT line_fits THEN
                RAISE EXCEPTION 'bad_entry: line does not fit' USING ERRCODE = 'MB005';
            END IF;
            IF NOT has_two_accounts THEN
                IF EXISTS (SELECT 1 FROM inserted WHERE 2 <> (SELECT count(*) FROM account
                                                               WHERE id IN (debit_id, credit_id) AND unit = inserted.unit)) THEN
                    RAISE EXCEPTION 'bad_entry: not two accounts of this unit' USING ERRCODE = 'MB005';
                END IF;
                RAISE EXCEPTION 'account_closed' USING ERRCODE = 'MB002';
            END IF;
            UPDATE account SET balance = balance + moved.amount, last_entry_id = moved.entry_id
            FROM (SELECT account_id, sum(amount) AS amount, max(entry_id) AS entry_id
                  FROM (SELECT credit_id AS account_id, amount, entry_id FROM inserted
                        UNION ALL SELECT debit_id, -amount, entry_id FROM inserted) AS side
                  GROUP BY account_id) AS moved
            WHERE account.id = moved.account_id AND has_floor;
            RETURN NULL;
        END $$""",
    "check_month": """
        CREATE FUNCTION check_month() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
        BEGIN
            IF NEW.month NOT BETWEEN '0001-01-01' AND '9999-11-01' OR NEW.month <> date_trunc('month', NEW.month)
               OR NEW.month <> (SELECT max(month) + interval '1 month' FROM month_close) THEN
                RAISE EXCEPTION 'bad_month: months close in order' USING ERRCODE = 'MB005';
            END IF;
            RETURN NEW;
        END $$""",
    # An account never goes nor changes its number, so one look at a month's openings is enough. A month has one for nearly
    # every account, so both are read through, also by a connection that planned this while they were few.
    "check_openings": """
        CREATE FUNCTION check_openings() RETURNS trigger LANGUAGE plpgsql
        SET search_path FROM CURRENT SET enable_nestloop = off AS $$
        BEGIN
            IF EXISTS (SELECT 1 FROM inserted WHERE month IS DISTINCT FROM
                       (SELECT max(month_close.month) + interval '1 month' FROM month_close)) THEN
                RAISE EXCEPTION 'bad_month: not what a closed month leaves' USING ERRCODE = 'MB005';
            END IF;
            IF EXISTS (SELECT 1 FROM inserted WHERE NOT EXISTS (SELECT 1 FROM account WHERE id = account_id)) THEN
                RAISE EXCEPTION 'bad_opening: no such account' USING ERRCODE = '23503';
            END IF;
            RETURN NULL;
        END $$""",
    "post_entries": """
        CREATE FUNCTION post_entries(
            keys text[], fingerprints text[], kinds text[], effective_ons date[], recorders text[], approvers text[],
            reasons text[], rule_versions integer[], reversed_ids bigint[], transfer_counts smallint[],
            numbers integer[], lines smallint[], units text[], debits bigint[], credits bigint[], amounts bigint[],
            posted_at timestamptz
        ) RETURNS TABLE (entry_id bigint, is_new boolean)
        LANGUAGE plpgsql
        SET search_path FROM CURRENT SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
        DECLARE
            new_keys text[];
            ids bigint[];
            news boolean[];
        BEGIN
            PERFORM 1 FROM account WHERE id = ANY (debits || credits) AND has_floor ORDER BY id FOR NO KEY UPDATE;
            WITH written AS (
                INSERT INTO journal_entry (key, fingerprint, kind, effective_on, recorded_at, recorded_by, approved_by,
                                           reason, rule_version, reverses_id, transfer_count)
                SELECT key, fingerprint, kind, effective_on, posted_at, recorder, approver,
                       reason, rule_version, reversed_id, transfer_count
                FROM unnest(keys, fingerprints, kinds, effective_ons, recorders, approvers,
                            reasons, rule_versions, reversed_ids, transfer_counts)
                     AS asked (key, fingerprint, kind, effective_on, recorder, approver,
                               reason, rule_version, reversed_id, transfer_count)
                ON CONFLICT (key) DO NOTHING
                RETURNING id, key
            )
            SELECT array_agg(key), array_agg(id) INTO new_keys, ids FROM written;
            IF new_keys = keys THEN
                news := array_fill(true, ARRAY[cardinality(keys)]);
            ELSE
                IF EXISTS (SELECT 1 FROM unnest(keys, fingerprints) AS asked (key, fingerprint) WHERE asked.fingerprint <>
                           (SELECT fingerprint FROM journal_entry WHERE journal_entry.key = asked.key)) THEN
                    RAISE EXCEPTION 'key_reused' USING ERRCODE = 'MB003';
                END IF;
                SELECT array_agg(found.id ORDER BY place),
                       array_agg(found.key IN (SELECT unnest(new_keys)) AND occurrence = 1 ORDER BY place)
                INTO ids, news
                FROM (SELECT place, asked.key, row_number() OVER (PARTITION BY asked.key ORDER BY place) AS occurrence,
                             (SELECT id FROM journal_entry WHERE journal_entry.key = asked.key) AS id
                      FROM unnest(keys) WITH ORDINALITY AS asked (key, place)) AS found;
                INSERT INTO entry_repeat (entry_id, repeated_at)
                SELECT repeated.id, posted_at FROM unnest(ids, news) AS repeated (id, is_new) WHERE NOT repeated.is_new;
            END IF;
            INSERT INTO transfer (entry_id, line, unit, debit_id, credit_id, amount, effective_on)
            SELECT ids[number], line, unit, debit_id, credit_id, amount, effective_ons[number]
            FROM unnest(numbers, lines, units, debits, credits, amounts)
                 AS asked (number, line, unit, debit_id, credit_id, amount)
            WHERE news[number];
            RETURN QUERY SELECT * FROM unnest(ids, news);
        END $$""",
}

POSTGRES = {
    "journal_entry__checked": """
        CREATE TRIGGER "journal_entry__checked" AFTER INSERT ON journal_entry
        REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION check_entries()""",
    "month_close__in_order": """
        CREATE TRIGGER "month_close__in_order" BEFORE INSERT ON month_close FOR EACH ROW EXECUTE FUNCTION check_month()""",
    "transfer__moves_balance": """
        CREATE TRIGGER "transfer__moves_balance" AFTER INSERT ON transfer
        REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION move_balances()""",
    "opening__checked": """
        CREATE TRIGGER "opening__checked" AFTER INSERT ON opening
        REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION check_openings()""",
    "account__starts_empty": """
        CREATE TRIGGER "account__starts_empty" BEFORE INSERT ON account FOR EACH ROW
        WHEN (NEW.balance <> 0 OR NEW.last_entry_id IS NOT NULL) EXECUTE FUNCTION refuse_change('account')""",
    # Only the transfer's own trigger is one level deep.
    "account__balance_by_entry": """
        CREATE TRIGGER "account__balance_by_entry" BEFORE UPDATE ON account FOR EACH ROW
        WHEN (pg_trigger_depth() = 0 AND (NEW.balance IS DISTINCT FROM OLD.balance
                                          OR NEW.last_entry_id IS DISTINCT FROM OLD.last_entry_id))
        EXECUTE FUNCTION refuse_change('account balance')""",
    "account__same_account": """
        CREATE TRIGGER "account__same_account" BEFORE UPDATE ON account FOR EACH ROW
        WHEN (NEW.id <> OLD.id OR NEW.code <> OLD.code OR NEW.unit <> OLD.unit
              OR NEW.has_floor <> OLD.has_floor OR NEW.opened_at <> OLD.opened_at
              OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at))
        EXECUTE FUNCTION refuse_change('account')""",
    "account__no_delete": """
        CREATE TRIGGER "account__no_delete" BEFORE DELETE ON account
        FOR EACH ROW EXECUTE FUNCTION refuse_change('account')""",
    "account__no_truncate": """
        CREATE TRIGGER "account__no_truncate" BEFORE TRUNCATE ON account EXECUTE FUNCTION refuse_change('account')""",
}


def never_goes(table: str) -> dict[str, str]:
    """Triggers that keep every row of a table and its number, so that others refer to it without foreign keys."""
    events = {
        "same_id": f"UPDATE OF id ON {table} FOR EACH ROW WHEN (NEW.id <> OLD.id)",
        "no_delete": f"DELETE ON {table} FOR EACH ROW",
        "no_truncate": f"TRUNCATE ON {table}",
    }
    return {
        f"{table}__{name}": f"CREATE TRIGGER \"{table}__{name}\" BEFORE {event} EXECUTE FUNCTION refuse_change('{table}')"
        for name, event in events.items()
    }
