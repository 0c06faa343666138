### The texts of the administration.

# The name of this language in the language itself. Every language needs this text.
language-name = English

## On every page.
backend-nav = Support administration
backend-nav-supporters = Supporters
backend-nav-statistics = Statistics
backend-nav-settings = Settings
backend-nav-categories = Categories
backend-nav-labels = Labels
backend-nav-saved-answers = Saved answers
backend-nav-tickets = Delete tickets
backend-nav-mail = Email
backend-support-off = Support is offline because no supporter is present. Customers can’t open tickets or reply. They can still read and rate.
backend-support-off-link = Mark a supporter as present
backend-held = { $n ->
    [one] The database seems to come from a backup. One email in it is on hold, because it may have been sent before.
   *[other] The database seems to come from a backup. { $n_text } emails in it are on hold, because they may have been sent before.
}
backend-held-release = Send now
backend-held-discard = Discard
backend-unknown-user = Unknown user ({ $id })
backend-save = Save
backend-edit = Edit
backend-category-removed = (removed)

## Notices.
notice-settings-saved = Settings saved.
notice-supporter-added = Supporter added.
notice-supporter-saved = Supporter saved.
notice-supporter-removed = Supporter removed. Their answers and ratings are kept.
notice-category-added = Category added.
notice-category-saved = Category saved.
notice-category-removed = Category removed. Existing tickets keep it.
notice-categories-sorted = The categories are sorted by name.
notice-label-added = Label added.
notice-label-saved = Label saved.
notice-label-removed = Label removed from the list and from all tickets.
notice-ticket-deleted = Ticket permanently deleted.
notice-letter-retried = The email is being sent again.
notice-letters-released = The emails are being sent.
notice-letters-discarded = The emails were discarded.
notice-letters-resumed = Emails are sent to this address again.

## Settings.
backend-settings-title = Settings
backend-settings-group = Supporter group
backend-settings-group-hint = Only members of this group can be supporters. People who leave the group lose access immediately.
backend-settings-no-group = No group
backend-settings-unknown-group = Unknown group ({ $id })
backend-settings-ratings-legend = Ratings
backend-settings-ratings = Customers can rate answers
backend-settings-ratings-hint = If you turn this off, existing ratings are kept, but hidden.
backend-settings-images-legend = Images
backend-settings-image-limit = Maximum image size
backend-settings-image-limit-hint = Leave empty for no separate limit. Every file is limited to { $size }.
backend-settings-image-limit-unit = Unit
backend-settings-open-legend = Tickets of supporters
backend-settings-supporters-open = Supporters can open tickets
backend-settings-customers-prioritize = Customers can choose a priority when they open a ticket
backend-settings-customers-prioritize-hint = Supporters can change it. Afterwards customers do not see the priority of their tickets.
backend-settings-assignee-legend = Assignee
backend-settings-answering-assigns = Answering an unassigned ticket assigns it to the supporter who answers
backend-settings-assignee-first = Email customers’ replies only to the assignee while they are present
backend-settings-letters-legend = Emails to customers
backend-settings-receipts = Send customers a receipt when they open a ticket
backend-settings-closing-letters = Email customers when their ticket is closed
backend-settings-closing-letters-hint = The email is sent after a minute, and not at all if the ticket is open again by then. If an answer closes the ticket, the email with the answer says so.
backend-settings-remove-location = Remove the location from photos
backend-settings-remove-location-hint = For uploaded JPEG, PNG and WebP files, not for HEIC and AVIF. The picture itself stays as it is.

## Supporters.
backend-supporters-title = Supporters
backend-supporters-group = Only members of the group “{ $group }” can be supporters.
backend-supporters-new = Add supporter
backend-supporters-name = Name
backend-supporters-presence = Presence
backend-supporters-categories = Categories
backend-supporters-all-categories = No category. Gets email only if nobody else is responsible.
backend-supporters-actions = Actions
backend-supporters-present = Present
backend-supporters-absent = Absent
backend-supporters-set-present = Mark as present
backend-supporters-set-absent = Mark as absent
backend-supporters-set-present-of = { $name }: Mark as present
backend-supporters-set-absent-of = { $name }: Mark as absent
backend-supporters-edit-of = Edit { $name }
backend-supporters-no-member = No longer in the group: no access
backend-supporters-empty = There are no supporters yet. Add one so that customers can open tickets.
backend-supporters-no-group = First choose which user group answers tickets.
backend-supporters-to-settings = Choose a group
backend-supporters-no-candidates = All members of the group “{ $group }” are supporters already.
backend-supporters-group-empty = The group “{ $group }” has no members. Add someone to it, or choose another group.

backend-supporter-new-title = Add supporter
backend-supporter-edit-title = Edit supporter
backend-supporter-edit-heading = Edit { $name }
backend-supporter-user = Person
backend-supporter-choose = Please choose
backend-supporter-user-hint = Members of the group “{ $group }” who are not supporters yet.
backend-supporter-presence = Presence
backend-supporter-present = Is present
backend-supporter-present-hint = Supporters who are present get email about new tickets and messages. Customers can write as long as at least one supporter is present.
backend-supporter-categories = Categories
backend-supporter-categories-hint = The supporter gets email about tickets of these categories. If no supporter of the category is present, all supporters who are present get the email.
backend-supporter-no-member = This person is no longer in the supporter group and has no access.
backend-supporter-statistics = Show statistics
backend-supporter-back = Back to the supporters
backend-supporter-remove-heading = Remove supporter
backend-supporter-remove-text = This person will no longer be able to answer tickets. Their answers and ratings are kept.
backend-supporter-remove = Remove supporter
backend-supporter-remove-confirm = Remove { $name } as a supporter?

## The ratings of a supporter.
backend-statistics-title = Statistics
backend-statistics-off = Ratings are turned off.
backend-statistics-off-link = Go to the settings
backend-statistics-no-answers = No answers yet.
backend-statistics-no-ratings = No ratings yet.
backend-statistics-heading = Ratings of answers
backend-statistics-answers = Answers
backend-statistics-rated = Rated answers
backend-statistics-share = { $percent }% of the answers
backend-statistics-mean = Average
backend-statistics-mean-of =
    { $n ->
        [one] of 5 stars, from one rating
       *[other] of 5 stars, from { $n_text } ratings
    }
backend-statistics-distribution = Distribution
backend-statistics-chart = Bar chart: number of answers for each number of stars. The figures are in the table below.
backend-statistics-stars = Stars
backend-statistics-count = Number
backend-statistics-part = Share
backend-statistics-percent = { $percent }%
backend-statistics-latest = Rated answers
backend-statistics-latest-hint = { $n_text } most recent ratings
backend-statistics-answer = Answer
backend-statistics-when = Rated
backend-statistics-all = All rated answers

backend-months = Month by month
backend-months-hint = Strong colour: average stars. Pale colour: number of answers. A rating counts in the month in which it was last changed.
backend-months-chart = Column chart: average stars and number of answers in each month. The figures are in the table below.
backend-months-month = Month
backend-months-of = { $month }: average { $mean }, ratings: { $rated }, answers: { $answers }

backend-waits = Time to first answer
backend-waits-hint = Tickets that this person was the first to answer. Nights and weekends count.
backend-waits-none = This person has not been the first to answer a ticket yet.
backend-waits-chart = Bar chart: how many customers waited how long for the first answer. The figures are in the table below.
backend-waits-wait = Waiting time
backend-waits-median = Median
backend-waits-of =
    { $n ->
        [one] from one first answer
       *[other] from { $n_text } first answers
    }
backend-wait-hour = Up to 1 hour
backend-wait-four-hours = Up to 4 hours
backend-wait-day = Up to 1 day
backend-wait-three-days = Up to 3 days
backend-wait-longer = Longer
backend-span-minutes = { $amount } min
backend-span-hours = { $amount } hours
backend-span-days = { $amount } days
backend-first-answers = First answers

backend-answers-back = Back to the statistics
backend-answers-month = Rated in { $month }
backend-answers-wait = Waiting time: { $wait }
backend-answers-given = Answered
backend-answers-ticket = Ticket
backend-answers-message = Message
backend-answers-seconds = Waiting time (seconds)
backend-answers-unreadable = Unreadable filter
backend-answers-empty = No answers match
backend-answers-pager = Pages of answers
backend-answers-first = Newest answers
backend-answers-next = Older answers
backend-csv = Download CSV
backend-csv-of = { $table }: Download CSV

backend-stars =
    { $n ->
        [one] 1 star
       *[other] { $n_text } stars
    }

## Open tickets.
backend-open-hint = Open tickets. Your own tickets are not counted.
backend-open-assignee = Open tickets by assignee
backend-open-label = Open tickets by label
backend-open-priority = Open tickets by priority
backend-open-former = Tickets of people who are no longer supporters count as nobody’s.

## Categories.
backend-saved-title = Shared saved answers
backend-saved-intro = All supporters can insert these into their answers. What a supporter has saved for themselves is not shown here.
backend-saved-empty = There are no shared saved answers yet.
backend-categories-title = Categories
backend-categories-intro = Customers pick a category when they open a ticket. The supporters of that category are notified.
backend-categories-empty = There are no categories yet. They are optional, and help you sort tickets.
backend-categories-list = Existing categories
backend-categories-add-heading = Add category
backend-categories-add = Add category
backend-categories-name = Name ({ $language })
backend-categories-name-hint = One name is enough. It is then used for all languages.
backend-categories-order-hint = The list is sorted by name. “Move up” and “Move down” change the order for everybody.
backend-categories-arranged-hint = You have set the order. New categories are added at the end.
backend-categories-sort = Sort by name
backend-categories-up = Move up
backend-categories-up-of = Category “{ $name }”: Move up
backend-categories-down = Move down
backend-categories-down-of = Category “{ $name }”: Move down
backend-categories-remove = Remove
backend-categories-remove-of = Category “{ $name }”: Remove
backend-categories-save-of = Category “{ $name }”: Save
backend-categories-remove-confirm = Remove the category “{ $name }”?
backend-categories-remove-text = It can no longer be chosen for new tickets. Existing tickets keep it.

## Labels.
backend-labels-title = Labels
backend-labels-intro = Supporters put labels on tickets to find them again. Customers never see labels.
backend-labels-empty = There are no labels yet.
backend-labels-list = Existing labels
backend-labels-add = Add label
backend-labels-name = Name
backend-labels-colour = Colour
backend-labels-on =
    { $n ->
        [0] On no ticket
        [one] On one ticket
       *[other] On { $n_text } tickets
    }
backend-labels-on-many = On more than { $n_text } tickets
backend-labels-save-of = Label “{ $name }”: Save
backend-labels-remove = Remove label
backend-labels-remove-of = Label “{ $name }”: Remove
backend-labels-remove-heading = Remove the label “{ $name }”?
backend-labels-gone =
    { $n ->
        [0] No ticket has it.
        [one] One ticket has it. The label is removed from this ticket.
       *[other] { $n_text } tickets have it. The label is removed from all of them.
    }
backend-labels-gone-many = More than { $n_text } tickets have it. The label is removed from all of them.
backend-colour-grey = Grey
backend-colour-red = Red
backend-colour-orange = Orange
backend-colour-yellow = Yellow
backend-colour-green = Green
backend-colour-blue = Blue
backend-colour-violet = Violet
backend-colour-pink = Pink

## Deleting tickets.
backend-tickets-title = Delete tickets
backend-tickets-intro = Permanently delete tickets here. Supporters answer and close them under “Tickets”.
backend-tickets-number = Number
backend-tickets-subject = Subject
backend-tickets-customer = Customer
backend-tickets-state = Status
backend-tickets-activity = Last activity
backend-tickets-actions = Actions
backend-tickets-open = Open
backend-tickets-closed = Closed
backend-tickets-delete = Delete
backend-tickets-delete-of = Delete ticket { $number }
backend-tickets-empty-open = There are no open tickets.
backend-tickets-empty-closed = There are no closed tickets.
backend-tickets-empty-all = There are no tickets.
backend-tickets-pager = Pages
backend-tickets-first = First page
backend-tickets-next = Next page

backend-delete-title = Delete ticket
backend-delete-heading = Permanently delete ticket { $number }?
backend-delete-opened = Opened
backend-delete-warning = This cannot be undone.
backend-delete-gone = This will be deleted:
backend-delete-messages =
    { $n ->
        [one] the only message of the ticket
       *[other] all { $n_text } messages of the ticket
    }
backend-delete-attachments = all attachments
backend-delete-notes = all notes of supporters with their files
backend-delete-ratings = all ratings, also in the supporters’ statistics
backend-delete-history = the history of the ticket
backend-delete-letters = unsent emails about it
backend-delete-incoming = all emails that came in for it, including replies that still wait
backend-delete-hint-open = This ticket is still open. A supporter can close it instead.
backend-delete-button = Delete permanently

## Mail.
backend-mail-title = Email
backend-mail-waiting = Waiting
backend-mail-sent = Sent
backend-mail-failed = Failed
backend-mail-dropped = Not sent
backend-mail-counts-hint = “Sent” and “Not sent” cover the last 30 days.
backend-mail-empty = All emails have been sent.
backend-mail-list = Undelivered emails
backend-mail-more = Up to { $n_text } emails, failed ones first.
backend-mail-state = Status
backend-mail-about = About
backend-mail-ticket = Ticket { $number }
backend-mail-recipient = Recipient
backend-mail-created = Created
backend-mail-attempts = Attempts
backend-mail-problem = Error
backend-mail-actions = Actions
backend-mail-state-failed = Failed
backend-mail-state-waiting = Waiting
backend-mail-state-sending = Sending
backend-mail-state-dropped = Not sent
backend-mail-about-ticket-opened = New ticket
backend-mail-about-customer-replied = Customer’s reply
backend-mail-about-ticket-assigned = Assigned ticket
backend-mail-about-category-changed = Changed category
backend-mail-about-mentioned = Mention in a note
backend-mail-about-supporter-answered = Supporter’s answer
backend-mail-about-letter-waits = Email that waits for support
backend-mail-about-letter-refused = Email that was not accepted
backend-mail-about-answer-on-page = Supporter’s email: answer on the page
backend-mail-about-letter-not-confirmed = Email on hold: sender not confirmed
backend-mail-about-ticket-received = Receipt for a new ticket
backend-mail-about-ticket-closed = Closed ticket
backend-mail-reason-no-access = This person no longer has access to the ticket.
backend-mail-reason-unknown-user = This account no longer exists.
backend-mail-reason-no-address = This account has no valid email address.
backend-mail-reason-own-address = The address is the sender address of support.
backend-mail-trouble-unreachable = The mail server cannot be reached.
backend-mail-trouble-no-answer = The mail server did not answer.
backend-mail-trouble-insecure = No secure connection to the mail server could be made.
backend-mail-trouble-login = The mail server refused the user name or password.
backend-mail-trouble-sender = The mail server does not accept the sender’s address.
backend-mail-trouble-address = The mail server does not accept email for this address.
backend-mail-trouble-full = The recipient’s mailbox is full.
backend-mail-trouble-size = The email is too large for the mail server.
backend-mail-trouble-blocked = The mail server rejected the email, for example as spam.
backend-mail-trouble-later = The mail server is not accepting the email at the moment.
backend-mail-trouble-refused = The mail server rejected the email.
backend-mail-trouble-unwritten = The email could not be written.
backend-mail-trouble-other = The email could not be sent.
backend-mail-may-have-arrived = It may have arrived all the same.
backend-mail-words = Message: “{ $words }”
backend-mail-first-try = Not tried yet
backend-mail-next-try = Next attempt: { $when }
backend-mail-retry = Send again
backend-mail-retry-of = Email about ticket { $number } to { $name }: Send again
backend-mail-retry-to = Email to { $name }: Send again
backend-mail-held = On hold
backend-mail-state-held = On hold
backend-mail-reason-discarded = The email was on hold, and an administrator discarded it.
backend-mail-reason-outdated = What the email says is no longer so.
backend-mail-reason-undeliverable = Emails to this address came back several times.

## The clock of the site
backend-settings-clock = Time zone of the site
backend-settings-clock-server = Time zone of the server ({ $zone })
backend-settings-clock-hint = Statistics count days and months in this time zone.
backend-clock = Days and months in the time zone { $zone }.
backend-delete-damaged = This ticket can’t be read because its data is damaged. The log says which data. Deleting it also deletes what can still be read of it.
backend-damaged = Some data is damaged and left out here. The problem has been logged.

## Emails that came in.
backend-mail-in-title = Received emails
backend-mail-directions = Pages about emails
backend-mail-direction-sent = Sent
backend-mail-direction-received = Received
backend-mail-direction-senders = Addresses
backend-mail-groups = What became of them
backend-mail-group-held = On hold
backend-mail-group-parked = Failed
backend-mail-group-waiting = Waiting
backend-mail-group-done = On tickets
backend-mail-group-ignored = Automatic
backend-mail-group-discarded = Discarded
backend-mail-in-off = No emails come in: this site has not been set up for it.
backend-mail-in-none = There are no emails here.
backend-mail-in-passing = These emails are deleted after 30 days.
backend-mail-in-hint = These emails are no tickets and no replies. Open a ticket with an email, or discard it.
backend-mail-in-subject = Subject
backend-mail-in-sender = Sender
backend-mail-in-reason = What happened
backend-mail-in-received = Received
backend-mail-in-no-subject = No subject
backend-mail-in-no-sender = No sender
backend-mail-in-take-for = User ID or email address of the customer
backend-mail-in-take = Open a ticket
backend-mail-in-always = Always from this customer
backend-mail-in-take-or-assign = Open a ticket or assign the address
backend-mail-in-about = Email “{ $subject }” from { $sender }
backend-mail-in-customer = The email is about a ticket of { $name }. Perhaps they wrote it from another address.
backend-mail-in-always-hint = “Always from this customer”: from now on, emails from { $sender } count as emails of this customer, this one included. An email counts only if its sender is confirmed (DMARC), because anybody can write any address into an email.
backend-mail-in-nobody = No account has this ID or address, or several have the address.
backend-mail-in-refused = No ticket was opened: this customer may not open tickets at the moment, a category is missing, or the email is empty.
backend-mail-in-supporter = { $name } is a supporter. Addresses are not assigned to supporters.
backend-mail-in-known = The address { $sender } already belongs to the account of { $name }, so it was not assigned.
backend-mail-in-taken = The address { $sender } is already assigned to { $name }. You can remove that under “Addresses”.
backend-mail-in-unknown-passing =
    { $n ->
        [one] Emails from unknown senders (no account has their address) are deleted after one day.
       *[other] Emails from unknown senders (no account has their address) are deleted after { $n_text } days.
    }
backend-mail-in-repeat = Process again
backend-mail-in-discard = Discard
backend-mail-in-waiting = It waits to be processed.
backend-mail-in-support-off = It waits until a supporter is present.
backend-mail-in-replied = It is a reply on the ticket.
backend-mail-in-opened = It opened the ticket.
backend-mail-in-followed-up = It is a reply to a closed ticket, and opened this one.
backend-mail-in-automatic = A program wrote it, for example as an absence note.
backend-mail-in-bounce = It is a report about the delivery of an email.
backend-mail-in-own = It comes from the address of support itself.
backend-mail-in-discarded = An administrator discarded it.
backend-mail-in-unknown-sender = No account has this address.
backend-mail-in-not-confirmed = It is not certain that the email comes from this sender.
backend-mail-in-from-supporter = A supporter wrote it. It could not become an answer on the ticket.
backend-mail-in-not-allowed = The sender may not reply to this ticket or open tickets.
backend-mail-in-needs-category = A ticket needs a category, and none is set up for emails.
backend-mail-in-empty = The email has no text and no file.
backend-mail-in-too-many-parts = The email has too many parts and was not read.
backend-mail-in-too-many = This sender sent too many emails in one hour. They may come from a program.
backend-mail-in-too-large = The email is too large and was not fetched. Its header is here.
backend-mail-in-parked = The email could not be processed.
backend-mail-senders-title = Addresses of customers
backend-mail-senders-hint = Emails from these addresses count as those of the customer, if the sender is confirmed. No account has these addresses.
backend-mail-senders-more = The first { $n_text } addresses.
backend-mail-senders-address = Address
backend-mail-senders-user = Customer
backend-mail-senders-since = Assigned
backend-mail-senders-forget = Remove
backend-mail-senders-forget-of = Remove { $address }
backend-mail-senders-empty = No addresses are assigned. Under “Received”, you can assign the address of an email that is on hold if no account has its address.
notice-sender-assigned = From now on, emails from this address count as emails of the customer, if the sender is confirmed. This email is being processed again. If it is on hold afterwards, its sender is not confirmed.
notice-sender-forgotten = The address was removed.
notice-incoming-opened = The ticket was opened.
notice-incoming-repeated = The email is being processed again.
notice-incoming-discarded = The email was discarded.

## People who get no emails because emails to them came back.
backend-mail-back-title = People whom emails do not reach
backend-mail-back-hint = Emails to these people came back several times, so they get none at present. They get emails again when they write one, when their address changes, or when you choose so here.
backend-mail-back-person = Name
backend-mail-back-address = Address
backend-mail-back-count = Returned emails
backend-mail-back-since = Since
backend-mail-back-resume = Send again to this address
backend-mail-back-resume-of = { $name }: Send again to this address
## Mailboxes from which emails are fetched.
backend-mailbox-title = Mailboxes
backend-mailbox-name = Mailbox
backend-mailbox-checked = Last read
backend-mailbox-state = Status
backend-mailbox-never = Never
backend-mailbox-well = No error
backend-mailbox-unreachable = The mail server cannot be reached.
backend-mailbox-no-answer = The mail server did not answer in time.
backend-mailbox-insecure = No secure connection to the mail server could be made.
backend-mailbox-login = The mail server refused the login.
backend-mailbox-folder = The mailbox could not be opened.
backend-mailbox-refused = The mail server does not give out an email.
backend-mailbox-nonsense = The mail server did not answer as it should.
backend-mailbox-not-stored = An email could not be stored. It will be fetched again.
backend-mailbox-left-out = MuTicket left out an email after ten tries. It is still in the mailbox. This note stays for 30 days.
