"""`python -m tests.live.kills`: see `campaign`, in which those whom it starts find everything by its name."""

import sys

from tests.live.kills.campaign import main

if __name__ == "__main__":
    sys.exit(main())
