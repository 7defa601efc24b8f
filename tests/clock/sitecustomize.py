"""Lets a process of the bank believe that it starts at TEST_CLOCK; Python runs this first where PYTHONPATH names its folder."""

import os

import time_machine

if at := os.environ.get("TEST_CLOCK"):
    time_machine.travel(at, tick=True).start()
