"""What stands behind the lesson on back-propagation through time: what it computes, and what it says about that."""
