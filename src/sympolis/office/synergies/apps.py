from django.apps import AppConfig


class SynergiesConfig(AppConfig):
    name = "sympolis.office.synergies"
    label = "synergies"
