"""What stands behind the lesson on clipping: what it computes, and what it says about that."""
