### Les lettres. $author a écrit le message, $name reçoit la lettre, $site est le nom du site.

subject = [#{ $number }] { $subject }
supporter-answered-heading = { $author } a répondu à votre ticket.
supporter-answered-button = Voir le ticket
greeting = Bonjour { $name },
greeting-without-name = Bonjour,
ticket-label = Ticket
category-label = Catégorie
reason-customer = Vous recevez ce courriel parce que vous avez ouvert ce ticket sur { $site }.
no-reply = Les réponses à ce courriel ne nous parviennent pas. Répondez dans le ticket :
