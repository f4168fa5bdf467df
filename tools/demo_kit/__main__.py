"""Runs the demo, by whichever Python is asked to."""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[0] = str(Path(__file__).resolve().parents[1])

from demo_kit.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
