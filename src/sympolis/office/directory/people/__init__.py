"""Departments, people and the posts they hold."""
