from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "sympolis.web"
    label = "web"
