"""A map of places as a picture of our own: the sea with its rhumb lines, the coast of Natural Earth (public domain)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont

from sympolis.office.core.fonts import font_folders

WIDTH, HEIGHT, FINER = 1600, 900, 2  # drawn twice as large and made smaller: fine lines stay fine
SEA, LAND, SHORE, RHUMB, INK, DOT = "#E4ECEB", "#F7F4EC", "#A9B7B4", "#CFDAD8", "#1D2733", "#A8381F"
COAST = "vendor/world-atlas/land-110m.json"
ROOM = 0.12  # round the outermost places, as a share of the picture

type Point = tuple[float, float]
type Place = tuple[str, float, float]  # name, latitude, longitude


def map_of(places: Iterable[Place]) -> Any:
    """The places on the coast round them; the first have their names where there is room."""
    listed = list(places)
    frame = _frame(listed)
    size = (WIDTH * FINER, HEIGHT * FINER)
    image = Image.new("RGB", size, SEA)
    draw = ImageDraw.Draw(image)
    _rhumbs(draw, size)
    for ring in _coast():
        points = [frame(*point) for point in ring]
        if len(points) > 2:
            draw.polygon(points, fill=LAND, outline=SHORE, width=2)
    _dots(draw, listed, frame)
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _frame(places: list[Place]) -> Any:
    """From longitude and latitude to dots: all places within, the shape of the earth as Mercator has it."""
    xs, ys = [lon for _name, _lat, lon in places], [_mercator(lat) for _name, lat, _lon in places]
    width, height = max(max(xs) - min(xs), 8), max(max(ys) - min(ys), 8)
    scale = min(WIDTH / width, HEIGHT / height) * (1 - 2 * ROOM) * FINER
    middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2

    def to_dots(longitude: float, latitude: float) -> Point:
        x = WIDTH * FINER / 2 + (longitude - middle[0]) * scale
        return x, HEIGHT * FINER / 2 - (_mercator(latitude) - middle[1]) * scale

    return to_dots


def _mercator(latitude: float) -> float:
    held = max(-84.0, min(84.0, latitude))
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(held) / 2)))


def _rhumbs(draw: Any, size: tuple[int, int]) -> None:
    reach = size[0] * 2
    for centre in ((size[0] * 0.3, size[1] * 0.55), (size[0] * 0.78, size[1] * 0.4)):
        for step in range(16):
            angle = math.pi * step / 16
            to = math.cos(angle) * reach, math.sin(angle) * reach
            ends = [(centre[0] - to[0], centre[1] - to[1]), (centre[0] + to[0], centre[1] + to[1])]
            draw.line(ends, fill=RHUMB, width=2)


def _coast() -> Iterator[list[Point]]:
    """Rings of land; none where the browser's files are not there, and the places stand on open sea."""
    found = finders.find(COAST)
    if not found:
        return
    with open(str(found), encoding="utf-8") as file:
        topology = json.load(file)
    arcs = [list(_arc(arc, topology["transform"])) for arc in topology["arcs"]]
    for shape in topology["objects"]["land"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for polygon in polygons:
            yield [point for number in polygon[0] for point in (arcs[number] if number >= 0 else arcs[~number][::-1])]


def _arc(arc: list[list[int]], transform: dict[str, list[float]]) -> Iterator[Point]:
    x = y = 0
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        yield x * scale_x + move_x, y * scale_y + move_y


def _dots(draw: Any, places: list[Place], frame: Any) -> None:
    upright = next(file for file in sorted(font_folders()[0].glob("*.ttf")) if "Italic" not in file.name)
    font = ImageFont.truetype(str(upright), 22 * FINER)
    taken: list[tuple[float, float, float, float]] = []
    radius = 8 * FINER
    for _name, latitude, longitude in places:
        x, y = frame(longitude, latitude)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=DOT, outline=LAND, width=3)
        taken.append((x - radius, y - radius, x + radius, y + radius))
    for name, latitude, longitude in places:
        x, y = frame(longitude, latitude)
        left, top, right, bottom = draw.textbbox((x + radius * 1.6, y), name, font=font, anchor="lm")
        for shift in (0, -(right - left) - radius * 3.2):
            box = left + shift, top, right + shift, bottom
            inside = box[0] > 0 and box[2] < WIDTH * FINER
            own = (x - radius, y - radius, x + radius, y + radius)
            if inside and not any(_meet(box, one) for one in taken if one != own):
                draw.text((box[0], y), name, font=font, fill=INK, anchor="lm")
                taken.append(box)
                break


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
