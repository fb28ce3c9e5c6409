"""The portal through which Dutch families choose their youth care."""

from portal.app import create_app

__all__ = ["create_app"]
