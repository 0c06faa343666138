### Die Seiten der Administration.

# Wie sich diese Sprache selbst nennt. Jede weitere Sprache braucht diesen Satz.
language-name = Deutsch

## Auf jeder Seite.
backend-nav = Support-Verwaltung
backend-nav-supporters = Supporter
backend-nav-settings = Einstellungen
backend-nav-categories = Kategorien
backend-nav-tickets = Tickets löschen
backend-nav-mail = E-Mail
backend-support-off = Der Support ist zurzeit nicht aktiv, weil kein Supporter anwesend ist. Kunden können weder Tickets eröffnen noch antworten. Lesen und Bewerten bleiben möglich.
backend-support-off-link = Einen Supporter als anwesend eintragen
backend-unknown-user = Unbekannter Benutzer ({ $id })
backend-save = Speichern
backend-edit = Bearbeiten
backend-category-removed = (entfernt)

## Meldungen.
notice-settings-saved = Die Einstellungen wurden gespeichert.
notice-supporter-added = Der Supporter wurde angelegt.
notice-supporter-saved = Der Supporter wurde gespeichert.
notice-supporter-removed = Der Supporter wurde entfernt. Seine Antworten und deren Bewertungen bleiben erhalten. Sie können ihn jederzeit wieder anlegen.
notice-category-added = Die Kategorie wurde angelegt.
notice-category-saved = Die Kategorie wurde gespeichert.
notice-category-removed = Die Kategorie wurde entfernt. Tickets, die sie haben, behalten sie.
notice-ticket-deleted = Das Ticket wurde endgültig gelöscht.
notice-letter-retried = Die E-Mail wird erneut gesendet.

## Einstellungen.
backend-settings-title = Einstellungen
backend-settings-group = Gruppe der Supporter
backend-settings-group-hint = Nur Mitglieder dieser Gruppe können Supporter sein. Wer der Gruppe nicht mehr angehört, verliert seine Rechte als Supporter sofort.
backend-settings-no-group = Keine Gruppe
backend-settings-unknown-group = Unbekannte Gruppe ({ $id })
backend-settings-ratings-legend = Bewertungen
backend-settings-ratings = Kunden können Antworten der Supporter bewerten
backend-settings-ratings-hint = Bereits abgegebene Bewertungen bleiben erhalten, wenn Sie dies ausschalten. Sie werden dann nur nicht angezeigt.
backend-settings-images-legend = Hochgeladene Bilder
backend-settings-image-limit = Höchstgröße eines Bildes
backend-settings-image-limit-hint = Lassen Sie das Feld leer, um Bilder nicht eigens zu begrenzen. Für alle Dateien gilt in jedem Fall die Grenze von { $size }.
backend-settings-image-limit-unit = Einheit
backend-settings-open-legend = Tickets von Supportern
backend-settings-supporters-open = Auch Supporter können Tickets eröffnen

## Supporter.
backend-supporters-title = Supporter
backend-supporters-group = Supporter werden aus der Gruppe „{ $group }“ gewählt.
backend-supporters-new = Supporter anlegen
backend-supporters-name = Name
backend-supporters-presence = Anwesenheit
backend-supporters-categories = Kategorien
backend-supporters-all-categories = Keine Kategorie
backend-supporters-actions = Aktionen
backend-supporters-present = Anwesend
backend-supporters-absent = Abwesend
backend-supporters-set-present = Als anwesend eintragen
backend-supporters-set-absent = Als abwesend eintragen
backend-supporters-set-present-of = { $name }: Als anwesend eintragen
backend-supporters-set-absent-of = { $name }: Als abwesend eintragen
backend-supporters-edit-of = { $name } bearbeiten
backend-supporters-no-member = Nicht mehr in der Gruppe, daher ohne Wirkung
backend-supporters-empty = Es gibt noch keine Supporter. Legen Sie den ersten an, damit Kunden Tickets eröffnen können.
backend-supporters-no-group = Es ist keine Gruppe gewählt, aus der Supporter genommen werden. Wählen Sie zuerst eine Gruppe.
backend-supporters-to-settings = Gruppe in den Einstellungen wählen
backend-supporters-no-candidates = Jedes Mitglied der Gruppe „{ $group }“ ist bereits Supporter. Um weitere anzulegen, nehmen Sie zuerst jemanden in die Gruppe auf.
backend-supporters-group-empty = Die Gruppe „{ $group }“ hat keine Mitglieder. Nehmen Sie zuerst jemanden in die Gruppe auf, oder wählen Sie eine andere.

backend-supporter-new-title = Supporter anlegen
backend-supporter-edit-title = Supporter bearbeiten
backend-supporter-edit-heading = { $name } bearbeiten
backend-supporter-user = Person
backend-supporter-choose = Bitte wählen
backend-supporter-user-hint = Zur Wahl stehen die Mitglieder der Gruppe „{ $group }“, die noch nicht Supporter sind.
backend-supporter-presence = Anwesenheit
backend-supporter-present = Ist anwesend
backend-supporter-present-hint = Anwesende Supporter erhalten E-Mails über neue Tickets und Nachrichten. Solange mindestens ein Supporter anwesend ist, ist der Support aktiv.
backend-supporter-categories = Kategorien
backend-supporter-categories-hint = Zu Tickets dieser Kategorien erhält der Supporter E-Mails. Ist niemand mit der passenden Kategorie anwesend, erhalten alle anwesenden Supporter eine E-Mail.
backend-supporter-no-member = Diese Person gehört nicht mehr zur Gruppe der Supporter. Der Eintrag hat daher keine Wirkung.
backend-supporter-statistics = Statistik ansehen
backend-supporter-back = Zurück zu den Supportern
backend-supporter-remove-heading = Supporter entfernen
backend-supporter-remove-text = Der Eintrag wird entfernt, und die Person ist kein Supporter mehr. Ihre Antworten und deren Bewertungen bleiben erhalten.
backend-supporter-remove = Supporter entfernen
backend-supporter-remove-confirm = { $name } als Supporter entfernen?

## Bewertungen eines Supporters.
backend-statistics-title = Statistik
backend-statistics-off = Bewertungen sind ausgeschaltet. Deshalb werden hier keine angezeigt.
backend-statistics-off-link = Zu den Einstellungen
backend-statistics-no-answers = Dieser Supporter hat noch keine Antwort geschrieben.
backend-statistics-no-ratings = Noch kein Kunde hat eine Antwort dieses Supporters bewertet.
backend-statistics-heading = Bewertungen der Antworten
backend-statistics-answers = Antworten
backend-statistics-rated = Bewertete Antworten
backend-statistics-share = { $percent } % der Antworten
backend-statistics-mean = Durchschnitt
backend-statistics-mean-of =
    { $n ->
        [one] von 5 Sternen, aus einer Bewertung
       *[other] von 5 Sternen, aus { $n_text } Bewertungen
    }
backend-statistics-distribution = Verteilung
backend-statistics-chart = Balkendiagramm: Anzahl der Antworten je Sternezahl. Die Zahlen stehen in der Tabelle darunter.
backend-statistics-stars = Sterne
backend-statistics-count = Anzahl
backend-statistics-part = Anteil
backend-statistics-percent = { $percent } %
backend-statistics-latest = Bewertete Antworten
backend-statistics-latest-hint = Die zuletzt bewerteten zuerst, höchstens { $n_text }.
backend-statistics-answer = Antwort
backend-statistics-when = Bewertet
backend-statistics-all = Alle bewerteten Antworten

backend-months = Monat für Monat
backend-months-hint = Monate nach UTC: vorn die durchschnittliche Sternezahl, die darüber steht; blass daneben die Anzahl der Antworten, gemessen am Monat mit den meisten. Eine Bewertung zählt in dem Monat, in dem sie abgegeben oder zuletzt geändert wurde.
backend-months-chart = Säulendiagramm: durchschnittliche Sternezahl und Anzahl der Antworten je Monat. Die Zahlen stehen in der Tabelle darunter.
backend-months-month = Monat
backend-months-of = { $month }: Durchschnitt { $mean }, Bewertungen: { $rated }, Antworten: { $answers }

backend-waits = Zeit bis zur ersten Antwort
backend-waits-hint = Die Tickets, auf denen dieser Supporter die erste Antwort gab, von ihrer Eröffnung bis zu dieser Antwort, Nächte und Wochenenden mitgezählt.
backend-waits-none = Dieser Supporter hat noch kein Ticket als Erster beantwortet.
backend-waits-chart = Balkendiagramm: wie viele Kunden wie lange auf die erste Antwort warteten. Die Zahlen stehen in der Tabelle darunter.
backend-waits-wait = Wartezeit
backend-waits-median = Die Hälfte innerhalb von
backend-waits-of =
    { $n ->
        [one] aus einer ersten Antwort
       *[other] aus { $n_text } ersten Antworten
    }
backend-wait-hour = Bis 1 Stunde
backend-wait-four-hours = Bis 4 Stunden
backend-wait-day = Bis 1 Tag
backend-wait-three-days = Bis 3 Tage
backend-wait-longer = Länger
backend-span-minutes = { $amount } Min.
backend-span-hours = { $amount } Std.
backend-span-days = { $amount } Tage
backend-first-answers = Erste Antworten

backend-answers-back = Zurück zu den Zahlen
backend-answers-month = Bewertet im { $month }
backend-answers-wait = Wartezeit: { $wait }
backend-answers-given = Beantwortet
backend-answers-ticket = Ticket
backend-answers-message = Nachricht
backend-answers-seconds = Wartezeit (Sekunden)
backend-answers-empty = Solche Antworten gibt es nicht.
backend-answers-pager = Seiten der Antworten
backend-answers-first = Neueste Antworten
backend-answers-next = Ältere Antworten
backend-csv = Tabelle als CSV
backend-csv-of = { $table }: Tabelle als CSV

backend-stars =
    { $n ->
        [one] 1 Stern
       *[other] { $n_text } Sterne
    }

## Kategorien.
backend-categories-title = Kategorien
backend-categories-intro = Gibt es Kategorien, wählt der Kunde beim Eröffnen eines Tickets eine davon, und die passenden Supporter erhalten die E-Mail.
backend-categories-empty = Es gibt noch keine Kategorien. Alles andere funktioniert auch ohne sie. Legen Sie hier die erste an, wenn Sie Tickets einordnen möchten.
backend-categories-list = Vorhandene Kategorien
backend-categories-add-heading = Kategorie anlegen
backend-categories-add = Kategorie anlegen
backend-categories-name = Name ({ $language })
backend-categories-name-hint = Mindestens ein Name ist nötig. Wo er in einer Sprache fehlt, wird ein anderer angezeigt.
backend-categories-remove = Entfernen
backend-categories-remove-of = Kategorie „{ $name }“: Entfernen
backend-categories-save-of = Kategorie „{ $name }“: Speichern
backend-categories-remove-confirm = Kategorie „{ $name }“ entfernen?
backend-categories-remove-text = Für neue Tickets kann sie dann nicht mehr gewählt werden. Tickets, die sie haben, behalten sie.

## Tickets löschen.
backend-tickets-title = Tickets löschen
backend-tickets-intro = Hier werden Tickets endgültig gelöscht. Beantwortet und geschlossen werden sie im Support selbst.
backend-tickets-number = Nummer
backend-tickets-subject = Betreff
backend-tickets-customer = Kunde
backend-tickets-state = Zustand
backend-tickets-activity = Letzte Aktivität
backend-tickets-actions = Aktionen
backend-tickets-open = Offen
backend-tickets-closed = Geschlossen
backend-tickets-delete = Löschen
backend-tickets-delete-of = Ticket { $number } löschen
backend-tickets-empty-open = Es gibt keine offenen Tickets.
backend-tickets-empty-closed = Es gibt keine geschlossenen Tickets.
backend-tickets-empty-all = Es gibt keine Tickets.
backend-tickets-pager = Seiten
backend-tickets-first = Zur ersten Seite
backend-tickets-next = Weitere Tickets

backend-delete-title = Ticket löschen
backend-delete-heading = Ticket { $number } endgültig löschen?
backend-delete-opened = Eröffnet
backend-delete-warning = Das Löschen kann nicht rückgängig gemacht werden.
backend-delete-gone = Gelöscht werden:
backend-delete-messages =
    { $n ->
        [one] die einzige Nachricht des Tickets
       *[other] alle { $n_text } Nachrichten des Tickets
    }
backend-delete-attachments = alle Anhänge
backend-delete-ratings = alle Bewertungen, auch aus der Statistik der Supporter
backend-delete-history = der Verlauf des Tickets
backend-delete-letters = E-Mails dazu, die noch nicht gesendet sind
backend-delete-hint-open = Das Ticket ist noch offen. Soll es nur beendet werden, kann ein Supporter es stattdessen schließen.
backend-delete-button = Endgültig löschen

## E-Mail.
backend-mail-title = E-Mail
backend-mail-waiting = Wartend
backend-mail-sent = Gesendet
backend-mail-failed = Fehlgeschlagen
backend-mail-dropped = Nicht gesendet
backend-mail-counts-hint = Gesendete und nicht gesendete E-Mails werden 30 Tage lang gezählt.
backend-mail-empty = Alles gesendet: Keine E-Mail wartet, und keine ist fehlgeschlagen.
backend-mail-list = Noch nicht gesendete E-Mails
backend-mail-more = Angezeigt werden höchstens { $n_text } E-Mails, fehlgeschlagene zuerst.
backend-mail-state = Zustand
backend-mail-about = Anlass
backend-mail-ticket = Ticket { $number }
backend-mail-recipient = Empfänger
backend-mail-created = Entstanden
backend-mail-attempts = Versuche
backend-mail-problem = Was geschehen ist
backend-mail-actions = Aktionen
backend-mail-state-failed = Fehlgeschlagen
backend-mail-state-waiting = Wartet
backend-mail-state-sending = Wird gesendet
backend-mail-state-dropped = Nicht gesendet
backend-mail-about-ticket-opened = Neues Ticket
backend-mail-about-customer-replied = Nachricht des Kunden
backend-mail-about-supporter-answered = Antwort eines Supporters
backend-mail-reason-no-access = Der Empfänger darf das Ticket nicht mehr sehen.
backend-mail-reason-unknown-user = Den Empfänger gibt es nicht mehr.
backend-mail-reason-no-address = Der Empfänger hat keine gültige E-Mail-Adresse.
backend-mail-reason-own-address = Die Adresse des Empfängers ist die Absenderadresse des Supports.
backend-mail-first-try = Noch kein Versuch
backend-mail-next-try = Nächster Versuch: { $when }
backend-mail-retry = Erneut senden
backend-mail-retry-of = E-Mail zu Ticket { $number } an { $name }: Erneut senden
