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
# Follows in the same line, if the ticket is closed.
supporter-answered-closed = The ticket is closed now.
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

## To a customer whose email waits until a supporter is present.
letter-waits-heading = We have received your email. Nobody from support is present right now.
letter-waits-text = Your email is kept. Support gets it as soon as somebody is present. You need not write again.

## To a user whose email became no ticket and no reply, and why.
letter-refused-heading = Your email was not accepted.
letter-refused-text = { $why ->
    [no-reply] You may not reply to this ticket.
    [no-ticket] You may not open tickets.
    [on-page] Please open a ticket on the page. Emails open no tickets here.
    [category] Every ticket needs a category. Please open the ticket on the page, where you can choose one.
    [empty] Your email has no text and no file. Please write again.
   *[other] Please use the page.
}

## To a supporter who wrote an email.
answer-on-page-heading = Please answer on the page. Your email was not passed on to anybody.
answer-on-page-text = { $why ->
    [no-answer] Your email could not become an answer. Perhaps the site could not confirm that it is yours, or could not tell your text from the quoted one. Perhaps it does not reply to an email about an open ticket, or has a file that is not accepted. Please answer on the page:
   *[other] Supporters answer on the page, not by email:
}

## To supporters: an email for the ticket is on hold.
letter-not-confirmed-heading = An email came for a ticket. Its sender could not be confirmed.
letter-not-confirmed-text = The email is no message on the ticket, and the customer does not see it. Anybody can write any sender into an email, so be careful. You can read it on the ticket:

## To the customer: their ticket was opened. Their text is quoted, and the files are named.
ticket-received-heading = We have received your ticket. You get an email when we answer.
ticket-received-reply = If you want to add something, reply to this email, or write on the ticket:
ticket-received-no-reply = Replies to this email are not read. If you want to add something, please write on the ticket:
ticket-received-button = View the ticket

## To the customer: $author closed their ticket.
ticket-closed-heading = { $author } has closed your ticket.
ticket-closed-button = View the ticket

## To a customer whose ticket is closed, before the link to it. The two follow each other.
closed-next = { $follows ->
    [by-reply] Do you need more help? Then reply to this email. Your reply becomes a follow-up ticket.
    [on-page] Replies to this email are not read. Do you need more help? Then open a follow-up ticket on the page of the ticket.
   *[not] Replies to this email are not read.
}
closed-rate = You can rate our answers on the ticket:
closed-look = You find the ticket here:

## In emails about an email that came in.
letter-label = Your email
letter-ticket-button = View the ticket
letter-tickets-button = View the tickets
letter-new-button = Open a ticket
reason-letter = You get this email because you wrote an email to { $site }.

## In every email.
greeting = Hello { $name },
greeting-without-name = Hello,
former-user = A former user
no-name = Someone without a name
ticket-label = Ticket
category-label = Category
sender-label = Sender, not confirmed
files-label = Files
read-on = This message is shortened here. The ticket has all of it.
reason-supporter = You get this email because you are a supporter at { $site } and marked as present.
reason-assignee = You get this email because this ticket at { $site } was assigned to you.
reason-mentioned = You get this email because you are a supporter at { $site } and a note mentions you.
reason-customer = You get this email because you opened this ticket at { $site }.
reason-received = { $closing ->
    [told] You get this email because you opened this ticket at { $site }. You get another one when it is closed. Only you and support get emails about this ticket.
   *[untold] You get this email because you opened this ticket at { $site }. Only you and support get emails about this ticket.
}
# The marks at both ends of the line are read by MuTicket. Keep them.
reply-above = -=- Please write your reply above this line -=-
reply-works = You can reply to this email. You can also reply on the ticket:
# To supporters who can answer by email.
reply-answers = If you reply to this email, the customer gets your reply as an answer, without the quoted text. You can also answer on the ticket:
no-reply = Replies to this email are not read. Please reply on the ticket:

## In a ticket or a reply that came by email.
incoming-no-subject = Email without a subject
incoming-no-text = (no text)
incoming-sealed = (The email is encrypted, or signed in a way that cannot be read here. It is attached as a file.)
incoming-cut = [The email was longer. The original has all of it.]
incoming-refused = [The file { $name } was not stored: { $why ->
    [too-large] it is too large
    [too-many] there are too many files
   *[other] it cannot be stored
}.]
