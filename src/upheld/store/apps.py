"""How Django knows the tables."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """The tables of Upheld."""

    name = "upheld.store"
    label = "store"
    verbose_name = "Upheld"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Makes the lookup of many values known to every field."""
        from upheld.store import among  # noqa: F401  it registers itself
