"""Between confirming and posting: the publicity period (公示), and objections to what was put down as one's own hours."""
