### Was auf den Seiten zu lesen ist. Eine Zahl kommt doppelt an: als $n, um die Mehrzahl zu wählen, und als $n_text, um gezeigt zu werden.

## Zwischen den Teilen
nav-label = Support
nav-tickets = Tickets
nav-backend = Verwaltung
back-to-overview = Zurück zur Übersicht
former-user = Ehemaliger Benutzer
optional = (optional)
cancel = Abbrechen
undo = Rückgängig machen

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

## Was getan wurde
notice-opened = Ihr Ticket wurde gesendet. Sobald wir antworten, erhalten Sie eine E-Mail.
notice-replied = Ihre Antwort wurde gesendet.
notice-answered = Ihre Antwort wurde gesendet. Der Kunde erhält eine E-Mail.
notice-rated = Vielen Dank für Ihre Bewertung.
notice-closed = Das Ticket ist geschlossen.
notice-reopened = Das Ticket ist wieder offen.

## Wer am Zug ist, für Supporter
status-new = Neu
status-supporter = Wartet auf einen Supporter
status-customer = Wartet auf den Kunden
status-closed = Geschlossen
legend-label = Was die Symbole bedeuten
legend-new = noch ohne Antwort
legend-supporter = zuletzt schrieb der Kunde
legend-customer = zuletzt schrieb ein Supporter
legend-closed = nichts mehr zu tun

## Wer am Zug ist, für den Kunden des Tickets
status-new-own = Eingegangen: Wir melden uns bei Ihnen
status-supporter-own = Wir sind am Zug: Ihre Nachricht ist angekommen
status-customer-own = Sie sind am Zug: Wir haben geantwortet
status-customer-answered = Wir haben geantwortet
status-closed-own = Geschlossen

## Übersicht
overview-title = Tickets
overview-heading-customer = Ihre Tickets
overview-heading-supporter = Tickets
new-ticket = Neues Ticket
tabs-label = Tickets nach Zustand
tab-open = Offen
tab-closed = Geschlossen
tab-all = Alle
filters-label = Liste eingrenzen und sortieren
filters-apply = Anwenden
filters-reset = Alle offenen Tickets zeigen
filter-waiting = Wartet auf
filter-waiting-any = Egal wen
filter-category = Kategorie
filter-category-any = Alle Kategorien
filter-customer = Kunde: { $name }
filter-customer-remove = Wieder alle Kunden zeigen
search-label = Suche
search-hint = Nummer oder Betreff
sort-label = Sortieren nach
sort--activity = Neueste Aktivität zuerst
sort-activity = Am längsten ruhig zuerst
sort--number = Neuestes Ticket zuerst
sort-number = Ältestes Ticket zuerst
row-unread = Ungelesen
row-activity = Letzte Aktivität:
row-customer-link = Alle Tickets dieses Kunden
messages-count = { $n ->
    [one] { $n_text } Nachricht
   *[other] { $n_text } Nachrichten
}
pager-label = Seiten
pager-first = Erste Seite
pager-next = Nächste Seite
empty-customer-open-title = Sie haben keine offenen Tickets
empty-customer-open-text = Wenn Sie Hilfe brauchen, eröffnen Sie ein Ticket und schreiben Sie uns, worum es geht.
empty-customer-closed-title = Noch keine geschlossenen Tickets
empty-customer-closed-text = Was erledigt ist, können Sie hier jederzeit nachlesen.
empty-customer-all-title = Sie haben noch keine Tickets
empty-customer-all-text = Wenn Sie Hilfe brauchen, eröffnen Sie ein Ticket und schreiben Sie uns, worum es geht.
empty-may-not-open = Mit Ihrem Benutzerkonto können Sie Tickets lesen, aber keine neuen eröffnen.
empty-support-off = Sobald ein Supporter zurück ist, können Sie eines eröffnen.
empty-supporter-open-title = Alles erledigt
empty-supporter-open-text = Es gibt keine offenen Tickets. Neue erscheinen hier, sobald ein Kunde schreibt.
empty-supporter-closed-title = Noch keine geschlossenen Tickets
empty-supporter-closed-text = Wenn Sie ein Ticket schließen, finden Sie es hier und können es wieder öffnen.
empty-supporter-all-title = Noch keine Tickets
empty-supporter-all-text = Tickets erscheinen hier, sobald ein Kunde schreibt.
empty-narrowed-title = Keine passenden Tickets
empty-narrowed-text = Wählen Sie andere Filter, oder sehen Sie alle offenen Tickets an.
empty-paged-title = Hier endet die Liste
empty-paged-text = Weitere Tickets gibt es nicht. Die neuesten stehen auf der ersten Seite.

## Der Support ist nicht aktiv
support-off-title = Im Moment ist niemand vom Support da
support-off-customer = Sie können Ihre Tickets lesen und Antworten bewerten. Neue Tickets und Antworten sind wieder möglich, sobald ein Supporter zurück ist.
support-off-supporter = Kein Supporter ist als anwesend eingetragen. Kunden können deshalb weder Tickets eröffnen noch antworten. Sie selbst können wie gewohnt weiterarbeiten.
support-off-reply = Sie können dieses Ticket lesen und Antworten bewerten. Antworten können Sie wieder, sobald ein Supporter zurück ist.

## Ein Ticket
opened = Eröffnet:
opened-by = Eröffnet von { $name }
follows = Schließt an Ticket an:
next-waiting = Nächstes wartendes Ticket
divider-new = Neu
to-first-unread = Zur ersten ungelesenen Nachricht
mark-as-read = Als gelesen markieren
to-newest = Neueste Nachricht
first-messages = Erste Nachrichten
earlier-messages = Frühere Nachrichten
messages-range = Nachrichten { $first_text } bis { $last_text } von { $all_text }
later-messages = Spätere Nachrichten
you = (Sie)
role-customer = Kunde
role-supporter = Supporter
permalink = Link zu Nachricht { $n_text }
attachments-of-message = Anhänge
event-closed = { $name } hat das Ticket geschlossen
event-reopened = { $name } hat das Ticket wieder geöffnet
close-ticket = Ticket schließen
close-confirm-title = Dieses Ticket schließen?
close-confirm-text = Der Kunde kann es weiterhin lesen, aber nicht mehr antworten. Sie können es jederzeit wieder öffnen.
close-confirm-yes = Ticket schließen
close-confirm-no = Offen lassen
reopen = Ticket wieder öffnen
follow-up = Folgeticket eröffnen
closed-title = Dieses Ticket ist geschlossen
closed-follow-up = Gibt es noch etwas dazu? Eröffnen Sie ein neues Ticket, das sich auf dieses bezieht.
closed-reopen = Öffnen Sie es wieder, um noch einmal zu antworten. Auch der Kunde kann dann wieder schreiben.
closed-support-off = Sobald ein Supporter zurück ist, können Sie ein neues Ticket eröffnen, das sich auf dieses bezieht.
closed-read-only = Sie können hier weiterhin alles nachlesen.
read-only-title = Sie können dieses Ticket lesen
read-only-text = Ihr Benutzerkonto darf hier nicht schreiben. Wenn es das dürfen sollte, wenden Sie sich bitte an die Betreiber dieser Website.

## Bewertung
rating-ask = Hat Ihnen diese Antwort geholfen?
rating-yours = Ihre Bewertung
rating-given = Bewertung des Kunden
rating-change = Zum Ändern wählen Sie andere Sterne.
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
new-ticket-lead = Schreiben Sie uns, worum es geht. Sobald wir antworten, erhalten Sie eine E-Mail.
new-ticket-follows = Schließt an dieses Ticket an:
your-reply = Ihre Antwort
your-answer = Ihre Antwort an den Kunden
send-reply = Antwort senden
send-answer = Antwort senden
open-ticket = Ticket senden
field-subject = Betreff
field-body = Nachricht
field-category = Kategorie
field-attachment = Anhänge
field-category-name = Name der Kategorie
field-stars = Bewertung
subject-hint = In wenigen Worten, damit Sie das Ticket wiederfinden.
body-hint = Was haben Sie getan, was ist geschehen, und was hatten Sie erwartet?
category-choose = Bitte wählen
files-hint = { $max ->
    [one] Eine Datei mit bis zu { $size }.
   *[other] Bis zu { $max_text } Dateien mit je bis zu { $size }.
}
images-hint = Bilder bis zu { $size }.
chosen-too-large = Größer als { $size }: Diese Datei würde abgelehnt
chosen-empty = Leer: Diese Datei würde abgelehnt
chosen-remove = Entfernen
files-again = Dateien bleiben nicht erhalten: Bitte wählen Sie sie noch einmal aus.
text-is-kept = Ihr Text ist unten erhalten.
text-restored = Ihr noch nicht gesendeter Text ist hier für Sie aufgehoben.
text-discard = Verwerfen
kept-body = Ihr Text zum Kopieren

## Tasten für Supporter
keys-title = Tastenkürzel
keys-next = Nächstes Ticket oder nächste Nachricht
keys-previous = Voriges Ticket oder vorige Nachricht
keys-enter = Ticket öffnen
keys-waiting = Nächstes wartendes Ticket
keys-answer = Antwort schreiben
keys-close = Ticket schließen (mit Rückfrage)
keys-search = Suchen
keys-overview = Zurück zur Übersicht
keys-these = Diese Tastenkürzel zeigen
keys-leave = Ein Feld verlassen, damit die Tasten wieder wirken
keys-control = Strg + Eingabe
keys-send = Geschriebenes absenden
keys-on = Tastenkürzel in diesem Browser verwenden
keys-done = Fertig

## Was an einem Feld nicht stimmt
problems-title = { $n ->
    [one] Noch nicht gesendet: Bitte berichtigen Sie eine Angabe.
   *[other] Noch nicht gesendet: Bitte berichtigen Sie { $n_text } Angaben.
}

## Fehler
error-kept = Das hatten Sie geschrieben; Sie können es hier kopieren:
error-sign-in-title = Bitte melden Sie sich an
error-sign-in-text = Ihre Sitzung ist zu Ende. Melden Sie sich an, kommen Sie hierher zurück und senden Sie Ihren Text noch einmal.
error-sign-in-again = Neu anmelden
error-open-again = Seite neu öffnen
error-not-found-title = Diese Seite gibt es nicht
error-not-found-text = Vielleicht ist die Adresse unvollständig, oder was hier war, wurde gelöscht. Die Übersicht zeigt alle Tickets, die Sie lesen können.
error-denied-title = Das ist hier nicht möglich
error-denied-text = Ihr Benutzerkonto darf das nicht. Wenn es das dürfen sollte, wenden Sie sich bitte an die Betreiber dieser Website.
error-supporters-do-not-open-title = Supporter eröffnen hier keine Tickets
error-supporters-do-not-open-text = Auf dieser Website beantworten Sie Tickets. Die der Kunden finden Sie in der Übersicht.
error-own-ticket-title = Das ist Ihr eigenes Ticket
error-own-ticket-text = Dieses Ticket haben Sie selbst eröffnet, deshalb kümmert sich ein anderer Supporter darum. Sie können es lesen und wie ein Kunde darauf antworten.
error-support-off-title = Im Moment ist niemand vom Support da
error-support-off-text = Neue Tickets und Antworten sind wieder möglich, sobald ein Supporter zurück ist. Bitte versuchen Sie es später noch einmal.
error-ticket-closed-title = Dieses Ticket wurde geschlossen
error-ticket-closed-text = Es lässt sich nichts mehr hinzufügen.
error-ratings-off-title = Antworten werden hier nicht bewertet
error-ratings-off-text = Auf dieser Website sind Bewertungen abgeschaltet. Ihre Sterne wurden nicht gespeichert.
error-not-ratable-title = Diese Nachricht lässt sich nicht bewerten
error-not-ratable-text = Sterne gibt der Kunde, der gefragt hat, für Antworten von Supportern.
error-form-used-title = Das wurde schon gesendet
error-form-used-text = Das Formular kam zweimal an und wurde einmal gespeichert. Bitte sehen Sie in der Übersicht oder im Ticket nach, bevor Sie es noch einmal senden.
error-file-missing-title = Diese Datei ist nicht mehr da
error-file-missing-text = Sie wurde gesendet, lässt sich aber nicht mehr finden. Bitte lassen Sie sie sich noch einmal senden.
error-too-large-title = Das war zu groß
error-too-large-text = Es wurde mehr gesendet, als diese Website auf einmal annimmt. Bitte senden Sie weniger oder kleinere Dateien.
error-invalid-title = Da fehlt noch etwas
error-invalid-text = Was gesendet wurde, ist unvollständig oder nicht erlaubt. Bitte gehen Sie zurück und prüfen Sie es.
error-conflict-title = In diesem Ticket gibt es Neues
error-conflict-text = Jemand war schneller als Sie. Bitte lesen Sie unten, was neu ist, bevor Sie weitermachen; gesendet wurde noch nichts.
error-unavailable-title = Das geht im Moment leider nicht
error-unavailable-text = Der Fehler liegt bei uns, nicht bei Ihnen. Gespeichert wurde nichts. Bitte versuchen Sie es in ein paar Minuten noch einmal.
error-forged-title = Bitte senden Sie das Formular noch einmal
error-forged-text = Das Formular war zu alt oder kam nicht von dieser Website. Zu Ihrer Sicherheit wurde nichts gespeichert. Bitte öffnen Sie die Seite neu und senden Sie es noch einmal.
error-too-many-title = Bitte warten Sie einen Moment
error-too-many-text = Sie haben in kurzer Zeit sehr viele Formulare gesendet. Was Sie geschrieben haben, steht unten; bitte senden Sie es in einer Minute noch einmal.
error-bad-request-title = Das wurde nicht verstanden
error-bad-request-text = Was hier ankam, war unvollständig. Bitte gehen Sie zurück und versuchen Sie es noch einmal.
error-internal-title = Hier ist etwas schiefgegangen
error-internal-text = Der Fehler liegt bei uns, nicht bei Ihnen. Bitte versuchen Sie es noch einmal; wenn es wieder geschieht, sagen Sie bitte den Betreibern dieser Website Bescheid.
