"""Lets a process of the bank live at the instant in the file TEST_CLOCK, and follow it; Python runs this first."""

import os
import threading
import time
from pathlib import Path

import time_machine


def follow(path: Path, traveller: time_machine.Traveller, shown: str) -> None:
    """Move whenever the file says another instant, and say so in a file of this process."""
    while True:
        path.with_suffix(f".{os.getpid()}").write_text(shown)
        while (wanted := path.read_text()) == shown:
            time.sleep(0.02)
        traveller.move_to(wanted)
        shown = wanted


def start() -> None:
    """Begin to live at that instant, with every process that this one becomes."""
    path = Path(os.environ["TEST_CLOCK"])
    at = path.read_text()
    traveller = time_machine.travel(at, tick=True).start()

    def begin() -> None:
        threading.Thread(target=follow, args=(path, traveller, at), daemon=True).start()

    begin()
    os.register_at_fork(after_in_child=begin)


if "TEST_CLOCK" in os.environ:
    start()
