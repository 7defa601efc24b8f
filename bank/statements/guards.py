"""What the database itself keeps true of statements: on PostgreSQL a look at all new ones at once does what foreign keys would
ask row by row. SQLite keeps the keys, which cost next to nothing there.

Nothing that a statement refers to ever goes or changes its number, so one look when it is written is enough.
A month has one for nearly everybody, so all persons are read through, also by a connection that planned this while they were few.
"""

from bank.ledger.guards_postgres import never_goes

FUNCTIONS = {
    "check_statements": """
        CREATE FUNCTION check_statements() RETURNS trigger LANGUAGE plpgsql
        SET search_path FROM CURRENT SET enable_nestloop = off AS $$
        BEGIN
            IF EXISTS (SELECT 1 FROM written WHERE NOT EXISTS (SELECT 1 FROM person WHERE id = person_id))
               OR EXISTS (SELECT 1 FROM (SELECT DISTINCT unit_id FROM written) AS home
                          WHERE NOT EXISTS (SELECT 1 FROM unit WHERE id = unit_id))
            THEN
                RAISE EXCEPTION 'bad_statement: refers to nothing' USING ERRCODE = '23503';
            END IF;
            RETURN NULL;
        END $$""",
}

POSTGRES = {
    "statement__checked": """
        CREATE TRIGGER "statement__checked" AFTER INSERT ON statement
        REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION check_statements()""",
    **never_goes("unit"),
}
