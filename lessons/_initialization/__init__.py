"""What stands behind the lesson on what a start decides: what it computes, and what it says about that."""
