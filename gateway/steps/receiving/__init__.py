"""Files at partners become files of ours, each once in effect."""
