"""The API as a stranger calls it: right, odd and wrong questions, made from its own description."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from portal.core import clock
from tests.conftest import TODAY

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
"""Not `positive_data_acceptance`: no schema can tell which names are municipalities, or what no browser sends."""

SHORT, LONG = 10, 420
"""Cases an address and mode: enough to see a break in `make test`, and some 10,000 in all in `make test-long`."""


def ask_everything(app: Flask, mode: GenerationMode, cases: int) -> None:
    """Ask each address that the API describes so many questions, and check each answer against the description."""
    with clock.frozen(TODAY):
        api = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
        asked = 0
        for found in api.get_all_operations():
            operation = found.ok()

            @settings(
                max_examples=cases, deadline=None, derandomize=True, database=None,
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Any) -> None:
                case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

            ask()
            asked += 1
    assert asked > 10


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_any_question_gets_a_described_answer(region_app: Flask, mode: GenerationMode) -> None:
    ask_everything(region_app, mode, SHORT)


@pytest.mark.long
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_ten_thousand_questions_get_a_described_answer(region_app: Flask, mode: GenerationMode) -> None:
    ask_everything(region_app, mode, LONG)
