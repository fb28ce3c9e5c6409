"""The yardstick: Flask answering "hello"."""

from flask import Flask


def create_app() -> Flask:
    """An application with one page that does nothing."""
    app = Flask(__name__)

    @app.get("/")
    def hello() -> str:
        return "hello"

    return app
