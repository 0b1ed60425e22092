from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "sympolis.office.directory"
    label = "directory"
