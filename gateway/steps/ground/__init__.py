"""What every step stands on: the states and the walk along them, what it has at hand, what it writes down."""
