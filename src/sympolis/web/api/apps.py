from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "sympolis.web.api"
    label = "api"
