from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "sympolis.office.core"
    label = "core"

    def ready(self) -> None:
        from simple_history.signals import pre_create_historical_record

        from sympolis.office.core.lists import note_lists_of_version

        autodiscover_modules("permissions")
        pre_create_historical_record.connect(note_lists_of_version)
