### What people read on the pages. A number arrives twice: as $n to choose the plural by, and as $n_text to be shown.

## Between the parts
nav-label = Support
nav-tickets = Tickets
nav-backend = Administration
back-to-overview = Back to the overview
former-user = Former user
optional = (optional)
cancel = Cancel
undo = Undo

## How long ago
time-now = just now
time-minutes = { $n ->
    [one] { $n } minute ago
   *[other] { $n } minutes ago
}
time-hours = { $n ->
    [one] { $n } hour ago
   *[other] { $n } hours ago
}
time-days = { $n ->
    [one] yesterday
   *[other] { $n } days ago
}

## Sizes of files
unit-bytes = { $n ->
    [one] byte
   *[other] bytes
}
unit-kb = KB
unit-mb = MB
unit-gb = GB

## What was done
notice-opened = Your ticket has been sent. You will get an e-mail when we answer.
notice-replied = Your reply has been sent.
notice-answered = Your answer has been sent. The customer gets an e-mail.
notice-rated = Thank you for your rating.
notice-closed = The ticket is closed.
notice-reopened = The ticket is open again.

## Whose turn it is, as supporters read it
status-new = New
status-supporter = Waiting for a supporter
status-customer = Waiting for the customer
status-closed = Closed
legend-label = What the icons mean
legend-new = nobody has answered yet
legend-supporter = the customer wrote last
legend-customer = a supporter wrote last
legend-closed = nothing left to do

## Whose turn it is, as the ticket's customer reads it
status-new-own = Received: an answer is on its way
status-supporter-own = Our turn: we have your reply
status-customer-own = Your turn: we have answered
status-customer-answered = We have answered
status-closed-own = Closed

## Overview
overview-title = Tickets
overview-heading-customer = Your tickets
overview-heading-supporter = Tickets
new-ticket = New ticket
tabs-label = Tickets by state
tab-open = Open
tab-closed = Closed
tab-all = All
filters-label = Narrow and sort the list
filters-apply = Apply
filters-reset = Show all open tickets
filter-waiting = Waiting for
filter-waiting-any = Anyone
filter-category = Category
filter-category-any = All categories
filter-customer = Customer: { $name }
filter-customer-remove = Show all customers again
search-label = Search
search-hint = Number or subject
sort-label = Sort by
sort--activity = Latest activity first
sort-activity = Least recently active first
sort--number = Newest ticket first
sort-number = Oldest ticket first
row-unread = Unread
row-activity = Last activity:
row-customer-link = All tickets of this customer
messages-count = { $n ->
    [one] { $n_text } message
   *[other] { $n_text } messages
}
pager-label = Pages
pager-first = First page
pager-next = Next page
empty-customer-open-title = You have no open tickets
empty-customer-open-text = When you need help, open a ticket and tell us about it.
empty-customer-closed-title = No closed tickets yet
empty-customer-closed-text = Tickets that have been dealt with are kept here for you to read again.
empty-customer-all-title = You have no tickets yet
empty-customer-all-text = When you need help, open a ticket and tell us about it.
empty-may-not-open = Your account can read tickets, but not open new ones.
empty-support-off = You can open one as soon as a supporter is back.
empty-supporter-open-title = All done
empty-supporter-open-text = There are no open tickets. New ones appear here as soon as a customer writes.
empty-supporter-closed-title = No closed tickets yet
empty-supporter-closed-text = Once you close a ticket, you find it here and can open it again.
empty-supporter-all-title = No tickets yet
empty-supporter-all-text = Tickets appear here as soon as a customer writes.
empty-narrowed-title = No tickets match
empty-narrowed-text = Choose other filters, or look at all open tickets.
empty-paged-title = The list ends here
empty-paged-text = There are no further tickets. Go back to the first page to see the newest.

## Support is off
support-off-title = Nobody from support is here at the moment
support-off-customer = You can read your tickets and rate answers. New tickets and replies are possible again as soon as a supporter is back.
support-off-supporter = No supporter is marked as present, so customers can neither open tickets nor reply. You can go on working as usual.
support-off-reply = You can read this ticket and rate answers. Replies are possible again as soon as a supporter is back.

## A ticket
opened = Opened
opened-by = Opened by { $name }
follows = Follows ticket
next-waiting = Next ticket waiting
divider-new = New
to-first-unread = To the first unread message
mark-as-read = Mark as read
to-newest = Newest message
first-messages = First messages
earlier-messages = Earlier messages
messages-range = Messages { $first_text } to { $last_text } of { $all_text }
later-messages = Later messages
you = (you)
role-customer = Customer
role-supporter = Supporter
permalink = Link to message { $n_text }
attachments-of-message = Attachments
event-closed = { $name } closed the ticket
event-reopened = { $name } reopened the ticket
close-ticket = Close ticket
close-confirm-title = Close this ticket?
close-confirm-text = The customer can still read it but no longer reply. You can open it again at any time.
close-confirm-yes = Close ticket
close-confirm-no = Keep it open
reopen = Reopen ticket
follow-up = Open a follow-up ticket
closed-title = This ticket is closed
closed-follow-up = Is there more to say? Open a new ticket that refers to this one.
closed-reopen = Reopen it to answer once more. The customer can then reply again, too.
closed-support-off = When a supporter is back, you can open a new ticket that refers to this one.
closed-read-only = You can still read everything here.
read-only-title = You can read this ticket
read-only-text = Your account is not allowed to write here. If you think it should be, please ask the people who run this site.

## Rating
rating-ask = Did this answer help you?
rating-yours = Your rating
rating-given = Rating by the customer
rating-change = Choose other stars to change it.
rating-stars = { $n ->
    [one] 1 of 5 stars
   *[other] { $n_text } of 5 stars
}
rating-word-1 = Not at all
rating-word-2 = A little
rating-word-3 = Partly
rating-word-4 = Well
rating-word-5 = Very well

## Writing
new-ticket-title = New ticket
new-ticket-heading = New ticket
new-ticket-lead = Tell us what this is about. You will get an e-mail when we answer.
new-ticket-follows = Follows ticket:
your-reply = Your reply
your-answer = Your answer
send-reply = Send reply
send-answer = Send answer
open-ticket = Send ticket
field-subject = Subject
field-body = Message
field-category = Category
field-attachment = Attachments
field-category-name = Name of the category
field-stars = Rating
subject-hint = In a few words, so that you find the ticket again.
body-hint = What did you do, what happened, and what did you expect?
category-choose = Please choose
files-hint = { $max ->
    [one] One file of up to { $size }.
   *[other] Up to { $max_text } files of up to { $size } each.
}
images-hint = Pictures up to { $size }.
chosen-too-large = Larger than { $size }: this file would be refused
chosen-empty = Empty: this file would be refused
chosen-remove = Remove
files-again = Files are not kept: please choose them again.
text-is-kept = Your text is kept below.
text-restored = We have kept the text that you had not sent yet.
text-discard = Discard it
kept-body = Your text, to copy

## Keys for supporters
keys-title = Keyboard shortcuts
keys-next = Next ticket or message
keys-previous = Previous ticket or message
keys-enter = Open the ticket
keys-waiting = Next ticket that waits for an answer
keys-answer = Write an answer
keys-close = Close the ticket (asks first)
keys-search = Search
keys-overview = Back to the overview
keys-these = Show these shortcuts
keys-leave = Leave a field, so that the keys act again
keys-control = Ctrl + Enter
keys-send = Send what you wrote
keys-on = Use keyboard shortcuts in this browser
keys-done = Done

## What is wrong with a field
problems-title = { $n ->
    [one] Not sent yet: please correct one thing.
   *[other] Not sent yet: please correct { $n_text } things.
}

## Errors
error-kept = Here is what you had written, so that you can copy it:
error-sign-in-title = Please sign in
error-sign-in-text = Your session has ended. Sign in, come back here and send your text again.
error-sign-in-again = Sign in again
error-open-again = Open the page again
error-not-found-title = This page does not exist
error-not-found-text = Perhaps the address is incomplete, or what was here has been deleted. The overview shows every ticket that you can read.
error-denied-title = You cannot do this
error-denied-text = Your account is not allowed to. If you think it should be, please ask the people who run this site.
error-supporters-do-not-open-title = Supporters do not open tickets here
error-supporters-do-not-open-text = You answer tickets on this site. Those of the customers are in the overview.
error-own-ticket-title = This is your own ticket
error-own-ticket-text = You opened this ticket yourself, so another supporter takes care of it. You can read it and reply like any customer.
error-support-off-title = Nobody from support is here at the moment
error-support-off-text = New tickets and replies are possible again as soon as a supporter is back. Please try again later.
error-ticket-closed-title = This ticket has been closed
error-ticket-closed-text = Nothing can be added to it any more.
error-ratings-off-title = Answers are not rated here
error-ratings-off-text = Ratings have been switched off on this site. Your stars were not stored.
error-not-ratable-title = This message cannot be rated
error-not-ratable-text = Stars are for answers by supporters, given by the customer who asked.
error-form-used-title = This has been sent already
error-form-used-text = The form was sent twice and stored once. Please check the overview or the ticket before you send it again.
error-file-missing-title = This file is no longer there
error-file-missing-text = It was sent, but it cannot be found any more. Please ask for it to be sent again.
error-too-large-title = That was too large
error-too-large-text = More was sent than this site accepts at once. Please send fewer or smaller files.
error-invalid-title = Something is missing
error-invalid-text = What was sent is incomplete or not allowed. Please go back and check it.
error-conflict-title = There is something new on this ticket
error-conflict-text = Somebody was faster than you. Please read what is new below before you go on; nothing has been sent yet.
error-unavailable-title = This does not work at the moment
error-unavailable-text = The fault is ours, not yours, and nothing was stored. Please try again in a few minutes.
error-forged-title = Please send the form again
error-forged-text = The form was too old, or it did not come from this site. For your safety nothing was stored. Please open the page anew and send it again.
error-too-many-title = Please wait a moment
error-too-many-text = You have sent many forms within a short time. What you typed is shown below; please send it again in a minute.
error-bad-request-title = That was not understood
error-bad-request-text = What arrived here was incomplete. Please go back and try again.
error-internal-title = Something went wrong here
error-internal-text = The fault is ours, not yours. Please try again; if it happens again, please tell the people who run this site.
