### Die Texte der Seiten. Jede Zahl gibt es zweimal: $n wählt Einzahl oder Mehrzahl, $n_text wird angezeigt.

## Navigation
nav-label = Support
nav-tickets = Tickets
nav-backend = Verwaltung
back-to-overview = Zurück zur Übersicht
former-user = Ehemaliger Benutzer
no-name = (ohne Namen)
optional = (optional)
cancel = Abbrechen
undo = Rückgängig

## Wie lange es her ist
time-now = gerade eben
time-minutes = { $n ->
    [one] vor { $n } Minute
   *[other] vor { $n } Minuten
}
time-hours = { $n ->
    [one] vor { $n } Stunde
   *[other] vor { $n } Stunden
}
time-days = { $n ->
    [one] gestern
   *[other] vor { $n } Tagen
}

## Größen von Dateien
unit-bytes = { $n ->
    [one] Byte
   *[other] Bytes
}
unit-kb = KB
unit-mb = MB
unit-gb = GB

## Meldungen
notice-opened = Ihr Ticket wurde gesendet. Sie erhalten eine E-Mail, sobald wir antworten.
notice-replied = Ihre Antwort wurde gesendet.
notice-answered = Ihre Antwort wurde gesendet. Der Kunde erhält eine E-Mail.
notice-answered-and-closed = Ihre Antwort wurde gesendet, und das Ticket ist geschlossen. Der Kunde erhält eine E-Mail.
notice-rated = Vielen Dank für Ihre Bewertung.
notice-closed = Das Ticket ist geschlossen.
notice-reopened = Das Ticket ist wieder offen.
notice-taken = Das Ticket ist Ihnen zugewiesen.
notice-assigned = Das Ticket ist zugewiesen. Die Person erhält eine E-Mail.
notice-released = Das Ticket ist niemandem mehr zugewiesen.
notice-prioritized = Die Priorität ist geändert.
notice-categorized = Die Kategorie ist geändert. Die zuständigen Supporter erhalten eine E-Mail.
notice-labelled = Die Labels sind geändert.
notice-noted = Ihre Notiz ist gespeichert. Kunden sehen sie nicht.
notice-note-saved = Ihre Notiz ist geändert.
notice-note-deleted = Ihre Notiz ist gelöscht.

## Status, für Supporter
status-new = Neu
status-supporter = Wartet auf einen Supporter
status-customer = Wartet auf den Kunden
status-closed = Geschlossen
legend-label = Bedeutung der Symbole
legend-new = noch keine Antwort
legend-supporter = der Kunde hat zuletzt geschrieben
legend-customer = ein Supporter hat zuletzt geschrieben
legend-closed = erledigt

## Status, für den Kunden des Tickets
status-new-own = Eingegangen
status-supporter-own = Ihre Nachricht ist angekommen
status-customer-own = Wir haben geantwortet
status-customer-answered = Wir haben geantwortet
status-closed-own = Geschlossen

## Übersicht
overview-title = Tickets
overview-heading-customer = Ihre Tickets
overview-heading-supporter = Tickets
new-ticket = Neues Ticket
tabs-label = Tickets nach Status
tabs-label-supporter = Ansichten
tab-open = Offen
tab-closed = Geschlossen
tab-all = Alle
view-waiting = Warten auf uns
view-mine = Meine
view-nobody = Ohne Zuweisung
view-categories = Meine Kategorien
filters-label = Liste filtern und sortieren
filters-apply = Anwenden
filters-fold = Filter
filter-assignee-any = Alle
filter-assignee-me = Ich
filter-priority-any = Alle
filters-reset = Alle offenen Tickets anzeigen
filter-status = Status
filter-status-any = Alle
filter-category = Kategorie
filter-category-any = Alle Kategorien
filter-label = Label
filter-label-any = Alle Labels
filter-label-gone = Entferntes Label
filter-text = Letzte Nachricht anzeigen
filter-customer = Kunde: { $name }
filter-customer-remove = Alle Kunden anzeigen
search-label = Suche
search-hint = Nummer oder Betreff
search-left-out = Nicht gesucht wurde nach: { $signs }
search-clear = Suche löschen
filter-category-is = Kategorie: { $name }
filter-category-gone = { $name } (entfernt)
filter-category-unknown = Unbekannte Kategorie
filter-unreadable = Unlesbarer Filter
filter-remove = Diesen Filter entfernen
sort-label = Sortieren nach
sort-todo = Dringendes zuerst
sort--activity = Neueste Aktivität zuerst
sort-activity = Älteste Aktivität zuerst
sort--number = Neuestes Ticket zuerst
sort-number = Ältestes Ticket zuerst
row-unread = Ungelesen
row-activity = Letzte Aktivität:
row-last = Zuletzt geantwortet:
row-customer-link = Alle Tickets dieses Kunden
messages-count = { $n ->
    [one] { $n_text } Nachricht
   *[other] { $n_text } Nachrichten
}
pager-label = Seiten
pager-first = Erste Seite
pager-previous = Vorherige Seite
pager-next = Nächste Seite
list-range = { $first_text }–{ $last_text }
list-range-of = { $first_text }–{ $last_text } von { $all_text }
empty-customer-open-title = Sie haben keine offenen Tickets
empty-customer-open-text = Brauchen Sie Hilfe? Erstellen Sie ein Ticket und schreiben Sie uns, worum es geht.
empty-customer-closed-title = Noch keine geschlossenen Tickets
empty-customer-closed-text = Ihre erledigten Tickets finden Sie später hier.
empty-customer-all-title = Sie haben noch keine Tickets
empty-customer-all-text = Brauchen Sie Hilfe? Erstellen Sie ein Ticket und schreiben Sie uns, worum es geht.
empty-may-not-open = Mit Ihrem Konto können Sie Tickets lesen, aber keine erstellen.
empty-support-off = Sie können ein Ticket erstellen, sobald jemand vom Support da ist.
empty-supporter-open-title = Alles erledigt
empty-supporter-open-text = Es gibt keine offenen Tickets. Neue Tickets erscheinen hier.
empty-supporter-closed-title = Noch keine geschlossenen Tickets
empty-supporter-closed-text = Geschlossene Tickets finden Sie hier. Sie können sie jederzeit wieder öffnen.
empty-supporter-all-title = Noch keine Tickets
empty-supporter-all-text = Sobald ein Kunde schreibt, erscheint sein Ticket hier.
empty-view-title = Keine Tickets in dieser Ansicht
empty-narrowed-title = Keine passenden Tickets
empty-narrowed-text = Ändern Sie die Filter oder zeigen Sie alle offenen Tickets an.
empty-paged-title = Keine weiteren Tickets
empty-paged-text = Die neuesten Tickets stehen auf der ersten Seite.
empty-search-title = Nichts gefunden für „{ $text }“
empty-search-text = { $state ->
    [open] Durchsucht wurden Betreff und Nummer der offenen Tickets.
    [closed] Durchsucht wurden Betreff und Nummer der geschlossenen Tickets.
   *[all] Durchsucht wurden Betreff und Nummer aller Tickets.
}
empty-search-narrowed = Außerdem sind andere Filter gesetzt.
empty-search-everywhere = In allen Tickets suchen
empty-unreadable-title = Nach „{ $text }“ kann nicht gesucht werden
empty-unreadable-text = Sie können nach Nummern, Wörtern und Zeichen wie + oder € suchen, aber nicht nach Satzzeichen.

## Der Support ist nicht besetzt
support-off-title-customer = Der Support ist gerade nicht besetzt
support-off-customer = Sie können Ihre Tickets lesen und Antworten bewerten. Schreiben können Sie uns wieder, sobald jemand da ist.
support-off-supporter = Kein Supporter ist anwesend. Kunden können keine Tickets erstellen und nicht antworten. Sie selbst können weiterarbeiten.
support-off-reply = Sie können dieses Ticket lesen und Antworten bewerten. Schreiben können Sie uns wieder, sobald jemand da ist.

## Ein Ticket
opened = Erstellt:
opened-by = Erstellt von { $name }
follows = Folgeticket zu
next-waiting = Weiter zum nächsten Ticket
divider-new = Neu
to-first-unread = Zur ersten ungelesenen Nachricht
mark-as-read = Als gelesen markieren
to-newest = Neueste Nachricht
first-messages = Erste Nachrichten
earlier-messages = Frühere Nachrichten
messages-range = Nachrichten { $first_text } bis { $last_text } von { $all_text }
message-by-mail = Per E-Mail gesendet.
message-original = Original herunterladen
message-quoted = Zitierten Text anzeigen
letters-unconfirmed = { $n ->
    [one] Zu diesem Ticket kam eine E-Mail, deren Absender nicht bestätigt ist. Sie ist keine Nachricht des Tickets.
   *[other] Zu diesem Ticket kamen { $n_text } E-Mails, deren Absender nicht bestätigt sind. Sie sind keine Nachrichten des Tickets.
}
letters-unconfirmed-many = Zu diesem Ticket kamen mehr als { $n_text } E-Mails, deren Absender nicht bestätigt sind. Sie sind keine Nachrichten des Tickets. Die neuesten { $n_text } stehen hier.
letters-received = Alle zurückgehaltenen E-Mails
letter-no-sender = Kein Absender
letter-no-subject = Kein Betreff
letter-text = Text lesen
message-whole = Ganze Nachricht lesen ({ $n_text } Zeichen)
events-omitted = { $n ->
    [one] Ein älteres Ereignis wird hier nicht gezeigt.
   *[other] { $n_text } ältere Ereignisse werden hier nicht gezeigt.
}
later-messages = Spätere Nachrichten
you = (Sie)
role-customer = Kunde
role-supporter = Supporter
permalink = Link zu Nachricht { $n_text }
attachments-of-message = Anhänge
picture-large = { $name }, große Ansicht
event-opened = { $name } hat das Ticket erstellt
event-replied = { $name } hat geantwortet
event-answered = { $name } hat dem Kunden geantwortet
event-rated = { $name } hat eine Antwort bewertet: { $value } von 5 Sternen
event-noted = { $name } hat eine Notiz geschrieben
event-note-edited = { $name } hat eine Notiz geändert
event-closed = { $name } hat das Ticket geschlossen
event-reopened = { $name } hat das Ticket wieder geöffnet
event-taken = { $name } hat das Ticket übernommen
event-assigned = { $name } hat das Ticket { $whom } zugewiesen
event-released = { $name } hat das Ticket abgegeben
event-prioritized = { $name } hat die Priorität auf „{ $value }“ gesetzt
event-categorized = { $name } hat die Kategorie auf „{ $value }“ geändert
event-labelled = { $name } hat das Label { $value } hinzugefügt
event-unlabelled = { $name } hat das Label { $value } entfernt
event-note-deleted = { $name } hat eine Notiz gelöscht
close-ticket = Ticket schließen
close-confirm-title = Dieses Ticket schließen?
close-confirm-text = Der Kunde kann es weiterhin lesen, aber nicht mehr antworten. Sie können es jederzeit wieder öffnen.
close-confirm-yes = Ticket schließen
close-confirm-no = Offen lassen
files-lost-title = Jetzt ändern?
files-lost-text = Die Seite wird neu geladen. Die Dateien Ihrer Antwort oder Notiz müssen Sie danach erneut auswählen. Der Text bleibt erhalten.
files-lost-yes = Ändern
reopen = Ticket wieder öffnen
follow-up = Folgeticket erstellen
older-messages = { $n ->
    [one] { $n_text } ältere Nachricht
   *[other] { $n_text } ältere Nachrichten
}
customer-title = Kunde
customer-address = E-Mail
customer-language = Sprache
customer-time = Ortszeit
customer-rated = Bewertungen
customer-rating = Im Schnitt { $mean } von 5 Sternen, { $n ->
    [one] { $n_text } Bewertung
   *[other] { $n_text } Bewertungen
}
customer-unrated = Keine
customer-tickets = Weitere Tickets
customer-all = { $n ->
    [one] Insgesamt { $n_text } Ticket
   *[other] Alle { $n_text } Tickets
}
customer-first = Das ist das erste Ticket.
customer-facts-failed = Weitere Angaben zum Kunden sind gerade nicht verfügbar.
customer-language-de = Deutsch
customer-language-en = Englisch
history-title = Verlauf
history-older = { $n ->
    [one] Eine ältere Änderung wird nicht angezeigt.
   *[other] { $n_text } ältere Änderungen werden nicht angezeigt.
}
news =
    { $n ->
        [one] 1 neu. Anzeigen
       *[other] { $n_text } neu. Anzeigen
    }
news-many = Mehr als { $n_text } neu. Anzeigen
colleague-here = { $name } hat dieses Ticket auch geöffnet.
colleague-writes = { $name } schreibt hier gerade.
panel-title = Eigenschaften
field-assignee = Zugewiesen an
assignee-nobody = Niemand
assignee-set = Zuweisen
assignee-take = Übernehmen
hand-over = Mit Notiz übergeben
hand-over-to = Übergeben an
hand-over-choose = Bitte wählen
hand-over-send = Übergeben
assignee-release = Abgeben
field-priority = Priorität
priority-low = niedrig
priority-normal = normal
priority-high = hoch
priority-urgent = dringend
property-save = Speichern
labels-count = { $n ->
    [0] keine
   *[other] { $n_text }
}
label-add = Label hinzufügen
label-remove = Label entfernen
label-mark = Label:
note-badge = Notiz
note-badge-hint = Nur Supporter sehen sie.
note-edited = geändert
note-mentions = Erwähnt:
note-edit = Bearbeiten
note-delete = Löschen
note-delete-title = Diese Notiz löschen?
note-delete-text = Sie kann nicht wiederhergestellt werden.
note-keep = Behalten
note-new = Notiz für Supporter
note-new-hint = Kunden sehen Notizen nie.
field-mention = Erwähnen
field-note = Notiz
field-mention-hint = Erwähnte Personen erhalten die Notiz per E-Mail.
note-save = Notiz speichern
note-files-remove = Dateien entfernen
note-link = Link zu Notiz { $n_text }
field-saved = Textbaustein
field-title = Titel
field-saved-text = Text eines Textbausteins
field-view-name = Name der Ansicht
saved-choose = Bitte wählen …
saved-insert = Einfügen
saved-insert-title = Textbaustein einfügen
saved-find = Textbaustein suchen
saved-manage = Textbausteine
saved-when-sent = Beim Senden der Antwort:
saved-act-close = Ticket schließen
saved-act-take = mir zuweisen
saved-act-assign = { $name } zuweisen
saved-act-priority = Priorität auf „{ $name }“ setzen
saved-act-category = Kategorie auf „{ $name }“ ändern
saved-act-label = Label „{ $name }“ hinzufügen
saved-title = Textbausteine
saved-intro = Schreiben Sie eine Antwort einmal, und fügen Sie sie mit einem Klick in Tickets ein.
saved-own = Meine Textbausteine
saved-own-empty = Sie haben noch keine. Ihre eigenen sehen nur Sie.
saved-shared = Gemeinsame Textbausteine
saved-shared-hint = Diese verwenden alle Supporter. Ein Administrator verwaltet sie.
saved-new = Neuer Textbaustein
saved-edit = Textbaustein bearbeiten
saved-save = Speichern
saved-delete = Löschen
saved-delete-of = „{ $name }“ löschen
saved-delete-question = Diesen Textbaustein löschen?
saved-delete-text = Er lässt sich nicht wiederherstellen. Antworten, die damit gesendet wurden, bleiben, wie sie sind.
saved-for = Für:
saved-for-all = Für alle Tickets
saved-uses = { $n ->
    [one] einmal von Ihnen verwendet
   *[other] { $n_text }-mal von Ihnen verwendet
}
saved-text = Text ({ $language })
saved-text-hint = Ein Text genügt. Eingefügt wird der Text in der Sprache des Kunden, falls es einen gibt.
saved-placeholders = Platzhalter werden für das Ticket ausgefüllt. Ist etwas nicht bekannt, bleibt eine Lücke, und die Antwort lässt sich erst senden, wenn sie ausgefüllt ist.
saved-gap = eine Lücke, die Sie jedes Mal ausfüllen
saved-gap-example = Datum
saved-categories = Nur für diese Kategorien
saved-categories-hint = Ist nichts angekreuzt, wird er für alle Tickets angeboten.
saved-actions-hint = Das sind Vorschläge. Sie lassen sich vor dem Senden abwählen.
saved-unchanged = (unverändert)
saved-labels = Labels hinzufügen
saved-sender = Wer die Antwort sendet

## Gespeicherte Ansichten der Liste, für Supporter
views-title = Meine Ansichten
views-intro = Filtern Sie die Ticketliste und speichern Sie sie dort als Ansicht.
views-more = Weitere Ansichten
views-save = Diese Liste als Ansicht speichern
views-save-new = Als neue Ansicht speichern
views-replace = „{ $name }“ durch diese Liste ersetzen
views-name = Name der Ansicht
views-reset = Änderungen an der Ansicht verwerfen
views-narrowed-text = Ändern Sie die Filter, oder verwerfen Sie die Änderungen an der Ansicht.
views-first = Zuerst öffnen:
views-first-none = Standard
views-first-set = Übernehmen
views-is-first = Öffnet sich zuerst
views-own = Nur für mich
views-own-empty = Sie haben noch keine. Ihre eigenen Ansichten sehen nur Sie.
views-shared = Für alle Supporter
views-shared-hint = Alle Supporter sehen diese Ansichten. Ändern können sie nur Supporter mit Administratorrechten.
views-rename = Umbenennen
views-rename-of = „{ $name }“ umbenennen
views-share = Mit allen teilen
views-share-of = „{ $name }“ mit allen Supportern teilen
views-unshare = Nur für mich
views-unshare-of = „{ $name }“ zurücknehmen. Dann sehen nur Sie die Ansicht.
views-remove = Löschen
views-remove-of = „{ $name }“ löschen
views-remove-question = Diese Ansicht löschen?
views-remove-text = Die Tickets bleiben unverändert. Gelöscht wird nur die Ansicht.
views-remove-text-shared = Die Tickets bleiben unverändert. Die Ansicht wird für alle Supporter gelöscht.
placeholder-customer = Name des Kunden
placeholder-supporter = Name des Supporters
placeholder-number = Nummer des Tickets
placeholder-subject = Betreff
placeholder-category = Kategorie
placeholder-site = Name dieser Website
placeholder-link = Link zum Ticket
closed-title = Dieses Ticket ist geschlossen
closed-follow-up = Haben Sie noch eine Frage dazu? Dann erstellen Sie ein Folgeticket.
closed-reopen = Öffnen Sie es wieder, um noch einmal zu antworten. Dann kann auch der Kunde wieder schreiben.
closed-support-off = Sie können ein Folgeticket erstellen, sobald jemand vom Support da ist.
closed-read-only = Sie können hier weiterhin alles lesen.
read-only-title = Sie können dieses Ticket nur lesen
read-only-text = Wenn Sie hier schreiben möchten, wenden Sie sich bitte an die Administration dieser Website.

## Bewertung
rating-ask = Hat Ihnen diese Antwort geholfen?
rating-yours = Ihre Bewertung
rating-given = Bewertung des Kunden
rating-change = Sie können Ihre Bewertung jederzeit ändern.
rating-stars = { $n ->
    [one] 1 von 5 Sternen
   *[other] { $n_text } von 5 Sternen
}
rating-word-1 = Gar nicht
rating-word-2 = Wenig
rating-word-3 = Teilweise
rating-word-4 = Gut
rating-word-5 = Sehr gut

## Schreiben
new-ticket-title = Neues Ticket
new-ticket-heading = Neues Ticket
new-ticket-lead = Schreiben Sie uns, worum es geht. Sie erhalten eine E-Mail, sobald wir antworten.
new-ticket-follows = Folgeticket zu
your-reply = Ihre Antwort
your-answer = Ihre Antwort an den Kunden
send-reply = Antwort senden
send-answer = Antwort senden
send-and-close = Senden und schließen
open-ticket = Ticket senden
field-subject = Betreff
field-body = Nachricht
field-category = Kategorie
field-attachment = Anhänge
field-category-name = Name der Kategorie
field-label = Labels
field-label-name = Name des Labels
field-stars = Bewertung
field-form = Formular
subject-hint = In wenigen Worten: Worum geht es?
body-hint = Was haben Sie getan, was ist passiert, und was haben Sie erwartet?
category-choose = Bitte wählen
priority-hint = Supporter können sie später ändern.
files-hint = { $max ->
    [one] Eine Datei bis { $size }.
   *[other] Bis zu { $max_text } Dateien, je bis { $size }.
}
images-hint = Bilder bis { $size }.
chosen-too-large = Zu groß (höchstens { $size })
chosen-remove = Entfernen
files-again = Bitte wählen Sie Ihre Dateien noch einmal aus.
text-is-kept = Ihr Text steht unten.
text-restored = Entwurf wiederhergestellt.
text-discard = Verwerfen
kept-body = Ihr Text (zum Kopieren)

## Tastenkürzel für Supporter
keys-title = Tastenkürzel
keys-next = Nächstes Ticket oder nächste Nachricht
keys-previous = Voriges Ticket oder vorige Nachricht
keys-enter = Ticket öffnen
keys-waiting = Nächstes Ticket, das auf eine Antwort wartet
keys-answer = Antwort schreiben
keys-saved = Textbaustein einfügen
keys-note = Notiz schreiben
keys-take = Ticket übernehmen oder abgeben
keys-close = Ticket schließen (mit Rückfrage)
keys-tick = Ticket markieren oder Markierung aufheben
keys-search = Suchen
keys-overview = Zurück zur Übersicht
keys-commands = Alle Befehle anzeigen
palette-open = Befehle
palette-title = Befehle
palette-label = Befehl, Ticketnummer oder Suchwort eingeben
palette-ticket = Ticket öffnen:
palette-customer = Tickets von { $name }
palette-search = In allen Tickets suchen nach
palette-nothing = Nichts gefunden
keys-these = Diese Tastenkürzel anzeigen
keys-leave = Eingabefeld verlassen
keys-control = Strg + Enter
keys-send = Senden
keys-control-shift = Strg + Umschalt + Enter
keys-send-and-close = Senden und schließen
keys-on = Tastenkürzel in diesem Browser verwenden
keys-done = Fertig

## Fehler in Feldern
problems-title = Noch nicht gesendet. Bitte korrigieren Sie:

## Fehler
error-kept = Ihr Text (zum Kopieren):
error-sign-in-title = Bitte melden Sie sich an
error-sign-in-text = Ihre Sitzung ist abgelaufen. Melden Sie sich neu an und senden Sie Ihren Text dann noch einmal.
error-sign-in-again = Neu anmelden
error-open-again = Noch einmal versuchen
error-not-found-title = Seite nicht gefunden
error-not-found-text = Vielleicht stimmt die Adresse nicht, oder die Seite wurde gelöscht. In der Übersicht finden Sie alle Tickets, die Sie lesen können.
error-denied-title = Kein Zugriff
error-denied-text = Wenn Sie Zugriff brauchen, wenden Sie sich bitte an die Administration dieser Website.
error-supporters-do-not-open-title = Supporter können hier keine Tickets erstellen
error-supporters-do-not-open-text = Die Tickets der Kunden finden Sie in der Übersicht.
error-own-ticket-title = Das ist Ihr eigenes Ticket
error-own-ticket-text = Ein anderer Supporter wird es beantworten. Sie können es lesen und wie ein Kunde antworten.
error-support-off-title = Der Support ist gerade nicht besetzt
error-support-off-text = Sie können uns wieder schreiben, sobald jemand da ist. Bitte versuchen Sie es später noch einmal.
error-ticket-closed-title = Dieses Ticket ist geschlossen
error-ticket-closed-text = Ihre Nachricht wurde nicht gesendet.
error-refused-title = Das ist hier nicht möglich
error-refused-text = Es wurde nichts geändert.
error-ratings-off-title = Bewertungen sind ausgeschaltet
error-ratings-off-text = Ihre Bewertung wurde nicht gespeichert.
error-not-ratable-title = Sie können diese Nachricht nicht bewerten
error-not-ratable-text = Nur der Kunde kann Antworten bewerten.
error-form-used-title = Das wurde bereits gesendet
error-form-used-text = Bitte sehen Sie im Ticket oder in der Übersicht nach, bevor Sie es noch einmal senden.
error-file-missing-title = Diese Datei ist nicht mehr verfügbar
error-file-missing-text = Bitte lassen Sie sich die Datei noch einmal senden.
error-too-large-title = Das ist zu groß
error-too-large-text = Bitte senden Sie weniger oder kleinere Dateien.
error-invalid-title = Bitte prüfen Sie Ihre Angaben
error-invalid-text = Es fehlt etwas, oder eine Angabe ist nicht erlaubt. Bitte gehen Sie zurück und korrigieren Sie das.
error-conflict-title = In diesem Ticket gibt es Neues
error-conflict-text = Jemand hat inzwischen etwas geändert. Ihre Änderung wurde nicht gespeichert. Bitte lesen Sie zuerst, was neu ist.
error-overtaken-title = Jemand anderes war schneller
error-overtaken-text = Ihre Änderung wurde nicht gespeichert.
error-unavailable-title = Das geht im Moment leider nicht
error-unavailable-text = Der Fehler liegt bei uns. Es wurde nichts gespeichert. Bitte versuchen Sie es in ein paar Minuten noch einmal.
error-forged-title = Bitte senden Sie das Formular noch einmal
error-forged-text = Die Seite war zu lange geöffnet, oder das Formular kam nicht von dieser Website. Es wurde nichts gespeichert.
error-too-many-title = Bitte warten Sie einen Moment
error-too-many-text = Sie haben in kurzer Zeit sehr viel gesendet. Bitte senden Sie Ihren Text in einer Minute noch einmal.
error-bad-request-title = Da ist etwas schiefgegangen
error-bad-request-text = Bitte gehen Sie zurück und versuchen Sie es noch einmal.
error-internal-title = Da ist etwas schiefgegangen
error-internal-text = Der Fehler liegt bei uns. Bitte versuchen Sie es noch einmal. Wenn es wieder passiert, sagen Sie bitte der Administration dieser Website Bescheid.
error-too-many-at-once-title = Bitte warten Sie einen Moment
error-too-many-at-once-text = Sie senden mehrere Formulare gleichzeitig. Dieses wurde nicht gespeichert. Bitte senden Sie es noch einmal, wenn die anderen fertig sind.
error-busy-title = Bitte versuchen Sie es gleich noch einmal
error-busy-text = Im Moment senden sehr viele Menschen etwas. Es wurde nichts gespeichert.
error-too-slow-title = Die Verbindung war zu langsam
error-too-slow-text = Ihr Formular kam nicht vollständig an. Es wurde nichts gespeichert. Bitte senden Sie es noch einmal, vielleicht mit kleineren Dateien.
error-method-title = Diese Adresse lässt sich nicht direkt öffnen
error-method-text = Sie gehört zu einem Formular. Bitte öffnen Sie die Seite mit dem Formular.

## Die Warteschlange, und ein Text, der dasselbe noch einmal sagt
notice-saved-answer-added = Textbaustein angelegt.
notice-saved-answer-saved = Textbaustein geändert.
notice-saved-answer-deleted = Textbaustein gelöscht.
notice-view-saved = Ansicht gespeichert.
notice-view-renamed = Ansicht umbenannt.
notice-view-replaced = Die Ansicht enthält jetzt diese Liste.
notice-view-shared = Alle Supporter sehen jetzt die Ansicht.
notice-view-unshared = Nur Sie sehen jetzt die Ansicht.
notice-view-deleted = Ansicht gelöscht.
notice-first-view-chosen = Ihre Wahl ist gespeichert.
notice-queue-end = Sie sind am Ende der Warteschlange. Übersprungene Tickets warten noch.
notice-none-waits = Kein anderes Ticket wartet.
notice-several-assigned = { $n ->
    [0] Die Tickets sind zugewiesen.
    [one] Ein Ticket ist zugewiesen.
   *[other] { $n_text } Tickets sind zugewiesen.
}
notice-several-prioritized = { $n ->
    [0] Die Priorität der Tickets wurde geändert.
    [one] Die Priorität eines Tickets wurde geändert.
   *[other] Die Priorität von { $n_text } Tickets wurde geändert.
}
notice-several-categorized = { $n ->
    [0] Die Kategorie der Tickets wurde geändert.
    [one] Die Kategorie eines Tickets wurde geändert.
   *[other] Die Kategorie von { $n_text } Tickets wurde geändert.
}
notice-several-labelled = { $n ->
    [0] Die Tickets haben das Label.
    [one] Ein Ticket hat das Label.
   *[other] { $n_text } Tickets haben das Label.
}
notice-several-unlabelled = { $n ->
    [0] Das Label ist von den Tickets entfernt.
    [one] Das Label ist von einem Ticket entfernt.
   *[other] Das Label ist von { $n_text } Tickets entfernt.
}
notice-several-closed = { $n ->
    [0] Die Tickets sind geschlossen.
    [one] Ein Ticket ist geschlossen.
   *[other] { $n_text } Tickets sind geschlossen.
}
notice-several-reopened = { $n ->
    [0] Die Tickets sind wieder offen.
    [one] Ein Ticket ist wieder offen.
   *[other] { $n_text } Tickets sind wieder offen.
}
several-title = Markierte Tickets ändern
several-all = Alle auf dieser Seite markieren
several-tick = Ticket { $number } markieren
several-set-priority = Priorität setzen
several-set-category = Kategorie setzen
several-not-done = Nicht bei allen Tickets erledigt
several-none-done = Nichts geändert
several-close = Schließen
several-reopen = Wieder öffnen
several-missing = Dieses Ticket gibt es nicht.
queue-again = Wieder mit dem ältesten Ticket beginnen
support-off-title-supporter = Alle Supporter sind als abwesend eingetragen
conflict-by-one = { $name } hat gerade geantwortet
conflict-by-many = { $name } und andere haben gerade geantwortet
conflict-answer = Ihre Antwort wurde nicht gesendet. Lesen Sie, was neu ist, und ändern Sie dann Ihre Antwort oder senden Sie sie unverändert.
conflict-close = Das Ticket wurde nicht geschlossen. Lesen Sie zuerst, was neu ist.
somebody = Jemand
error-same-again-title = Das haben Sie gerade gesendet
error-same-again-text = Derselbe Text ist schon angekommen und wurde nicht noch einmal gesendet. Wenn Sie ihn zweimal senden möchten, senden Sie das Formular noch einmal ab.
damaged-ticket = Ticket { $number } kann nicht angezeigt werden, weil seine Daten beschädigt sind. Der Fehler wurde protokolliert.
damaged-messages = { $n ->
    [one] Nachricht { $numbers } kann nicht vollständig angezeigt werden, weil ihre Daten beschädigt sind. Der Fehler wurde protokolliert.
   *[other] Die Nachrichten { $numbers } können nicht vollständig angezeigt werden, weil ihre Daten beschädigt sind. Der Fehler wurde protokolliert.
}
error-ticket-damaged-title = Dieses Ticket ist beschädigt
error-ticket-damaged-text = Es kann nicht angezeigt werden, weil seine Daten beschädigt sind. Der Fehler wurde protokolliert. Die Administration dieser Website kann die Daten wiederherstellen oder das Ticket löschen.
error-file-damaged-title = Diese Datei ist beschädigt
error-file-damaged-text = Sie lässt sich nicht öffnen. Bitte lassen Sie sich die Datei noch einmal senden.
error-account-title = Ihr Konto funktioniert hier nicht
error-account-text = Die Website gibt Ihrem Konto eine Kennung, die der Support nicht speichern kann. Das liegt nicht an Ihnen. Bitte sagen Sie der Administration dieser Website Bescheid.
