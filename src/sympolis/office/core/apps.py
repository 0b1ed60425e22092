from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "sympolis.office.core"
    label = "core"
