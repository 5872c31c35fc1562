"""A Plotly figure on a page that stays where the reader has turned it to, while its data change.

Streamlit takes a figure with other data for another element, whose picture starts anew; `uirevision` in the figure's
layout, which keeps the camera, is then of no use. So the element is given here with an identity that is its key alone.
"""

from typing import Any


def show(place: Any, figure: Any, *, key: str) -> None:
    """Show a Plotly `figure` in a container, under a key of its own on the page; its layout says a `uirevision`."""
    try:
        from streamlit.elements.lib.layout_utils import LayoutConfig
        from streamlit.proto.PlotlyChart_pb2 import PlotlyChart

        chart = PlotlyChart(spec=figure.to_json(), config="{}", id=f"$$ID-plotly_chart-{key}")
        place._enqueue("plotly_chart", chart, layout_config=LayoutConfig(width="stretch", height="content"))
    except (ImportError, AttributeError, TypeError):  # a Streamlit with other insides: the picture, without its camera
        place.plotly_chart(figure, theme=None, key=key)
