"""The look of every page: Streamlit's margins, made narrower. What charts, texts and stories look like is theirs.

What says that a script runs would flicker with each move, and all the time while a network learns; so would a story
that fades while it waits for the next slice of training.
"""

STYLE = """<style>
.stMainBlockContainer { max-width: 1296px; padding: 3.9rem 2rem 6rem; }
.stMainBlockContainer .stVerticalBlock { gap: .8rem; }
.stMainBlockContainer h1 { padding: 0; }
[data-testid="stStatusWidget"] { display: none; }
.stMainBlockContainer .st-key-head { align-items: baseline; }
.stMainBlockContainer:has(.st-key-story) { max-width: none; padding: 3.75rem 0 0; }
.stMainBlockContainer:has(.st-key-story) [data-stale="true"] { opacity: 1; transition: none; }
@media (max-width: 640px) { .stMainBlockContainer { padding: 3.6rem 1rem 4rem; } }
</style>"""
