"""A jobs process that is killed in the middle of a run, as by pulling the plug."""

import os
import signal

from bank.app import create_app
from bank.jobs import runs
from bank.jobs.table import BY_NAME
from tests.server import SECRET


def crash(database_url: str, folder: str) -> None:
    """Let the last month's points expire, and die when all is written and nothing committed."""
    job = BY_NAME["expire"]
    object.__setattr__(job, "act", lambda task: os.kill(os.getpid(), signal.SIGKILL))
    app = create_app({"DATABASE_URL": database_url, "DATA_DIR": folder, "SECRET_KEY": SECRET})
    with app.app_context():
        runs.run(job, job.last_over(runs.clock.today()))
