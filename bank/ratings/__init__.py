"""Micro-hour stars of in-service members, by duration and effectiveness, under rules that have versions."""
