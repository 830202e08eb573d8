"""`python -m baseload`: the same as the command `baseload`."""

import sys

from baseload.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
