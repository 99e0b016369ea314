"""What runs live, on a real database: SQLite in a file, as it is shipped."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upheld.server.settings")
django.setup()
