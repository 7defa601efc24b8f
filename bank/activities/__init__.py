"""Activities from plan to service records: publish, check in, check out, confirm."""
