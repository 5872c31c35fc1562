"""What stands behind the lesson on gradients that vanish or explode: what it computes, and what it says about that."""
