"""The organisation's tree: bank, street, community, grid, building, with home units and teams beside it."""
