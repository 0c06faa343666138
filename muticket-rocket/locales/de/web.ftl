overview-title = Tickets
time-now = now
time-minutes = { $n } min
time-hours = { $n } h
time-days = { $n } d
