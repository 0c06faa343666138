### Die Texte der Verwaltung.

# Der Name dieser Sprache in ihr selbst. Jede Sprache braucht diesen Text.
language-name = Deutsch

## Auf jeder Seite.
backend-nav = Support-Verwaltung
backend-nav-supporters = Supporter
backend-nav-statistics = Statistik
backend-nav-settings = Einstellungen
backend-nav-categories = Kategorien
backend-nav-labels = Labels
backend-nav-saved-answers = Textbausteine
backend-nav-tickets = Tickets löschen
backend-nav-mail = E-Mail
backend-support-off = Der Support ist nicht besetzt, weil kein Supporter anwesend ist. Kunden können keine Tickets erstellen und nicht antworten. Lesen und bewerten können sie weiterhin.
backend-support-off-link = Supporter anwesend melden
backend-held = { $n ->
    [one] Die Datenbank scheint aus einer Sicherung zu stammen. Eine E-Mail darin wird zurückgehalten, denn sie wurde vielleicht schon gesendet.
   *[other] Die Datenbank scheint aus einer Sicherung zu stammen. { $n_text } E-Mails darin werden zurückgehalten, denn sie wurden vielleicht schon gesendet.
}
backend-held-release = Jetzt senden
backend-held-discard = Verwerfen
backend-unknown-user = Unbekannter Benutzer ({ $id })
backend-save = Speichern
backend-edit = Bearbeiten
backend-category-removed = (entfernt)

## Meldungen.
notice-settings-saved = Einstellungen gespeichert.
notice-supporter-added = Supporter angelegt.
notice-supporter-saved = Supporter gespeichert.
notice-supporter-removed = Supporter entfernt. Die Antworten und Bewertungen bleiben erhalten.
notice-category-added = Kategorie angelegt.
notice-category-saved = Kategorie gespeichert.
notice-category-removed = Kategorie entfernt. Bestehende Tickets behalten sie.
notice-categories-sorted = Die Kategorien sind nach Namen sortiert.
notice-label-added = Das Label ist hinzugefügt.
notice-label-saved = Das Label ist gespeichert.
notice-label-removed = Das Label ist aus der Liste und von allen Tickets entfernt.
notice-ticket-deleted = Ticket endgültig gelöscht.
notice-letter-retried = Die E-Mail wird noch einmal gesendet.
notice-letters-released = Die E-Mails werden gesendet.
notice-letters-discarded = Die E-Mails wurden verworfen.
notice-letters-resumed = An diese Adresse werden wieder E-Mails gesendet.

## Einstellungen.
backend-settings-title = Einstellungen
backend-settings-group = Gruppe der Supporter
backend-settings-group-hint = Nur Mitglieder dieser Gruppe können Supporter sein. Wer die Gruppe verlässt, verliert sofort den Zugriff.
backend-settings-no-group = Keine Gruppe
backend-settings-unknown-group = Unbekannte Gruppe ({ $id })
backend-settings-ratings-legend = Bewertungen
backend-settings-ratings = Kunden können Antworten bewerten
backend-settings-ratings-hint = Beim Ausschalten bleiben Bewertungen erhalten. Sie werden nur ausgeblendet.
backend-settings-images-legend = Bilder
backend-settings-image-limit = Maximale Bildgröße
backend-settings-image-limit-hint = Leer: keine eigene Grenze. Jede Datei darf höchstens { $size } groß sein.
backend-settings-image-limit-unit = Einheit
backend-settings-open-legend = Tickets von Supportern
backend-settings-supporters-open = Supporter können selbst Tickets erstellen
backend-settings-customers-prioritize = Kunden können beim Erstellen eines Tickets eine Priorität wählen
backend-settings-customers-prioritize-hint = Supporter können sie ändern. Kunden sehen die Priorität ihrer Tickets danach nicht.
backend-settings-assignee-legend = Zuständigkeit
backend-settings-answering-assigns = Wer ein nicht zugewiesenes Ticket beantwortet, bekommt es zugewiesen
backend-settings-assignee-first = Antworten von Kunden nur an den zugewiesenen Supporter senden, solange dieser anwesend ist
backend-settings-letters-legend = E-Mails an Kunden
backend-settings-receipts = Kunden eine Eingangsbestätigung senden, wenn sie ein Ticket erstellen
backend-settings-closing-letters = Kunden eine E-Mail senden, wenn ihr Ticket geschlossen wird
backend-settings-closing-letters-hint = Die E-Mail wird nach einer Minute gesendet, und gar nicht, wenn das Ticket bis dahin wieder offen ist. Schließt eine Antwort das Ticket, sagt das die E-Mail mit der Antwort.
backend-settings-remove-location = Aufnahmeort aus Fotos entfernen
backend-settings-remove-location-hint = Für hochgeladene Dateien in JPEG, PNG und WebP, nicht in HEIC und AVIF. Das Bild selbst bleibt unverändert.

## Supporter.
backend-supporters-title = Supporter
backend-supporters-group = Nur Mitglieder der Gruppe „{ $group }“ können Supporter sein.
backend-supporters-new = Supporter anlegen
backend-supporters-name = Name
backend-supporters-presence = Anwesenheit
backend-supporters-categories = Kategorien
backend-supporters-all-categories = Keine Kategorie. Erhält E-Mails nur, wenn sonst niemand zuständig ist.
backend-supporters-actions = Aktionen
backend-supporters-present = Anwesend
backend-supporters-absent = Abwesend
backend-supporters-set-present = Anwesend melden
backend-supporters-set-absent = Abwesend melden
backend-supporters-set-present-of = { $name }: Anwesend melden
backend-supporters-set-absent-of = { $name }: Abwesend melden
backend-supporters-edit-of = { $name } bearbeiten
backend-supporters-no-member = Nicht mehr in der Gruppe: hat keinen Zugriff
backend-supporters-empty = Es gibt noch keine Supporter. Legen Sie jemanden an, damit Kunden Tickets erstellen können.
backend-supporters-no-group = Wählen Sie zuerst, welche Benutzergruppe Tickets beantworten darf.
backend-supporters-to-settings = Gruppe wählen
backend-supporters-no-candidates = Alle Mitglieder der Gruppe „{ $group }“ sind bereits Supporter.
backend-supporters-group-empty = Die Gruppe „{ $group }“ hat keine Mitglieder. Nehmen Sie jemanden auf oder wählen Sie eine andere Gruppe.

backend-supporter-new-title = Supporter anlegen
backend-supporter-edit-title = Supporter bearbeiten
backend-supporter-edit-heading = { $name } bearbeiten
backend-supporter-user = Person
backend-supporter-choose = Bitte wählen
backend-supporter-user-hint = Mitglieder der Gruppe „{ $group }“, die noch nicht Supporter sind.
backend-supporter-presence = Anwesenheit
backend-supporter-present = Ist anwesend
backend-supporter-present-hint = Anwesende Supporter erhalten E-Mails zu neuen Tickets und Nachrichten. Kunden können schreiben, solange mindestens ein Supporter anwesend ist.
backend-supporter-categories = Kategorien
backend-supporter-categories-hint = Der Supporter erhält E-Mails zu Tickets dieser Kategorien. Ist niemand mit der passenden Kategorie anwesend, erhalten alle anwesenden Supporter die E-Mail.
backend-supporter-no-member = Diese Person ist nicht mehr in der Gruppe der Supporter und hat keinen Zugriff.
backend-supporter-statistics = Statistik ansehen
backend-supporter-back = Zurück zu den Supportern
backend-supporter-remove-heading = Supporter entfernen
backend-supporter-remove-text = Diese Person kann dann keine Tickets mehr beantworten. Ihre Antworten und Bewertungen bleiben erhalten.
backend-supporter-remove = Supporter entfernen
backend-supporter-remove-confirm = { $name } als Supporter entfernen?

## Bewertungen eines Supporters.
backend-statistics-title = Statistik
backend-statistics-off = Bewertungen sind ausgeschaltet.
backend-statistics-off-link = Zu den Einstellungen
backend-statistics-no-answers = Noch keine Antworten.
backend-statistics-no-ratings = Noch keine Bewertungen.
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
backend-statistics-latest-hint = Die { $n_text } neuesten Bewertungen
backend-statistics-answer = Antwort
backend-statistics-when = Bewertet
backend-statistics-all = Alle bewerteten Antworten

backend-months = Monat für Monat
backend-months-hint = Kräftige Farbe: Sterne im Durchschnitt. Blasse Farbe: Zahl der Antworten. Eine Bewertung zählt in dem Monat, in dem sie zuletzt geändert wurde.
backend-months-chart = Säulendiagramm: durchschnittliche Sternezahl und Anzahl der Antworten je Monat. Die Zahlen stehen in der Tabelle darunter.
backend-months-month = Monat
backend-months-of = { $month }: Durchschnitt { $mean }, Bewertungen: { $rated }, Antworten: { $answers }

backend-waits = Zeit bis zur ersten Antwort
backend-waits-hint = Tickets, die diese Person zuerst beantwortet hat. Nächte und Wochenenden zählen mit.
backend-waits-none = Diese Person hat noch kein Ticket zuerst beantwortet.
backend-waits-chart = Balkendiagramm: wie viele Kunden wie lange auf die erste Antwort warteten. Die Zahlen stehen in der Tabelle darunter.
backend-waits-wait = Wartezeit
backend-waits-median = Median
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

backend-answers-back = Zurück zur Statistik
backend-answers-month = Bewertet im { $month }
backend-answers-wait = Wartezeit: { $wait }
backend-answers-given = Beantwortet
backend-answers-ticket = Ticket
backend-answers-message = Nachricht
backend-answers-seconds = Wartezeit (Sekunden)
backend-answers-unreadable = Unlesbarer Filter
backend-answers-empty = Keine Antworten in dieser Auswahl
backend-answers-pager = Seiten der Antworten
backend-answers-first = Neueste Antworten
backend-answers-next = Ältere Antworten
backend-csv = Als CSV herunterladen
backend-csv-of = { $table }: Als CSV herunterladen

backend-stars =
    { $n ->
        [one] 1 Stern
       *[other] { $n_text } Sterne
    }

## Offene Tickets.
backend-open-hint = Offene Tickets. Ihre eigenen Tickets sind nicht mitgezählt.
backend-open-assignee = Offene Tickets nach Zuweisung
backend-open-label = Offene Tickets nach Label
backend-open-priority = Offene Tickets nach Priorität
backend-open-former = Tickets von Personen, die keine Supporter mehr sind, zählen zu „Niemand“.

## Kategorien.
backend-saved-title = Gemeinsame Textbausteine
backend-saved-intro = Alle Supporter können diese in ihre Antworten einfügen. Was ein Supporter für sich selbst gespeichert hat, steht nicht hier.
backend-saved-empty = Es gibt noch keine gemeinsamen Textbausteine.
backend-categories-title = Kategorien
backend-categories-intro = Kunden wählen beim Erstellen eines Tickets eine Kategorie. Benachrichtigt werden die zuständigen Supporter.
backend-categories-empty = Es gibt noch keine Kategorien. Sie sind nicht nötig, helfen aber beim Sortieren der Tickets.
backend-categories-list = Vorhandene Kategorien
backend-categories-add-heading = Kategorie anlegen
backend-categories-add = Kategorie anlegen
backend-categories-name = Name ({ $language })
backend-categories-name-hint = Ein Name genügt. Er gilt dann für alle Sprachen.
backend-categories-order-hint = Die Liste ist nach Namen sortiert. Mit „Nach oben“ und „Nach unten“ ändern Sie die Reihenfolge für alle.
backend-categories-arranged-hint = Sie haben die Reihenfolge festgelegt. Neue Kategorien kommen ans Ende.
backend-categories-sort = Nach Namen sortieren
backend-categories-up = Nach oben
backend-categories-up-of = Kategorie „{ $name }“: Nach oben
backend-categories-down = Nach unten
backend-categories-down-of = Kategorie „{ $name }“: Nach unten
backend-categories-remove = Entfernen
backend-categories-remove-of = Kategorie „{ $name }“: Entfernen
backend-categories-save-of = Kategorie „{ $name }“: Speichern
backend-categories-remove-confirm = Kategorie „{ $name }“ entfernen?
backend-categories-remove-text = Sie kann für neue Tickets nicht mehr gewählt werden. Bestehende Tickets behalten sie.

## Labels
backend-labels-title = Labels
backend-labels-intro = Supporter versehen Tickets mit Labels, um sie wiederzufinden. Kunden sehen Labels nie.
backend-labels-empty = Es gibt noch keine Labels.
backend-labels-list = Vorhandene Labels
backend-labels-add = Label hinzufügen
backend-labels-name = Name
backend-labels-colour = Farbe
backend-labels-on =
    { $n ->
        [0] Auf keinem Ticket
        [one] Auf einem Ticket
       *[other] Auf { $n_text } Tickets
    }
backend-labels-on-many = Auf mehr als { $n_text } Tickets
backend-labels-save-of = Label „{ $name }“: Speichern
backend-labels-remove = Label entfernen
backend-labels-remove-of = Label „{ $name }“: Entfernen
backend-labels-remove-heading = Label „{ $name }“ entfernen?
backend-labels-gone =
    { $n ->
        [0] Kein Ticket hat es.
        [one] Ein Ticket hat es. Das Label wird von diesem Ticket entfernt.
       *[other] { $n_text } Tickets haben es. Das Label wird von allen entfernt.
    }
backend-labels-gone-many = Mehr als { $n_text } Tickets haben es. Das Label wird von allen entfernt.
backend-colour-grey = Grau
backend-colour-red = Rot
backend-colour-orange = Orange
backend-colour-yellow = Gelb
backend-colour-green = Grün
backend-colour-blue = Blau
backend-colour-violet = Violett
backend-colour-pink = Rosa

## Tickets löschen.
backend-tickets-title = Tickets löschen
backend-tickets-intro = Hier löschen Sie Tickets endgültig. Supporter beantworten und schließen sie unter „Tickets“.
backend-tickets-number = Nummer
backend-tickets-subject = Betreff
backend-tickets-customer = Kunde
backend-tickets-state = Status
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
backend-tickets-first = Erste Seite
backend-tickets-next = Nächste Seite

backend-delete-title = Ticket löschen
backend-delete-heading = Ticket { $number } endgültig löschen?
backend-delete-opened = Erstellt
backend-delete-warning = Das kann nicht rückgängig gemacht werden.
backend-delete-gone = Gelöscht werden:
backend-delete-messages =
    { $n ->
        [one] die einzige Nachricht des Tickets
       *[other] alle { $n_text } Nachrichten des Tickets
    }
backend-delete-attachments = alle Anhänge
backend-delete-notes = alle Notizen der Supporter mit ihren Dateien
backend-delete-ratings = alle Bewertungen, auch aus der Statistik der Supporter
backend-delete-history = der Verlauf des Tickets
backend-delete-letters = noch nicht gesendete E-Mails dazu
backend-delete-incoming = alle E-Mails, die dazu angekommen sind, auch Antworten, die noch warten
backend-delete-hint-open = Das Ticket ist noch offen. Ein Supporter kann es stattdessen schließen.
backend-delete-button = Endgültig löschen

## E-Mail.
backend-mail-title = E-Mail
backend-mail-waiting = Wartend
backend-mail-sent = Gesendet
backend-mail-failed = Fehlgeschlagen
backend-mail-dropped = Nicht gesendet
backend-mail-counts-hint = „Gesendet“ und „Nicht gesendet“: Zahlen der letzten 30 Tage.
backend-mail-empty = Alle E-Mails wurden gesendet.
backend-mail-list = Nicht zugestellte E-Mails
backend-mail-more = Höchstens { $n_text } E-Mails, fehlgeschlagene zuerst.
backend-mail-state = Status
backend-mail-about = Betrifft
backend-mail-ticket = Ticket { $number }
backend-mail-recipient = Empfänger
backend-mail-created = Erstellt
backend-mail-attempts = Versuche
backend-mail-problem = Fehler
backend-mail-actions = Aktionen
backend-mail-state-failed = Fehlgeschlagen
backend-mail-state-waiting = Wartet
backend-mail-state-sending = Wird gesendet
backend-mail-state-dropped = Nicht gesendet
backend-mail-about-ticket-opened = Neues Ticket
backend-mail-about-customer-replied = Antwort eines Kunden
backend-mail-about-ticket-assigned = Zugewiesenes Ticket
backend-mail-about-category-changed = Geänderte Kategorie
backend-mail-about-mentioned = Erwähnung in einer Notiz
backend-mail-about-supporter-answered = Antwort eines Supporters
backend-mail-about-letter-waits = E-Mail, die auf den Support wartet
backend-mail-about-letter-refused = E-Mail, die nicht angenommen wurde
backend-mail-about-answer-on-page = E-Mail eines Supporters: Antwort auf der Seite
backend-mail-about-letter-not-confirmed = Zurückgehaltene E-Mail: Absender nicht bestätigt
backend-mail-about-ticket-received = Eingangsbestätigung
backend-mail-about-ticket-closed = Geschlossenes Ticket
backend-mail-reason-no-access = Diese Person hat keinen Zugriff mehr auf das Ticket.
backend-mail-reason-unknown-user = Dieses Konto gibt es nicht mehr.
backend-mail-reason-no-address = Dieses Konto hat keine gültige E-Mail-Adresse.
backend-mail-reason-own-address = Die Adresse ist die Absenderadresse des Supports.
backend-mail-trouble-unreachable = Der Mailserver ist nicht erreichbar.
backend-mail-trouble-no-answer = Der Mailserver hat nicht geantwortet.
backend-mail-trouble-insecure = Es kam keine sichere Verbindung zum Mailserver zustande.
backend-mail-trouble-login = Der Mailserver hat Benutzername oder Passwort abgelehnt.
backend-mail-trouble-sender = Der Mailserver nimmt die Absenderadresse nicht an.
backend-mail-trouble-address = Der Mailserver nimmt für diese Adresse keine E-Mails an.
backend-mail-trouble-full = Das Postfach des Empfängers ist voll.
backend-mail-trouble-size = Die E-Mail ist zu groß für den Mailserver.
backend-mail-trouble-blocked = Der Mailserver hat die E-Mail abgelehnt, zum Beispiel als Spam.
backend-mail-trouble-later = Der Mailserver nimmt die E-Mail im Moment nicht an.
backend-mail-trouble-refused = Der Mailserver hat die E-Mail abgelehnt.
backend-mail-trouble-unwritten = Die E-Mail konnte nicht erstellt werden.
backend-mail-trouble-other = Die E-Mail konnte nicht gesendet werden.
backend-mail-may-have-arrived = Vielleicht ist sie trotzdem angekommen.
backend-mail-words = Meldung: „{ $words }“
backend-mail-first-try = Noch kein Versuch
backend-mail-next-try = Nächster Versuch: { $when }
backend-mail-retry = Noch einmal senden
backend-mail-retry-of = E-Mail zu Ticket { $number } an { $name }: Noch einmal senden
backend-mail-retry-to = E-Mail an { $name }: Noch einmal senden
backend-mail-held = Zurückgehalten
backend-mail-state-held = Zurückgehalten
backend-mail-reason-discarded = Die E-Mail wurde zurückgehalten, und ein Administrator hat sie verworfen.
backend-mail-reason-outdated = Was in der E-Mail steht, gilt nicht mehr.
backend-mail-reason-undeliverable = E-Mails an diese Adresse kamen mehrmals zurück.

## Die Uhr der Website
backend-settings-clock = Zeitzone der Website
backend-settings-clock-server = Zeitzone des Servers ({ $zone })
backend-settings-clock-hint = Die Statistik zählt Tage und Monate in dieser Zeitzone.
backend-clock = Tage und Monate in der Zeitzone { $zone }.
backend-delete-damaged = Dieses Ticket kann nicht gelesen werden, weil seine Daten beschädigt sind. Das Protokoll sagt, welche. Beim Löschen geht auch verloren, was davon noch lesbar ist.
backend-damaged = Einige Daten sind beschädigt und fehlen hier. Der Fehler wurde protokolliert.

## E-Mails, die angekommen sind.
backend-mail-in-title = Empfangene E-Mails
backend-mail-directions = Seiten zu E-Mails
backend-mail-direction-sent = Gesendet
backend-mail-direction-received = Empfangen
backend-mail-direction-senders = Adressen
backend-mail-groups = Was daraus geworden ist
backend-mail-group-held = Zurückgehalten
backend-mail-group-parked = Fehlgeschlagen
backend-mail-group-waiting = Wartend
backend-mail-group-done = In Tickets
backend-mail-group-ignored = Automatisch
backend-mail-group-discarded = Verworfen
backend-mail-in-off = Es kommen keine E-Mails an: Diese Website ist dafür nicht eingerichtet.
backend-mail-in-none = Hier sind keine E-Mails.
backend-mail-in-passing = Diese E-Mails werden nach 30 Tagen gelöscht.
backend-mail-in-hint = Diese E-Mails sind weder Tickets noch Antworten. Erstellen Sie mit einer E-Mail ein Ticket, oder verwerfen Sie sie.
backend-mail-in-subject = Betreff
backend-mail-in-sender = Absender
backend-mail-in-reason = Ergebnis
backend-mail-in-received = Empfangen
backend-mail-in-no-subject = Kein Betreff
backend-mail-in-no-sender = Kein Absender
backend-mail-in-take-for = Benutzerkennung oder E-Mail-Adresse des Kunden
backend-mail-in-take = Ticket erstellen
backend-mail-in-always = Immer von diesem Kunden
backend-mail-in-take-or-assign = Ticket erstellen oder Adresse zuordnen
backend-mail-in-about = E-Mail „{ $subject }“ von { $sender }
backend-mail-in-customer = Die E-Mail gehört zu einem Ticket von { $name }. Vielleicht hat diese Person sie von einer anderen Adresse geschrieben.
backend-mail-in-always-hint = „Immer von diesem Kunden“: E-Mails von { $sender } gelten ab jetzt als E-Mails dieses Kunden, auch diese. Eine E-Mail gilt nur, wenn ihr Absender bestätigt ist (DMARC), denn jeder kann jede Adresse in eine E-Mail schreiben.
backend-mail-in-nobody = Kein Konto hat diese Kennung oder Adresse, oder mehrere haben die Adresse.
backend-mail-in-refused = Es wurde kein Ticket erstellt: Dieser Kunde darf zurzeit keine Tickets erstellen, eine Kategorie fehlt, oder die E-Mail ist leer.
backend-mail-in-supporter = { $name } ist Supporter. Supportern werden keine Adressen zugeordnet.
backend-mail-in-known = Die Adresse { $sender } gehört schon zum Konto von { $name }. Deshalb wurde sie nicht zugeordnet.
backend-mail-in-taken = Die Adresse { $sender } ist schon { $name } zugeordnet. Unter „Adressen“ können Sie das entfernen.
backend-mail-in-unknown-passing =
    { $n ->
        [one] E-Mails unbekannter Absender (kein Konto hat ihre Adresse) werden nach einem Tag gelöscht.
       *[other] E-Mails unbekannter Absender (kein Konto hat ihre Adresse) werden nach { $n_text } Tagen gelöscht.
    }
backend-mail-in-repeat = Noch einmal verarbeiten
backend-mail-in-discard = Verwerfen
backend-mail-in-waiting = Sie wartet auf die Verarbeitung.
backend-mail-in-support-off = Sie wartet, bis ein Supporter anwesend ist.
backend-mail-in-replied = Sie ist eine Antwort im Ticket.
backend-mail-in-opened = Mit ihr wurde das Ticket erstellt.
backend-mail-in-followed-up = Sie ist eine Antwort auf ein geschlossenes Ticket. Mit ihr wurde dieses Ticket erstellt.
backend-mail-in-automatic = Ein Programm hat sie geschrieben, zum Beispiel als Abwesenheitsnotiz.
backend-mail-in-bounce = Sie ist ein Bericht über die Zustellung einer E-Mail.
backend-mail-in-own = Sie kommt von der Adresse des Supports selbst.
backend-mail-in-discarded = Ein Administrator hat sie verworfen.
backend-mail-in-unknown-sender = Kein Konto hat diese Adresse.
backend-mail-in-not-confirmed = Es ist nicht sicher, dass die E-Mail von diesem Absender kommt.
backend-mail-in-from-supporter = Ein Supporter hat sie geschrieben. Sie konnte nicht als Antwort in das Ticket übernommen werden.
backend-mail-in-not-allowed = Der Absender darf auf dieses Ticket nicht antworten oder keine Tickets erstellen.
backend-mail-in-needs-category = Ein Ticket braucht eine Kategorie, und für E-Mails ist keine eingerichtet.
backend-mail-in-empty = Die E-Mail hat keinen Text und keine Datei.
backend-mail-in-too-many-parts = Die E-Mail hat zu viele Teile und wurde nicht gelesen.
backend-mail-in-too-many = Von diesem Absender kamen zu viele E-Mails in einer Stunde. Vielleicht schreibt ein Programm sie.
backend-mail-in-too-large = Die E-Mail ist zu groß und wurde nicht abgeholt. Ihr Kopf ist hier.
backend-mail-in-parked = Die E-Mail konnte nicht verarbeitet werden.
backend-mail-senders-title = Adressen von Kunden
backend-mail-senders-hint = E-Mails von diesen Adressen gelten als die des Kunden, wenn der Absender bestätigt ist. Kein Konto hat diese Adressen.
backend-mail-senders-more = Die ersten { $n_text } Adressen.
backend-mail-senders-address = Adresse
backend-mail-senders-user = Kunde
backend-mail-senders-since = Zugeordnet
backend-mail-senders-forget = Entfernen
backend-mail-senders-forget-of = { $address } entfernen
backend-mail-senders-empty = Es sind keine Adressen zugeordnet. Unter „Empfangen“ können Sie die Adresse einer zurückgehaltenen E-Mail zuordnen, wenn kein Konto ihre Adresse hat.
notice-sender-assigned = E-Mails von dieser Adresse gelten ab jetzt als E-Mails des Kunden, wenn der Absender bestätigt ist. Diese E-Mail wird noch einmal verarbeitet. Wird sie wieder zurückgehalten, ist ihr Absender nicht bestätigt.
notice-sender-forgotten = Die Adresse wurde entfernt.
notice-incoming-opened = Das Ticket wurde erstellt.
notice-incoming-repeated = Die E-Mail wird noch einmal verarbeitet.
notice-incoming-discarded = Die E-Mail wurde verworfen.

## Personen, die keine E-Mails bekommen, weil E-Mails an sie zurückkamen.
backend-mail-back-title = Personen, die E-Mails nicht erreichen
backend-mail-back-hint = E-Mails an diese Personen kamen mehrmals zurück. Deshalb bekommen sie zurzeit keine. Sie bekommen wieder E-Mails, wenn sie selbst eine schreiben, wenn sich ihre Adresse ändert oder wenn Sie es hier auswählen.
backend-mail-back-person = Name
backend-mail-back-address = Adresse
backend-mail-back-count = Zurückgekommene E-Mails
backend-mail-back-since = Seit
backend-mail-back-resume = Wieder an diese Adresse senden
backend-mail-back-resume-of = { $name }: Wieder an diese Adresse senden
## Postfächer, aus denen E-Mails abgeholt werden.
backend-mailbox-title = Postfächer
backend-mailbox-name = Postfach
backend-mailbox-checked = Zuletzt gelesen
backend-mailbox-state = Status
backend-mailbox-never = Nie
backend-mailbox-well = Kein Fehler
backend-mailbox-unreachable = Der Mailserver ist nicht erreichbar.
backend-mailbox-no-answer = Der Mailserver hat nicht rechtzeitig geantwortet.
backend-mailbox-insecure = Es kam keine sichere Verbindung zum Mailserver zustande.
backend-mailbox-login = Der Mailserver hat die Anmeldung abgelehnt.
backend-mailbox-folder = Das Postfach konnte nicht geöffnet werden.
backend-mailbox-refused = Der Mailserver gibt eine E-Mail nicht heraus.
backend-mailbox-nonsense = Der Mailserver hat nicht so geantwortet, wie er sollte.
backend-mailbox-not-stored = Eine E-Mail konnte nicht gespeichert werden. Sie wird noch einmal abgeholt.
backend-mailbox-left-out = MuTicket hat eine E-Mail nach zehn Versuchen ausgelassen. Sie liegt noch im Postfach. Dieser Hinweis bleibt 30 Tage stehen.
