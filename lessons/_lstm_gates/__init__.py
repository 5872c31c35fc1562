"""What stands behind the lesson on an LSTM's gates: what it computes, and what it says about that."""
