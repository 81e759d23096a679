"""Items become declarations, alone or in groups; what is asked of customs about them becomes requests."""
