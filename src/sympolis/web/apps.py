from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "sympolis.web"
    label = "web"

    def ready(self) -> None:
        from sympolis.web.words import use_short_way

        use_short_way()
