"""Probes for whatever runs the service."""
