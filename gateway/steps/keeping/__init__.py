"""How long data is kept, what goes at its time or at a request, and the proof that it went."""
