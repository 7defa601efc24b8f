#!/usr/bin/env python3
"""Rush at a running bank with many at once, and look at the books afterwards; `--help` for the kinds of rush."""

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from _setup import PYTHON, ROOT, environment, prepare, speak_utf8

speak_utf8()
prepare(with_tools=True)
env = environment(PYTHONPATH=os.pathsep.join([str(ROOT / "scripts"), str(ROOT)]))
sys.exit(subprocess.call([str(PYTHON), "-m", "rushes", *sys.argv[1:]], cwd=ROOT, env=env))
