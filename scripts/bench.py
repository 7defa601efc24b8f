#!/usr/bin/env python3
"""Measure the bank beside the least that could do the same job; `--quick` for a first impression, `--help` for the rest."""

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from _setup import PYTHON, ROOT, environment, prepare, speak_utf8

speak_utf8()
prepare(with_tools=True)
# The server for tests warns of a folder that it does not need.
env = environment(PYTHONPATH=os.pathsep.join([str(ROOT / "scripts"), str(ROOT)]), PYTHONWARNINGS="ignore")
sys.exit(subprocess.call([str(PYTHON), "-m", "benchmarks", *sys.argv[1:]], cwd=ROOT, env=env))
