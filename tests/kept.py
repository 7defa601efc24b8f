"""A PostgreSQL database as it was, put back table by table: a fifth of the price of copying it whole, and connections stay."""

import psycopg

SETTINGS = (
    "session_replication_role = replica",
    "plan_cache_mode = force_generic_plan",
    "max_parallel_workers_per_gather = 0",  # To start a process takes longer than to count all tables.
)
ROWS_MAX = 1000  # A larger table comes back sooner with a copy of the whole database.

TABLES = """
    SELECT quote_ident(nspname) || '.' || quote_ident(relname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind = 'r' AND nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%' ORDER BY 1"""
SEQUENCES = """
    SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), coalesce(last_value, start_value), last_value IS NOT NULL
    FROM pg_sequences ORDER BY 1"""
# Whatever gives a table, column, rule, function or trigger another form leaves a new row in one of these.
CATALOGUES = {
    "pg_namespace": "oid", "pg_class": "oid", "pg_attribute": "attrelid", "pg_attrdef": "adrelid", "pg_constraint": "oid",
    "pg_index": "indexrelid", "pg_trigger": "oid", "pg_proc": "oid",
}  # fmt: skip
FIRST_OWN_OID = 16384
OTHERS = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""


class Kept:
    """Remembers every row of a database that nobody has changed yet."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True, prepare_threshold=1)
        self.connection.execute("; ".join(f"SET {setting}" for setting in SETTINGS))
        tables = [name for (name,) in self.connection.execute(TABLES)]
        self.look = _look(tables)
        self.seen = self._seen()
        self.rows = {name: self._rows(name) for name in tables if self.seen[name][0] <= ROWS_MAX}
        numbers = ", ".join(
            f"setval('{name}', {last}, {is_called})" for name, last, is_called in self.connection.execute(SEQUENCES)
        )
        self.put_numbers_back = f"SELECT {numbers}"

    def restore(self) -> bool:
        """Put everything back; False if that takes a new copy of the database."""
        try:
            self.connection.execute(OTHERS)
            changed = [name for name, seen in self._seen().items() if seen != self.seen[name]]
            if any(name not in self.rows for name in changed):
                return False
            with self.connection.transaction():
                for name in changed:
                    self._put_back(name)
                self.connection.execute(self.put_numbers_back)
            self.seen = self._seen() if changed else self.seen
        except (psycopg.Error, KeyError):
            return False
        return True

    def close(self) -> None:
        self.connection.close()

    def _seen(self) -> dict[str, tuple[int, int]]:
        """How many rows each table has, and the number of the transaction that wrote the newest of them."""
        return {name: (count, newest) for name, count, newest in self.connection.execute(self.look)}

    def _rows(self, name: str) -> bytes:
        with self.connection.cursor().copy(f"COPY {name} TO STDOUT") as copy:
            return b"".join(bytes(each) for each in copy)

    def _put_back(self, name: str) -> None:
        self.connection.execute(f"DELETE FROM {name}")
        with self.connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
            copy.write(self.rows[name])


def _look(tables: list[str]) -> str:
    newest = "count(*), coalesce(max(xmin::text::bigint), 0)"
    own = [f"SELECT '{name}', {newest} FROM {name}" for name in tables]
    rest = [f"SELECT '{name}', {newest} FROM {name} WHERE {oid} >= {FIRST_OWN_OID}" for name, oid in CATALOGUES.items()]
    return " UNION ALL ".join(own + rest)
