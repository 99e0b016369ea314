"""How Django knows the tables."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """The tables of Upheld."""

    name = "upheld.store"
    label = "store"
    verbose_name = "Upheld"
    default_auto_field = "django.db.models.BigAutoField"
