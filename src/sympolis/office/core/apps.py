from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "sympolis.office.core"
    label = "core"

    def ready(self) -> None:
        autodiscover_modules("permissions")
