### Emails. $author wrote the message or changed the ticket, $name gets the email, $site is the name of the site.

# The subject is always the same. Mail programs then show all emails about a ticket together.
subject = [#{ $number }] { $subject }

## To supporters: a ticket was opened.
ticket-opened-heading = { $author } has opened a new ticket.
ticket-opened-button = View the ticket

## To supporters: the customer wrote.
customer-replied-heading = { $author } has replied to a ticket.
customer-replied-button = View the ticket

## To the customer: a supporter answered.
supporter-answered-heading = { $author } has answered your ticket.
supporter-answered-button = View the ticket

## To the new assignee: $author assigned the ticket to them.
ticket-assigned-heading = { $author } has assigned a ticket to you.
ticket-assigned-button = View the ticket

## To supporters: $author changed the category of the ticket.
category-changed-heading = { $author } has changed the category of a ticket.
category-changed-button = View the ticket

## To supporters: a note by $author mentions them. The note is quoted.
mentioned-heading = { $author } has mentioned you in a note. Customers do not see notes.
mentioned-button = View the note

## In every email.
greeting = Hello { $name },
greeting-without-name = Hello,
former-user = A former user
no-name = Someone without a name
ticket-label = Ticket
category-label = Category
read-on = This message is shortened here. The ticket has all of it.
reason-supporter = You get this email because you are a supporter at { $site } and marked as present.
reason-assignee = You get this email because this ticket at { $site } was assigned to you.
reason-mentioned = You get this email because you are a supporter at { $site } and a note mentions you.
reason-customer = You get this email because you opened this ticket at { $site }.
no-reply = Replies to this email are not read. Please reply on the ticket:
