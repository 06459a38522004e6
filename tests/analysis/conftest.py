"""The modules of this folder that are no tests are imported by their own names: the tracer, fingerprints, case files, programs."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
