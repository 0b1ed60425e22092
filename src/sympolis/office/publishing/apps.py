from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "sympolis.office.publishing"
    label = "publishing"
