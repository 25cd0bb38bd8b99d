"""`python -m governance`: the same as the command `kadens`."""

import sys

from governance.cli import main

sys.exit(main())
