"""The work: reads a place, and writes a page about its light and its distances. Put yours in its place.

It knows no HTTP and no log. What was pasted is read as text, and never fetched.
"""

import asyncio
import os
import re
from collections import namedtuple
from html import escape
from math import acos, asin, cos, pi, radians, sin, sqrt, tan
from urllib.parse import unquote_plus

SECONDS = float(os.environ.get("SECONDS", "20"))
STEPS = {"place": "Reading the place", "brief": "Writing the brief", "page": "Writing the page"}
MONTHS = "January February March April May June July August September October November December".split()
CITIES = {"Tromsø": (69.65, 18.96), "Reykjavík": (64.15, -21.94), "Kraków": (50.06, 19.94),
          "Zürich": (47.37, 8.54), "北京": (39.91, 116.4), "東京": (35.68, 139.69), "Hà Nội": (21.03, 105.85),
          "México": (19.43, -99.13), "Bogotá": (4.71, -74.07), "Nairobi": (-1.29, 36.82),
          "São Paulo": (-23.55, -46.63), "Sydney": (-33.87, 151.21), "Ushuaia": (-54.8, -68.3)}
HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name}</title><style>
body {{ max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 Georgia, serif; color: #23303a }}
h1 {{ line-height: 1.2; border-bottom: 3px solid #128a8a }} th {{ text-align: start; padding-right: 1em }}
table, meter {{ width: 100%; border-collapse: collapse }} tr {{ border-bottom: 1px solid #ccd }}
</style></head><body><h1>📍 {name}</h1><p><strong>{name}</strong> lies at {where}. The farthest place on
earth is its antipode, {antipode}: 20,015 km to go, whichever way one takes.</p><h2>Light ☀️</h2><table>
"""
MONTH = """<tr><th scope="row">{month}</th><td>{hours:.1f} h of daylight</td><td><meter min="0" max="24"
value="{hours:.1f}">{hours:.1f} of 24 hours</meter></td><td>{word} than the night</td></tr>
"""
CITY = """<p><strong>{city}</strong> is {km:,.0f} km away as the crow flies. A word by light could be there in
{light:.1f} ms; an aeroplane takes about {flight:.0f} h, and a walker, were there a way, {walk:,.0f} days.</p>
"""
Place = namedtuple("Place", "name latitude longitude")


def read_place(url):
    """The place that an address names by its coordinates, or None."""
    pair = re.search(r"(-?[0-9]{1,3}\.[0-9]+)[^0-9.-]+(-?[0-9]{1,3}\.[0-9]+)", unquote_plus(url))
    if not pair or abs(latitude := float(pair[1])) > 90 or abs(longitude := float(pair[2])) > 180:
        return None
    named = re.search("/place/([^/@?#]+)", url)
    name = "".join(filter(str.isprintable, unquote_plus(named[1] if named else ""))).strip()
    return Place(name[:80] or where(latitude, longitude), latitude, longitude)


async def work(place):
    """What there is to tell, one event after the other: its type and its fields."""
    yield "status", {"step": "place", "progress": 0}
    await asyncio.sleep(SECONDS * 0.1)
    yield "preview", {"title": place.name, "subtitle": where(place.latitude, place.longitude)}
    yield "status", {"step": "brief", "progress": 0.1}
    await asyncio.sleep(SECONDS * 0.1)
    pieces = list(page(place))
    for number, text in enumerate(pieces):
        yield "status", {"step": "page", "progress": round(0.2 + 0.8 * number / len(pieces), 3)}
        yield "html", {"text": text}
        await asyncio.sleep(SECONDS * 0.8 / len(pieces))
    yield "status", {"step": "page", "progress": 1}


def page(place):
    """The page, piece by piece. Whatever came from outside is escaped."""
    name, latitude, longitude = place
    antipode = where(-latitude, longitude - 180 if longitude > 0 else longitude + 180)
    yield HEAD.format(name=escape(name), where=where(latitude, longitude), antipode=antipode)
    for number, month in enumerate(MONTHS):
        tilt = radians(23.44) * sin(2 * pi * (30.4 * number - 65) / 365)  # The sun's, in mid-month.
        hours = 24 / pi * acos(max(-1, min(1, -tan(radians(latitude)) * tan(tilt))))
        yield MONTH.format(month=month, hours=hours, word="longer" if hours > 12 else "shorter")
    yield "</table><h2>Distances 🌍</h2>\n"
    for city, there in CITIES.items():
        km = distance_km((latitude, longitude), there)
        yield CITY.format(city=city, km=km, light=km / 299.79, flight=km / 800 + 0.5, walk=km / 30)
    yield "<p>Reckoned on a round earth, and without looking anything up.</p></body></html>\n"


def where(latitude, longitude):
    """Coordinates, for people."""
    return f"{abs(latitude):.4f}° {'NS'[latitude < 0]}, {abs(longitude):.4f}° {'EW'[longitude < 0]}"


def distance_km(here, there):
    """Along the surface, by the haversine formula."""
    (lat, lng), (lat_there, lng_there) = (map(radians, point) for point in (here, there))
    across = cos(lat) * cos(lat_there) * sin((lng_there - lng) / 2) ** 2
    return 12742 * asin(sqrt(min(1, sin((lat_there - lat) / 2) ** 2 + across)))
