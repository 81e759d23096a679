"""What is set right at a start, and after a backup was put back."""
