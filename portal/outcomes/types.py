"""Enumerations of the measurements; values are those of the data package."""

from __future__ import annotations

from enum import StrEnum


class Indicator(StrEnum):
    """What is measured: the national set of VNG and NJi."""

    DROPOUT = "dropout"
    SATISFACTION = "satisfaction"
    WITHOUT_HELP = "without_help"
    NO_NEW_START = "no_new_start"
    PROBLEMS_REDUCED = "problems_reduced"
    GOALS_REACHED = "goals_reached"


class MeasuredFramework(StrEnum):
    """Voluntary and mandatory help are never measured together."""

    VOLUNTARY = "voluntary"
    MANDATORY = "mandatory"


class Informant(StrEnum):
    """Who said so."""

    CLIENT = "client"
    PARENT = "parent"
    PROFESSIONAL = "professional"
    REGISTRATION = "registration"
