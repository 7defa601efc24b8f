"""After an activity: check-outs that were forgotten, time that is supplemented (补录), and what is late."""
