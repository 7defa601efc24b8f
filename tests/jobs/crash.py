"""A jobs process that is killed in the middle of a run, as by pulling the plug: `python -m tests.jobs.crash`."""

import os
import signal

from bank.app import create_app
from bank.jobs import runs
from bank.jobs.table import BY_NAME


def main() -> None:
    """Close the last month, and die when all is written and nothing committed."""
    job = BY_NAME["expire"]
    object.__setattr__(job, "act", lambda task: os.kill(os.getpid(), signal.SIGKILL))
    app = create_app()
    with app.app_context():
        runs.run(job, job.last_over(runs.clock.today()))


if __name__ == "__main__":
    main()
