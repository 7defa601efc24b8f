"""Stars: honours by lifetime minutes, and micro-hours by duration and effectiveness."""
