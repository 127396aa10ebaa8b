"""How it is shown: the frame, the filter panel, the cards; shared code that may use Streamlit."""
