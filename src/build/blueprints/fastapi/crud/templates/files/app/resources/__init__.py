"""What the resources have in common."""
