"""Distances, coarse on purpose: between the reference points of municipalities."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from portal.catalogue.codelists import Municipality

EARTH_RADIUS_KM = 6371.0


def distance_km(a: Municipality, b: Municipality) -> float:
    """Great-circle distance in kilometres between two municipalities' reference points (haversine)."""
    phi_a, phi_b = radians(a.latitude), radians(b.latitude)
    half_phi = (phi_b - phi_a) / 2
    half_lambda = radians(b.longitude - a.longitude) / 2
    chord = sin(half_phi) ** 2 + cos(phi_a) * cos(phi_b) * sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(chord))
