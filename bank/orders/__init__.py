"""Orders (点单): residents ask, the community dispatches, members answer; wishes, services, projects, matters for the office."""
