"""One function of a benchmark in a process of its own; prints what it returns as JSON."""

from __future__ import annotations

import json
import sys
from importlib import import_module

if __name__ == "__main__":
    module, function, arguments = sys.argv[1:]
    answer = getattr(import_module(module), function)(*json.loads(arguments))
    print("\n" + json.dumps(answer), flush=True)
