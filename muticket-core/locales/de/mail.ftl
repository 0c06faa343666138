### E-Mails. $author hat die Nachricht geschrieben, $name erhält die E-Mail, $site ist der Name der Website.

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
supporter-answered-button = Ticket ansehen

## In jeder E-Mail.
greeting = Guten Tag { $name },
greeting-without-name = Guten Tag,
former-user = Ein ehemaliger Benutzer
no-name = Jemand ohne Namen
ticket-label = Ticket
category-label = Kategorie
read-on = Diese Nachricht ist hier gekürzt. Im Ticket steht sie ganz.
reason-supporter = Sie erhalten diese E-Mail, weil Sie im Support von { $site } als anwesend eingetragen sind.
reason-customer = Sie erhalten diese E-Mail, weil Sie dieses Ticket bei { $site } erstellt haben.
no-reply = Antworten auf diese E-Mail werden nicht gelesen. Bitte antworten Sie im Ticket:
