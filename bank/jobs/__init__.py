"""What runs by the clock: `table` lists the jobs, the table `job_run` decides what is still to be done, once per period."""
