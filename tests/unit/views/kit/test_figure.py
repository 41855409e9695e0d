"""Still pictures take any text as text."""

from __future__ import annotations

import base64
import io

import pandas
import pytest
from PIL import Image

from helpers.views.kit.bars import Bars
from helpers.views.kit.line_chart import LineChart

NO_FORMULA = r"cost $\nothing{$"
CHARTS = (
    Bars({NO_FORMULA: 1.0, "other": 2.0}, NO_FORMULA, lambda value: f"{value} {NO_FORMULA}"),
    LineChart(pandas.DataFrame({NO_FORMULA: [1.0, 2.0], "other": [2.0, 1.0]}), NO_FORMULA),
)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: type(chart).__name__)
def test_a_dollar_in_a_name_begins_no_formula(chart: Bars | LineChart) -> None:
    data, about = chart._repr_mimebundle_()
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert picture.mode == "RGBA"
    assert picture.getchannel("A").getextrema() == (0, 255)
    assert NO_FORMULA in data["text/plain"]
    assert NO_FORMULA in about["image/png"]["alt"]
