"""What one would write in an afternoon: the same filters, charts and table, nothing tuned.

pandas for the filters and summaries, Plotly Express with Streamlit's theme for three charts; no
intervals, no tests, no counts in the panel, no downloads. `benchmarks.latency` times it beside
the explorer.
"""

from pathlib import Path

import pandas as pd
import plotly.express as px
import streamlit as st

st.set_page_config(layout="wide")
st.title("Infarct volume")
patients = pd.read_parquet(Path(__file__).parent.parent / "data" / "synthetic" / "cohort.parquet")
with st.sidebar:
    for name in ("arm", "occlusion_site", "recanalization"):
        chosen = st.pills(name, sorted(patients[name].unique()), selection_mode="multi")
        if chosen:
            patients = patients[patients[name].isin(chosen)]
st.markdown(f"{len(patients)} of 315 patients")
st.plotly_chart(px.box(patients, x="arm", y="infarct_volume_ml", points="all", color="arm"))
groups = patients.groupby(["arm", "occlusion_site", "recanalization"])["infarct_volume_ml"]
summary = groups.describe().reset_index()
st.plotly_chart(px.scatter(summary, x="50%", y="occlusion_site", color="arm"))
st.plotly_chart(px.violin(patients, x="recanalization", y="infarct_volume_ml", color="arm"))
st.dataframe(summary)
