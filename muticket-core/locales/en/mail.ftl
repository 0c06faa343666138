### Letters. $author wrote the message, $name is the recipient, $site the name of the site.

# Always the same, so that mail readers keep the letters about a ticket together; what happened stands beside it, and in the letter.
subject = [#{ $number }] { $subject }

## To supporters: a ticket was opened.
ticket-opened-heading = { $author } has opened a new ticket.
ticket-opened-button = Open the ticket

## To supporters: the customer wrote.
customer-replied-heading = { $author } has replied to a ticket.
customer-replied-button = Read the reply

## To the customer: a supporter answered.
supporter-answered-heading = { $author } has answered your ticket.
supporter-answered-button = Read the answer

## In every letter.
greeting = Hello { $name },
greeting-without-name = Hello,
former-user = A former user
ticket-label = Ticket
category-label = Category
read-on = The message is longer than this. Read the rest on { $site }.
reason-supporter = You receive this e-mail because you are a supporter of { $site } and marked as present.
reason-customer = You receive this e-mail because you opened this ticket on { $site }.
no-reply = Please do not reply to this e-mail, nobody would read it. Write on the ticket instead.
