from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "sympolis.office.planning"
    label = "planning"
