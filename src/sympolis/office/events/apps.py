from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "sympolis.office.events"
    label = "events"
