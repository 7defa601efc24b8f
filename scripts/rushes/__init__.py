"""Many people at once against the real server, which is killed in the middle; the books then say what was lost or doubled."""
