"""Micro-hours (微小时): small services between a tap to start and a tap to stop, confirmed by who was helped."""
