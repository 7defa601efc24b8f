"""The demo town: a made-up city with 14 months of history, loaded through the same actions as a real import.

`command` is the face; `town` founds units and people, `year` lets the months pass, `today` sets up what can be tried at
once; `names`, `places`, `services` and `catalogue` are data. Nobody in it lives anywhere, and its PINs are public.
"""
