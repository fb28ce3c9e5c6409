"""Points and distances, as the crow flies."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from portal.catalogue.types import Point

_RD_ORIGIN = (155_000.0, 463_000.0)
_RD_ORIGIN_DEGREES = Point(52.15517440, 5.38720621)
_RD_LATITUDE = (
    (0, 1, 3235.65389), (2, 0, -32.58297), (0, 2, -0.24750), (2, 1, -0.84978), (0, 3, -0.06550), (2, 2, -0.01709),
    (1, 0, -0.00738), (4, 0, 0.00530), (2, 3, -0.00039), (4, 1, 0.00033), (1, 1, -0.00012),
)  # fmt: skip
_RD_LONGITUDE = (
    (1, 0, 5260.52916), (1, 1, 105.94684), (1, 2, 2.45656), (3, 0, -0.81885), (1, 3, 0.05594), (3, 1, -0.05607),
    (0, 1, 0.01199), (3, 2, -0.00256), (1, 4, 0.00128), (0, 2, 0.00022), (2, 0, -0.00022), (5, 0, 0.00026),
)  # fmt: skip
EARTH_RADIUS_KM = 6371.0
"""The mean radius (IUGG: 6371.0088 km)."""


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance in kilometres.

    The haversine formula, after R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (1984), p. 159;
    the earth taken as a ball, which in the Netherlands is right to half a percent.
    """
    phi_a, phi_b = radians(a.latitude), radians(b.latitude)
    half_phi = (phi_b - phi_a) / 2
    half_lambda = radians(b.longitude - a.longitude) / 2
    chord = sin(half_phi) ** 2 + cos(phi_a) * cos(phi_b) * sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(chord))


def from_rd(x: float, y: float) -> Point:
    """The point with these Dutch national grid coordinates (Rijksdriehoek, EPSG:28992, metres), to within a metre.

    F. H. Schreutelkamp and G. L. Strang van Hees, "Benaderingsformules voor de transformatie tussen RD- en
    WGS84-kaartcoördinaten", Geodesia 43 (2001), p. 64-69.
    """
    dx, dy = (x - _RD_ORIGIN[0]) * 1e-5, (y - _RD_ORIGIN[1]) * 1e-5
    north = sum(factor * dx**p * dy**q for p, q, factor in _RD_LATITUDE)
    east = sum(factor * dx**p * dy**q for p, q, factor in _RD_LONGITUDE)
    return Point(_RD_ORIGIN_DEGREES.latitude + north / 3600, _RD_ORIGIN_DEGREES.longitude + east / 3600)
