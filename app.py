"""Start the explorer: `streamlit run app.py`."""

from pathlib import Path

import streamlit as st

from ui.server import HEADERS, warm_up
from ui.static_files import STATIC_FILES

app = st.App(
    Path(__file__).parent / "ui" / "main.py",
    lifespan=warm_up,
    middleware=[HEADERS, STATIC_FILES],
)
