"""What the database itself keeps true of service records: on PostgreSQL a look at all new ones at once does what foreign keys
would ask row by row, at a quarter of the price of taking them in. SQLite keeps the keys, which cost next to nothing there.

Nothing that a record refers to ever goes or changes its number, so one look when it is written is enough.
"""

from bank.ledger.guards_postgres import never_goes

FUNCTIONS = {
    "check_records": """
        CREATE FUNCTION check_records() RETURNS trigger LANGUAGE plpgsql
        SET search_path FROM CURRENT SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
        BEGIN
            IF EXISTS (SELECT 1 FROM written WHERE NOT (
                   EXISTS (SELECT 1 FROM service WHERE id = service_id)
                   AND EXISTS (SELECT 1 FROM person WHERE id = person_id)
                   AND (entry_id IS NULL OR EXISTS (SELECT 1 FROM journal_entry WHERE id = entry_id))))
               OR EXISTS (SELECT 1 FROM (SELECT DISTINCT confirmed_by_id, rule_version FROM written) AS written WHERE NOT (
                   EXISTS (SELECT 1 FROM person WHERE id = confirmed_by_id)
                   AND EXISTS (SELECT 1 FROM rule_set WHERE version = rule_version)))
            THEN
                RAISE EXCEPTION 'bad_record: refers to nothing' USING ERRCODE = '23503';
            END IF;
            RETURN NULL;
        END $$""",
}

POSTGRES = {
    "service_record__checked": """
        CREATE TRIGGER "service_record__checked" AFTER INSERT ON service_record
        REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION check_records()""",
    **never_goes("service"),
    **never_goes("person"),
}
