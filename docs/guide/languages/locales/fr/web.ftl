### Le début du français : la vue d'ensemble, les durées et les tailles. Le reste se lit dans la langue par défaut.

nav-tickets = Tickets
overview-title = Tickets
overview-heading-customer = Vos tickets
overview-heading-supporter = Tickets
new-ticket = Nouveau ticket
tab-open = Ouverts
tab-closed = Fermés
tab-all = Tous
row-activity = Dernière activité :
messages-count = { $n ->
    [one] { $n_text } message
   *[other] { $n_text } messages
}

time-now = à l'instant
time-minutes = { $n ->
    [one] il y a { $n } minute
   *[other] il y a { $n } minutes
}
time-hours = { $n ->
    [one] il y a { $n } heure
   *[other] il y a { $n } heures
}
time-days = { $n ->
    [one] hier
   *[other] il y a { $n } jours
}

unit-bytes = { $n ->
    [one] octet
   *[other] octets
}
unit-kb = Ko
unit-mb = Mo
unit-gb = Go
