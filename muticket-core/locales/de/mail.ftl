### E-Mails. $author hat die Nachricht geschrieben oder das Ticket geändert, $name erhält die E-Mail, $site ist der Name der Website.

# Der Betreff ist immer gleich. So zeigen Mailprogramme die E-Mails zu einem Ticket zusammen an.
subject = [#{ $number }] { $subject }

## An Supporter: Ein Ticket wurde eröffnet.
ticket-opened-heading = { $author } hat ein neues Ticket erstellt.
ticket-opened-button = Ticket ansehen

## An Supporter: Der Kunde hat geschrieben.
customer-replied-heading = { $author } hat auf ein Ticket geantwortet.
customer-replied-button = Ticket ansehen

## An den Kunden: Ein Supporter hat geantwortet.
supporter-answered-heading = { $author } hat Ihr Ticket beantwortet.
# Steht in derselben Zeile dahinter, wenn das Ticket geschlossen ist.
supporter-answered-closed = Das Ticket ist jetzt geschlossen.
supporter-answered-button = Ticket ansehen

## An den zugewiesenen Supporter: $author hat ihm das Ticket zugewiesen.
ticket-assigned-heading = { $author } hat Ihnen ein Ticket zugewiesen.
ticket-assigned-button = Ticket ansehen

## An Supporter: $author hat die Kategorie des Tickets geändert.
category-changed-heading = { $author } hat die Kategorie eines Tickets geändert.
category-changed-button = Ticket ansehen

## An Supporter: Eine Notiz von $author erwähnt sie. Die Notiz wird zitiert.
mentioned-heading = { $author } hat Sie in einer Notiz erwähnt. Kunden sehen keine Notizen.
mentioned-button = Notiz ansehen

## An einen Kunden, dessen E-Mail wartet, bis ein Supporter anwesend ist.
letter-waits-heading = Wir haben Ihre E-Mail erhalten. Vom Support ist gerade niemand anwesend.
letter-waits-text = Ihre E-Mail ist aufbewahrt. Der Support bekommt sie, sobald jemand anwesend ist. Sie müssen nicht noch einmal schreiben.

## An einen Benutzer, dessen E-Mail weder Ticket noch Antwort wurde, und warum.
letter-refused-heading = Ihre E-Mail wurde nicht angenommen.
letter-refused-text = { $why ->
    [no-reply] Sie dürfen auf dieses Ticket nicht antworten.
    [no-ticket] Sie dürfen keine Tickets erstellen.
    [on-page] Bitte erstellen Sie ein Ticket auf der Seite. E-Mails erstellen hier keine Tickets.
    [category] Jedes Ticket braucht eine Kategorie. Bitte erstellen Sie das Ticket auf der Seite. Dort können Sie eine auswählen.
    [empty] Ihre E-Mail hat weder Text noch Datei. Bitte schreiben Sie noch einmal.
   *[other] Bitte nutzen Sie die Seite.
}

## An einen Supporter, der eine E-Mail geschrieben hat.
answer-on-page-heading = Bitte antworten Sie auf der Seite. Ihre E-Mail wurde an niemanden weitergegeben.
answer-on-page-text = { $why ->
    [no-answer] Ihre E-Mail konnte nicht als Antwort übernommen werden. Vielleicht ließ sich nicht bestätigen, dass sie von Ihnen ist, oder Ihr Text ließ sich nicht vom zitierten Text unterscheiden. Vielleicht antwortet sie nicht auf eine E-Mail zu einem offenen Ticket, oder eine Datei wird nicht angenommen. Bitte antworten Sie auf der Seite:
   *[other] Supporter antworten auf der Seite, nicht per E-Mail:
}

## An Supporter: Eine E-Mail zum Ticket wird zurückgehalten.
letter-not-confirmed-heading = Zu einem Ticket kam eine E-Mail. Ihr Absender ließ sich nicht bestätigen.
letter-not-confirmed-text = Die E-Mail ist keine Nachricht im Ticket, und der Kunde sieht sie nicht. Jeder kann jeden Absender in eine E-Mail schreiben. Seien Sie deshalb vorsichtig. Sie können sie im Ticket lesen:

## An den Kunden: Sein Ticket wurde eröffnet. Sein Text wird zitiert, und die Dateien werden genannt.
ticket-received-heading = Wir haben Ihr Ticket erhalten. Sie bekommen eine E-Mail, wenn wir antworten.
ticket-received-reply = Wenn Sie etwas ergänzen möchten, antworten Sie auf diese E-Mail oder schreiben Sie im Ticket:
ticket-received-no-reply = Antworten auf diese E-Mail werden nicht gelesen. Wenn Sie etwas ergänzen möchten, schreiben Sie bitte im Ticket:
ticket-received-button = Ticket ansehen

## An den Kunden: $author hat sein Ticket geschlossen.
ticket-closed-heading = { $author } hat Ihr Ticket geschlossen.
ticket-closed-button = Ticket ansehen

## An einen Kunden, dessen Ticket geschlossen ist, vor dem Link zum Ticket. Die beiden stehen hintereinander.
closed-next = { $follows ->
    [by-reply] Brauchen Sie noch Hilfe? Dann antworten Sie auf diese E-Mail. Ihre Antwort wird ein Folgeticket.
    [on-page] Antworten auf diese E-Mail werden nicht gelesen. Brauchen Sie noch Hilfe? Dann erstellen Sie auf der Seite des Tickets ein Folgeticket.
   *[not] Antworten auf diese E-Mail werden nicht gelesen.
}
closed-rate = Unsere Antworten können Sie im Ticket bewerten:
closed-look = Hier finden Sie das Ticket:

## In E-Mails über eine E-Mail, die angekommen ist.
letter-label = Ihre E-Mail
letter-ticket-button = Ticket ansehen
letter-tickets-button = Tickets ansehen
letter-new-button = Ticket erstellen
reason-letter = Sie erhalten diese E-Mail, weil Sie { $site } eine E-Mail geschrieben haben.

## In jeder E-Mail.
greeting = Guten Tag { $name },
greeting-without-name = Guten Tag,
former-user = Ein ehemaliger Benutzer
no-name = Jemand ohne Namen
ticket-label = Ticket
category-label = Kategorie
sender-label = Absender, nicht bestätigt
files-label = Dateien
read-on = Diese Nachricht ist hier gekürzt. Im Ticket steht sie ganz.
reason-supporter = Sie erhalten diese E-Mail, weil Sie im Support von { $site } als anwesend eingetragen sind.
reason-assignee = Sie erhalten diese E-Mail, weil Ihnen dieses Ticket bei { $site } zugewiesen wurde.
reason-mentioned = Sie erhalten diese E-Mail, weil Sie Supporter bei { $site } sind und eine Notiz Sie erwähnt.
reason-customer = Sie erhalten diese E-Mail, weil Sie dieses Ticket bei { $site } erstellt haben.
reason-received = { $closing ->
    [told] Sie erhalten diese E-Mail, weil Sie dieses Ticket bei { $site } erstellt haben. Sie erhalten noch eine, wenn es geschlossen wird. Nur Sie und der Support erhalten E-Mails zu diesem Ticket.
   *[untold] Sie erhalten diese E-Mail, weil Sie dieses Ticket bei { $site } erstellt haben. Nur Sie und der Support erhalten E-Mails zu diesem Ticket.
}
# The marks at both ends of the line are read by MuTicket. Keep them.
reply-above = -=- Bitte schreiben Sie Ihre Antwort über diese Zeile -=-
reply-works = Sie können auf diese E-Mail antworten. Sie können auch beim Ticket antworten:
# An Supporter, die per E-Mail antworten können.
reply-answers = Wenn Sie auf diese E-Mail antworten, bekommt der Kunde Ihren Text ohne das Zitat als Antwort. Sie können auch im Ticket antworten:
no-reply = Antworten auf diese E-Mail werden nicht gelesen. Bitte antworten Sie im Ticket:

## In a ticket or a reply that came by email.
incoming-no-subject = E-Mail ohne Betreff
incoming-no-text = (kein Text)
incoming-sealed = (Die E-Mail ist verschlüsselt oder so unterschrieben, dass sie hier nicht lesbar ist. Sie ist als Datei angehängt.)
incoming-cut = [Die E-Mail war länger. Das Original hat alles.]
incoming-refused = [Die Datei { $name } wurde nicht gespeichert: { $why ->
    [too-large] sie ist zu groß
    [too-many] es sind zu viele Dateien
   *[other] sie kann nicht gespeichert werden
}.]
