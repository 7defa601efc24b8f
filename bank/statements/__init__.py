"""What the books say at the end of a month: statements, and boards of points earned."""
