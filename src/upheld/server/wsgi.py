"""What a web server of Python runs."""

from __future__ import annotations

import atexit
import os
from multiprocessing.util import Finalize

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upheld.server.settings")

from django.core.wsgi import get_wsgi_application

from upheld.server.logs import configure

configure()
application = get_wsgi_application()

from upheld.server.announcing import announce
from upheld.server.parent import follow_parent
from upheld.server.running import rest, work
from upheld.server.stopping import follow_signals

follow_parent()
follow_signals()
announce()
work()
# A process of `multiprocessing` has a hook of its own for its end: the other one is not called there.
Finalize(None, rest, exitpriority=1)
atexit.register(rest)
