"""``python -m aml_magics``: the command line, also where no script is on the path."""

import sys

from aml_magics.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
