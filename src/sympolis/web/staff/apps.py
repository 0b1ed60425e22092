from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "sympolis.web.staff"
    label = "staff"
