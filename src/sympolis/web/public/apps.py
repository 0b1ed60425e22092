from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "sympolis.web.public"
    label = "public"
