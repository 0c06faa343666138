### Briefe. $author hat die Nachricht geschrieben, $name empfängt den Brief, $site ist der Name der Website.

# Immer derselbe, damit Mailprogramme die Briefe zu einem Ticket beieinander halten; was geschehen ist, steht daneben und im Brief.
subject = [#{ $number }] { $subject }

## An Supporter: Ein Ticket wurde eröffnet.
ticket-opened-heading = { $author } hat ein neues Ticket eröffnet.
ticket-opened-button = Ticket ansehen

## An Supporter: Der Kunde hat geschrieben.
customer-replied-heading = { $author } hat eine neue Nachricht zu einem Ticket geschrieben.
customer-replied-button = Nachricht lesen

## An den Kunden: Ein Supporter hat geantwortet.
supporter-answered-heading = { $author } hat Ihr Ticket beantwortet.
supporter-answered-button = Antwort lesen

## In jedem Brief.
greeting = Guten Tag { $name },
greeting-without-name = Guten Tag,
former-user = Ein ehemaliger Benutzer
ticket-label = Ticket
category-label = Kategorie
read-on = Die Nachricht ist länger. Den Rest lesen Sie auf { $site }.
reason-supporter = Sie erhalten diese E-Mail, weil Sie bei { $site } Supporter und als anwesend eingetragen sind.
reason-customer = Sie erhalten diese E-Mail, weil Sie dieses Ticket bei { $site } eröffnet haben.
no-reply = Bitte antworten Sie nicht auf diese E-Mail, sie würde nicht gelesen. Schreiben Sie stattdessen im Ticket.
