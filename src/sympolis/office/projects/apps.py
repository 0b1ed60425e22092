from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "sympolis.office.projects"
    label = "projects"
