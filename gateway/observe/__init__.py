"""What the daemon says about itself: logs without personal data, and words to the service manager."""
