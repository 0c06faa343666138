### The texts of the pages. Each number is given twice: $n chooses singular or plural, $n_text is shown.

## Navigation
nav-label = Support
nav-tickets = Tickets
nav-backend = Administration
back-to-overview = Back to the overview
former-user = Former user
no-name = (no name)
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

## Notices
notice-opened = Your ticket has been sent. You will get an email when we answer.
notice-replied = Your reply has been sent.
notice-answered = Your answer has been sent. The customer gets an email.
notice-answered-and-closed = Your answer has been sent, and the ticket is closed. The customer gets an email.
notice-rated = Thank you for your rating.
notice-closed = The ticket is closed.
notice-reopened = The ticket is open again.
notice-taken = The ticket is assigned to you.
notice-assigned = The ticket is assigned. The assignee gets an email.
notice-released = The ticket is no longer assigned to anyone.
notice-prioritized = The priority has been changed.
notice-categorized = The category has been changed. The supporters in charge get an email.
notice-labelled = The labels are changed.
notice-noted = Your note has been saved. Customers do not see it.
notice-note-saved = Your note has been changed.
notice-note-deleted = Your note has been deleted.
notice-saved-answer-added = Saved answer added.
notice-saved-answer-saved = Saved answer changed.
notice-saved-answer-deleted = Saved answer deleted.
notice-view-saved = View saved.
notice-view-renamed = View renamed.
notice-view-replaced = The view now holds this list.
notice-view-shared = All supporters see the view now.
notice-view-unshared = Only you see the view now.
notice-view-deleted = View deleted.
notice-first-view-chosen = Your choice has been saved.

## Status, for supporters
status-new = New
status-supporter = Waiting for a supporter
status-customer = Waiting for the customer
status-closed = Closed
legend-label = What the icons mean
legend-new = no answer yet
legend-supporter = the customer wrote last
legend-customer = a supporter wrote last
legend-closed = done

## Status, for the ticket's customer
status-new-own = Received
status-supporter-own = We have your reply
status-customer-own = We’ve answered
status-customer-answered = We’ve answered
status-closed-own = Closed

## Overview
overview-title = Tickets
overview-heading-customer = Your tickets
overview-heading-supporter = Tickets
new-ticket = New ticket
tabs-label = Tickets by status
tabs-label-supporter = Views
tab-open = Open
tab-closed = Closed
tab-all = All
view-waiting = Waiting for us
view-mine = Mine
view-nobody = Unassigned
view-categories = My categories
filters-label = Filter and sort the list
filters-apply = Apply
filters-fold = Filter
filter-assignee-any = Anyone
filter-assignee-me = Me
filter-priority-any = All
filters-reset = Show all open tickets
filter-status = Status
filter-status-any = All
filter-category = Category
filter-category-any = All categories
filter-label = Label
filter-label-any = All labels
filter-label-gone = Removed label
filter-text = Show the last message
filter-customer = Customer: { $name }
filter-customer-remove = Show all customers
search-label = Search
search-hint = Number or subject
search-left-out = Not searched for: { $signs }
search-clear = Clear the search
filter-category-is = Category: { $name }
filter-category-gone = { $name } (removed)
filter-category-unknown = Unknown category
filter-unreadable = Unreadable filter
filter-remove = Remove this filter
sort-label = Sort by
sort-todo = To do first
sort--activity = Latest activity first
sort-activity = Oldest activity first
sort--number = Newest ticket first
sort-number = Oldest ticket first
row-unread = Unread
row-activity = Last activity:
row-last = Answered last:
row-customer-link = All tickets of this customer
messages-count = { $n ->
    [one] { $n_text } message
   *[other] { $n_text } messages
}
pager-label = Pages
pager-first = First page
pager-previous = Previous page
pager-next = Next page
list-range = { $first_text }–{ $last_text }
list-range-of = { $first_text }–{ $last_text } of { $all_text }
empty-customer-open-title = You have no open tickets
empty-customer-open-text = Need help? Open a ticket and tell us what it’s about.
empty-customer-closed-title = No closed tickets yet
empty-customer-closed-text = You will find your closed tickets here.
empty-customer-all-title = You have no tickets yet
empty-customer-all-text = Need help? Open a ticket and tell us what it’s about.
empty-may-not-open = Your account can read tickets, but can’t open new ones.
empty-support-off = You can open a ticket as soon as support is back.
empty-supporter-open-title = All done
empty-supporter-open-text = There are no open tickets. New tickets appear here.
empty-supporter-closed-title = No closed tickets yet
empty-supporter-closed-text = Tickets that you close appear here. You can reopen them at any time.
empty-supporter-all-title = No tickets yet
empty-supporter-all-text = Tickets appear here as soon as a customer writes.
empty-view-title = No tickets in this view
empty-narrowed-title = No matching tickets
empty-narrowed-text = Change the filters, or show all open tickets.
empty-paged-title = No more tickets
empty-paged-text = The newest tickets are on the first page.
empty-search-title = Nothing found for “{ $text }”
empty-search-text = { $state ->
    [open] We looked in the subjects and numbers of the open tickets.
    [closed] We looked in the subjects and numbers of the closed tickets.
   *[all] We looked in the subjects and numbers of all tickets.
}
empty-search-narrowed = Other filters are set, too.
empty-search-everywhere = Search all tickets
empty-unreadable-title = “{ $text }” cannot be searched for
empty-unreadable-text = You can search for numbers, words and signs such as + or €, but not for punctuation.

## Support is offline
support-off-title-customer = Support is offline right now
support-off-customer = You can read your tickets and rate answers. You can write to us again as soon as someone is back.
support-off-supporter = No supporter is present. Customers can’t open tickets or reply. You can go on working.
support-off-reply = You can read this ticket and rate answers. You can write to us again as soon as someone is back.

## A ticket
opened = Opened
opened-by = Opened by { $name }
follows = Follow-up to
next-waiting = Next waiting ticket
divider-new = New
to-first-unread = To the first unread message
mark-as-read = Mark as read
to-newest = Newest message
first-messages = First messages
earlier-messages = Earlier messages
messages-range = Messages { $first_text } to { $last_text } of { $all_text }
message-by-mail = Sent by email.
message-original = Download the original
message-quoted = Show quoted text
letters-unconfirmed = { $n ->
    [one] An email came for this ticket. Its sender is not confirmed, so it is not a message of the ticket.
   *[other] { $n_text } emails came for this ticket. Their senders are not confirmed, so they are not messages of the ticket.
}
letters-unconfirmed-many = More than { $n_text } emails came for this ticket. Their senders are not confirmed, so they are not messages of the ticket. The newest { $n_text } are listed here.
letters-received = All emails on hold
letter-no-sender = No sender
letter-no-subject = No subject
letter-text = Read the text
message-whole = Read the whole message ({ $n_text } characters)
events-omitted = { $n ->
    [one] One earlier event is not shown here.
   *[other] { $n_text } earlier events are not shown here.
}
later-messages = Later messages
you = (you)
role-customer = Customer
role-supporter = Supporter
permalink = Link to message { $n_text }
attachments-of-message = Attachments
picture-large = { $name }, large view
event-opened = { $name } opened the ticket
event-replied = { $name } replied
event-answered = { $name } answered
event-rated = { $name } rated an answer: { $value } of 5 stars
event-noted = { $name } wrote a note
event-note-edited = { $name } changed a note
event-closed = { $name } closed the ticket
event-reopened = { $name } reopened the ticket
event-taken = { $name } took the ticket
event-assigned = { $name } assigned the ticket to { $whom }
event-released = { $name } released the ticket
event-prioritized = { $name } set the priority to { $value }
event-categorized = { $name } changed the category to { $value }
event-labelled = { $name } added the label { $value }
event-unlabelled = { $name } removed the label { $value }
event-note-deleted = { $name } deleted a note
close-ticket = Close ticket
close-confirm-title = Close this ticket?
close-confirm-text = The customer can still read it, but can’t reply. You can reopen it at any time.
close-confirm-yes = Close ticket
close-confirm-no = Keep it open
files-lost-title = Change it now?
files-lost-text = The page is loaded again. You have to choose the files of your answer or note again then. Its text is kept.
files-lost-yes = Change
reopen = Reopen ticket
follow-up = Open a follow-up ticket
older-messages = { $n ->
    [one] { $n_text } older message
   *[other] { $n_text } older messages
}
news =
    { $n ->
        [one] 1 new. Show
       *[other] { $n_text } new. Show
    }
news-many = More than { $n_text } new. Show
colleague-here = { $name } has this ticket open, too.
colleague-writes = { $name } is writing here.
panel-title = Properties
customer-title = Customer
customer-address = Email
customer-language = Language
customer-time = Local time
customer-rated = Ratings given
customer-rating = { $mean } of 5 stars on average, { $n ->
    [one] { $n_text } rating
   *[other] { $n_text } ratings
}
customer-unrated = None
customer-tickets = Other tickets
customer-all = { $n ->
    [one] { $n_text } ticket in all
   *[other] All { $n_text } tickets
}
customer-first = This is their first ticket.
customer-facts-failed = More about this customer is not available right now.
customer-language-de = German
customer-language-en = English
history-title = History
history-older = { $n ->
    [one] One older change is not shown.
   *[other] { $n_text } older changes are not shown.
}
field-assignee = Assignee
assignee-nobody = Nobody
assignee-set = Assign
assignee-take = Take it
assignee-release = Release it
hand-over = Hand over with a note
hand-over-to = Hand over to
hand-over-choose = Please choose
hand-over-send = Hand over
field-priority = Priority
priority-low = low
priority-normal = normal
priority-high = high
priority-urgent = urgent
property-save = Save
labels-count = { $n ->
    [0] none
   *[other] { $n_text }
}
label-add = Add label
label-remove = Remove label
label-mark = Label:
note-badge = Note
note-badge-hint = Only supporters see it.
note-edited = changed
note-mentions = Mentions:
note-edit = Edit
note-delete = Delete
note-delete-title = Delete this note?
note-delete-text = It can’t be restored.
note-keep = Keep it
note-new = Note for supporters
note-new-hint = Customers never see notes.
field-mention = Mention
field-note = Note
field-mention-hint = Mentioned supporters get the note by email.
note-save = Save note
note-files-remove = Remove files
note-link = Link to note { $n_text }
field-saved = Saved answer
field-title = Title
field-saved-text = Text of a saved answer
field-view-name = Name of the view
saved-choose = Choose …
saved-insert = Insert
saved-insert-title = Insert a saved answer
saved-find = Find a saved answer
saved-manage = Saved answers
saved-when-sent = When the answer is sent:
saved-act-close = close the ticket
saved-act-take = assign it to me
saved-act-assign = assign it to { $name }
saved-act-priority = set the priority to { $name }
saved-act-category = change the category to { $name }
saved-act-label = add the label { $name }
saved-title = Saved answers
saved-intro = Write an answer once and insert it into tickets with a click.
saved-own = My saved answers
saved-own-empty = You have none yet. Only you see your own.
saved-shared = Shared saved answers
saved-shared-hint = All supporters use these. An administrator manages them.
saved-new = New saved answer
saved-edit = Edit saved answer
saved-save = Save
saved-delete = Delete
saved-delete-of = Delete “{ $name }”
saved-delete-question = Delete this saved answer?
saved-delete-text = It can’t be restored. Answers that were sent with it stay as they are.
saved-for = For:
saved-for-all = For all tickets
saved-uses = { $n ->
    [one] used once by you
   *[other] used { $n_text } times by you
}
saved-text = Text ({ $language })
saved-text-hint = One text is enough. The answer is inserted in the customer’s language if there is a text in it.
saved-placeholders = Placeholders are filled in for the ticket. If something is not known, a gap stays, and the answer can’t be sent until it is filled in.
saved-gap = a gap that you fill in each time
saved-gap-example = date
saved-categories = Only for these categories
saved-categories-hint = If nothing is ticked, it is offered for all tickets.
saved-actions-hint = These are suggestions. They can be unticked before the answer is sent.
saved-unchanged = (unchanged)
saved-labels = Labels to add
saved-sender = The person who sends the answer

## Saved views of the list, for supporters
views-title = My views
views-intro = Filter the list of tickets and save it there as a view.
views-more = More views
views-save = Save this list as a view
views-save-new = Save as a new view
views-replace = Replace “{ $name }” by this list
views-name = Name of the view
views-reset = Discard changes to the view
views-narrowed-text = Change the filters, or discard the changes to the view.
views-first = Open first:
views-first-none = Default
views-first-set = Apply
views-is-first = Opens first
views-own = Only for me
views-own-empty = You have none yet. Only you see your own views.
views-shared = For all supporters
views-shared-hint = All supporters see these views. Only supporters who are administrators can change them.
views-rename = Rename
views-rename-of = Rename “{ $name }”
views-share = Share with all
views-share-of = Share “{ $name }” with all supporters
views-unshare = Only for me
views-unshare-of = Take “{ $name }” back. Then only you see it.
views-remove = Delete
views-remove-of = Delete “{ $name }”
views-remove-question = Delete this view?
views-remove-text = The tickets stay as they are. Only the view is deleted.
views-remove-text-shared = The tickets stay as they are. The view is deleted for all supporters.
placeholder-customer = customer’s name
placeholder-supporter = supporter’s name
placeholder-number = ticket number
placeholder-subject = subject
placeholder-category = category
placeholder-site = name of this site
placeholder-link = link to the ticket
closed-title = This ticket is closed
closed-follow-up = Need more help? Open a follow-up ticket.
closed-reopen = Reopen it to answer again. The customer can then reply again, too.
closed-support-off = You can open a follow-up ticket as soon as support is back.
closed-read-only = You can still read everything here.
read-only-title = You can only read this ticket
read-only-text = If you need to write here, ask an administrator of this site.

## Rating
rating-ask = Did this answer help you?
rating-yours = Your rating
rating-given = Customer’s rating
rating-change = You can change your rating at any time.
rating-stars = { $n ->
    [one] 1 of 5 stars
   *[other] { $n_text } of 5 stars
}
rating-word-1 = Not at all
rating-word-2 = A little
rating-word-3 = Partly
rating-word-4 = Mostly
rating-word-5 = Completely

## Writing
new-ticket-title = New ticket
new-ticket-heading = New ticket
new-ticket-lead = Tell us what it’s about. You will get an email when we answer.
new-ticket-follows = Follow-up to
your-reply = Your reply
your-answer = Your answer to the customer
send-reply = Send reply
send-answer = Send answer
send-and-close = Send and close
open-ticket = Send ticket
field-subject = Subject
field-body = Message
field-category = Category
field-attachment = Attachments
field-category-name = Category name
field-label = Labels
field-label-name = Name of the label
field-stars = Rating
field-form = Form
subject-hint = In a few words: what is it about?
body-hint = What did you do, what happened, and what did you expect?
category-choose = Please choose
priority-hint = Supporters can change it later.
files-hint = { $max ->
    [one] One file, up to { $size }.
   *[other] Up to { $max_text } files, { $size } each.
}
images-hint = Images up to { $size }.
chosen-too-large = Too large ({ $size } max)
chosen-remove = Remove
files-again = Please choose your files again.
text-is-kept = Your text is below.
text-restored = Draft restored.
text-discard = Discard
kept-body = Your text (to copy)

## Keyboard shortcuts for supporters
keys-title = Keyboard shortcuts
keys-next = Next ticket or message
keys-previous = Previous ticket or message
keys-enter = Open ticket
keys-waiting = Next waiting ticket
keys-answer = Write an answer
keys-saved = Insert a saved answer
keys-note = Write a note
keys-take = Take or release the ticket
keys-close = Close ticket (asks first)
keys-tick = Tick or untick the ticket
keys-search = Search
keys-overview = Back to the overview
keys-commands = Show all commands
keys-these = Show these shortcuts
palette-open = Commands
palette-title = Commands
palette-label = Type a command, a ticket number or what to search for
palette-ticket = Open ticket
palette-customer = Tickets of { $name }
palette-search = Search all tickets for
palette-nothing = Nothing found
keys-leave = Leave the field
keys-control = Ctrl + Enter
keys-send = Send
keys-control-shift = Ctrl + Shift + Enter
keys-send-and-close = Send and close
keys-on = Use keyboard shortcuts in this browser
keys-done = Done

## Errors in fields
problems-title = Not sent. Please fix:

## Errors
error-kept = Your text (to copy):
error-sign-in-title = Please sign in
error-sign-in-text = Your session has expired. Sign in again, then send your text again.
error-sign-in-again = Sign in again
error-open-again = Try again
error-not-found-title = Page not found
error-not-found-text = The address may be wrong, or the page was deleted. The overview shows all tickets you can read.
error-denied-title = You don’t have access
error-denied-text = If you need access, ask an administrator of this site.
error-supporters-do-not-open-title = Supporters can’t open tickets here
error-supporters-do-not-open-text = The customers’ tickets are in the overview.
error-own-ticket-title = This is your own ticket
error-own-ticket-text = Another supporter will answer it. You can read it and reply as a customer.
error-support-off-title = Support is offline right now
error-support-off-text = You can write to us again as soon as someone is back. Please try again later.
error-ticket-closed-title = This ticket is closed
error-ticket-closed-text = Your message was not sent.
error-refused-title = This is not possible here
error-refused-text = Nothing was changed.
error-ratings-off-title = Ratings are turned off
error-ratings-off-text = Your rating was not saved.
error-not-ratable-title = You can’t rate this message
error-not-ratable-text = Only the customer can rate answers.
error-form-used-title = This was already sent
error-form-used-text = Please check the ticket or the overview before you send it again.
error-file-missing-title = This file is no longer available
error-file-missing-text = Please ask for the file to be sent again.
error-too-large-title = This is too large
error-too-large-text = Please send fewer or smaller files.
error-invalid-title = Please check your entries
error-invalid-text = Something is missing or not allowed. Please go back and correct it.
error-conflict-title = There is something new on this ticket
error-conflict-text = Someone has changed something in the meantime. Your change was not saved. Please read what is new first.
error-overtaken-title = Someone else was faster
error-overtaken-text = Your change was not saved.
error-unavailable-title = This is not available right now
error-unavailable-text = The problem is on our side. Nothing was saved. Please try again in a few minutes.
error-forged-title = Please send the form again
error-forged-text = The page was open for too long, or the form did not come from this site. Nothing was saved.
error-too-many-title = Please wait a moment
error-too-many-text = You sent a lot in a short time. Please send your text again in a minute.
error-bad-request-title = Something went wrong
error-bad-request-text = Please go back and try again.
error-internal-title = Something went wrong
error-internal-text = The problem is on our side. Please try again. If it happens again, tell an administrator of this site.
error-too-many-at-once-title = Please wait a moment
error-too-many-at-once-text = You are sending several forms at once. This one was not saved. Please send it again when the others are done.
error-busy-title = Please try again in a moment
error-busy-text = Many people are sending something right now. Nothing was saved.
error-too-slow-title = The connection was too slow
error-too-slow-text = Your form did not arrive completely. Nothing was saved. Please send it again, perhaps with smaller files.
error-method-title = This address can’t be opened directly
error-method-text = It belongs to a form. Please open the page with the form.

## The queue of what waits, and a text that says the same again
notice-queue-end = You have reached the end of the queue. Tickets you skipped are still waiting.
notice-none-waits = No other ticket is waiting.
notice-several-assigned = { $n ->
    [0] The tickets are assigned.
    [one] One ticket is assigned.
   *[other] { $n_text } tickets are assigned.
}
notice-several-prioritized = { $n ->
    [0] The priority of the tickets has been changed.
    [one] The priority of one ticket has been changed.
   *[other] The priority of { $n_text } tickets has been changed.
}
notice-several-categorized = { $n ->
    [0] The category of the tickets has been changed.
    [one] The category of one ticket has been changed.
   *[other] The category of { $n_text } tickets has been changed.
}
notice-several-labelled = { $n ->
    [0] The tickets have the label.
    [one] One ticket has the label.
   *[other] { $n_text } tickets have the label.
}
notice-several-unlabelled = { $n ->
    [0] The label has been removed from the tickets.
    [one] The label has been removed from one ticket.
   *[other] The label has been removed from { $n_text } tickets.
}
notice-several-closed = { $n ->
    [0] The tickets are closed.
    [one] One ticket is closed.
   *[other] { $n_text } tickets are closed.
}
notice-several-reopened = { $n ->
    [0] The tickets are open again.
    [one] One ticket is open again.
   *[other] { $n_text } tickets are open again.
}
several-title = Change the ticked tickets
several-all = Tick all on this page
several-tick = Tick ticket { $number }
several-set-priority = Set priority
several-set-category = Set category
several-not-done = Not done with all tickets
several-none-done = Nothing was changed
several-close = Close
several-reopen = Reopen
several-missing = There is no such ticket.
queue-again = Start again with the oldest ticket
support-off-title-supporter = All supporters are marked as absent
conflict-by-one = { $name } has just replied
conflict-by-many = { $name } and others have just replied
conflict-answer = Your answer has not been sent. Read what is new, then change your answer or send it as it is.
conflict-close = The ticket has not been closed. Read what is new first.
somebody = Somebody
error-same-again-title = You have just sent this
error-same-again-text = We already have the same text, so it was not sent again. To send it twice, send the form once more.
damaged-ticket = Ticket { $number } can’t be shown because its data is damaged. The problem has been logged.
damaged-messages = { $n ->
    [one] Message { $numbers } can’t be shown completely because its data is damaged. The problem has been logged.
   *[other] Messages { $numbers } can’t be shown completely because their data is damaged. The problem has been logged.
}
error-ticket-damaged-title = This ticket is damaged
error-ticket-damaged-text = It can’t be shown because its data is damaged. The problem has been logged. An administrator of this site can restore the data or delete the ticket.
error-file-damaged-title = This file is damaged
error-file-damaged-text = It can’t be opened. Please ask for the file to be sent again.
error-account-title = Your account does not work here
error-account-text = This site gives your account an ID that support can’t store. You did nothing wrong. Please tell an administrator of this site.
