"""Whether the database still refuses what it should: every guard in its own words, every constraint, and nothing in between.

Who owns a database can take all of it away, and put it back when he is done; `rules_broken` looks at what he left.
"""

import re
from collections.abc import Iterator

from sqlalchemy import CheckConstraint, Connection, ForeignKeyConstraint, Table, UniqueConstraint, text

from bank.db import Base, db
from bank.ledger import guards
from bank.ledger.words import Difference, difference

Named = dict[str, str]


def differences() -> Iterator[Difference]:
    """Every guard or constraint that is missing, was changed, or is not the bank's."""
    connection = db.session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    expected, there = _guards_of_sqlite(connection) if is_sqlite else _guards_of_postgres(connection)
    for name in sorted(expected.keys() | there.keys()):
        if name not in there:
            yield difference("guard_missing", name=name)
        elif name not in expected:
            yield difference("trigger_strange", name=name)
        elif expected[name] != there[name]:
            yield difference("guard_changed", name=name)
    present = _constraints_of_sqlite(connection) if is_sqlite else set(connection.execute(text(_CONSTRAINTS)).scalars())
    yield from (difference("constraint_missing", name=name) for name in sorted(_constraints(is_sqlite=is_sqlite) - present))
    if not is_sqlite:
        yield from (difference(code, name=name, table=table) for code, name, table in connection.execute(text(_IN_BETWEEN)))


def rules_broken() -> Iterator[Difference]:
    """Every table with rows that its own constraints would refuse."""
    connection = db.session.connection()
    for table in Base.metadata.sorted_tables:
        rules = [str(each.sqltext) for each in table.constraints if isinstance(each, CheckConstraint)]
        if not rules:
            continue
        broken = " OR ".join(f"NOT ({rule})" for rule in rules).replace("%", "%%")
        count = connection.exec_driver_sql(f'SELECT count(*) FROM "{table.name}" WHERE {broken}').scalar()  # noqa: S608 - our own.
        if count:
            yield difference("rules_broken", count=count, table=table.name)


def _guards_of_sqlite(connection: Connection) -> tuple[Named, Named]:
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    there = {name: " ".join(sql.split()) for name, sql in rows}
    return {name: " ".join(sql.split()) for name, sql in guards.definitions("sqlite").items()}, there


def _guards_of_postgres(connection: Connection) -> tuple[Named, Named]:
    """Triggers as the server words them, which it does in its own way: so the bank's are made once more, on empty copies."""
    there = _triggers(connection, "CAST(current_schema() AS regnamespace)")
    present, functions = guards.definitions("postgresql"), guards.functions()
    bodies = {name: body for name, body in connection.execute(text(_FUNCTIONS)) if name in functions}
    schema = connection.execute(text("SELECT quote_ident(current_schema())")).scalar_one()
    with connection.begin_nested() as copies:
        for table in sorted({name.partition("__")[0] for name in present}):
            connection.exec_driver_sql(f'CREATE TEMPORARY TABLE "{table}" (LIKE {schema}."{table}")')
        lost = (sql for name, sql in functions.items() if name not in bodies)
        for statement in (*lost, *present.values()):
            connection.exec_driver_sql(statement)
        expected = _triggers(connection, "pg_my_temp_schema()")
        copies.rollback()
    return expected | {name: sql.split("$$")[1] for name, sql in functions.items()}, there | bodies


def _triggers(connection: Connection, schema: str) -> Named:
    """Each trigger by name, without the name of its table's schema, and whether it is in force."""
    rows = connection.exec_driver_sql(_TRIGGERS.format(schema=schema))
    return {name: f"{state} {re.sub(r' ON [^ ]+ ', ' ON ', definition)}" for name, state, definition in rows}


def _constraints(*, is_sqlite: bool) -> set[str]:
    """The names of all constraints and unique indexes that the tables declare."""
    found = set()
    for table in Base.metadata.sorted_tables:
        found |= {str(each.name) for each in table.indexes if each.unique}
        found |= {str(each.name) for each in table.constraints if _is_kept(each, table, is_sqlite=is_sqlite)}
    return found


def _is_kept(constraint: object, table: Table, *, is_sqlite: bool) -> bool:
    if isinstance(constraint, ForeignKeyConstraint):
        return is_sqlite or not table.info.get("is_guarded")
    return isinstance(constraint, CheckConstraint | UniqueConstraint)


def _constraints_of_sqlite(connection: Connection) -> set[str]:
    """The names that the definitions of tables and indexes hold; of a rule only where its own words follow."""
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"))
    definitions = {name: " ".join(sql.split()) for name, sql in rows}
    names = {word for sql in definitions.values() for word in re.findall(r"\w+", sql)}
    for table in Base.metadata.sorted_tables:
        rules = (each for each in table.constraints if isinstance(each, CheckConstraint))
        changed = (each for each in rules if _in_words(each) not in definitions.get(table.name, ""))
        names -= {str(each.name) for each in changed}
    return names


def _in_words(rule: CheckConstraint) -> str:
    return " ".join(f"CONSTRAINT {rule.name} CHECK ({rule.sqltext})".split())


_TRIGGERS = """
    SELECT tgname, tgenabled, pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND relnamespace = {schema}"""
_FUNCTIONS = """
    SELECT proname, CASE WHEN 'search_path=' || quote_ident(current_schema()) || ', pg_temp' = ANY (proconfig) THEN prosrc END
    FROM pg_proc WHERE pronamespace = CAST(current_schema() AS regnamespace)"""
_CONSTRAINTS = """
    SELECT conname FROM pg_constraint WHERE connamespace = CAST(current_schema() AS regnamespace) AND convalidated
    UNION SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"""
# A rule does something else in place of what was asked, and what is in a table that inherits is read with the other's rows.
_IN_BETWEEN = """
    SELECT 'rule_strange', CAST(rulename AS text), CAST(tablename AS text)
    FROM pg_rules WHERE schemaname = current_schema()
    UNION ALL
    SELECT 'table_inherits', CAST(CAST(inhrelid AS regclass) AS text), CAST(relname AS text)
    FROM pg_inherits JOIN pg_class ON pg_class.oid = inhparent
    WHERE relnamespace = CAST(current_schema() AS regnamespace)"""
