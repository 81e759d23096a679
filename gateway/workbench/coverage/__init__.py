"""What tables carry of the model, of real files, and of what a target requires."""
