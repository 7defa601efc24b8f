"""Community stars (社区星级): a community's own rating from published figures of its services, without any ranking."""
