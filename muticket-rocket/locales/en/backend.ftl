### The pages of the administration.

# What this language calls itself. Every further language needs this sentence.
language-name = English

## On every page.
backend-nav = Support administration
backend-nav-supporters = Supporters
backend-nav-settings = Settings
backend-nav-categories = Categories
backend-nav-tickets = Delete tickets
backend-nav-mail = Mail
backend-support-off = Support is not active, because no supporter is present. Customers can neither open tickets nor reply. Reading and rating still work.
backend-support-off-link = Mark a supporter as present
backend-unknown-user = Unknown user ({ $id })
backend-save = Save
backend-edit = Edit
backend-category-removed = (removed)

## Notices.
notice-settings-saved = The settings were saved.
notice-supporter-added = The supporter was added.
notice-supporter-saved = The supporter was saved.
notice-supporter-removed = The supporter was removed. The answers and their ratings stay. You can add the supporter again at any time.
notice-category-added = The category was added.
notice-category-saved = The category was saved.
notice-category-removed = The category was removed. Tickets that have it keep it.
notice-ticket-deleted = The ticket was deleted for good.
notice-letter-retried = The mail is being sent again.

## Settings.
backend-settings-title = Settings
backend-settings-group = Supporters’ group
backend-settings-group-hint = Only members of this group can be supporters. Whoever leaves the group loses the rights of a supporter at once.
backend-settings-no-group = No group
backend-settings-unknown-group = Unknown group ({ $id })
backend-settings-ratings-legend = Ratings
backend-settings-ratings = Customers can rate the answers of supporters
backend-settings-ratings-hint = Ratings that were given stay when you switch this off; they are just hidden.
backend-settings-images-legend = Uploaded images
backend-settings-image-limit = Largest size of an image
backend-settings-image-limit-hint = Leave the field empty for no limit of images alone. The limit of { $size } for all files counts in any case.
backend-settings-image-limit-unit = Unit
backend-settings-open-legend = Tickets of supporters
backend-settings-supporters-open = Supporters can open tickets, too

## Supporters.
backend-supporters-title = Supporters
backend-supporters-group = Supporters are taken from the group “{ $group }”.
backend-supporters-new = Add a supporter
backend-supporters-name = Name
backend-supporters-presence = Presence
backend-supporters-categories = Categories
backend-supporters-all-categories = No category
backend-supporters-actions = Actions
backend-supporters-present = Present
backend-supporters-absent = Absent
backend-supporters-set-present = Mark as present
backend-supporters-set-absent = Mark as absent
backend-supporters-set-present-of = { $name }: Mark as present
backend-supporters-set-absent-of = { $name }: Mark as absent
backend-supporters-edit-of = Edit { $name }
backend-supporters-no-member = No longer in the group: has no effect
backend-supporters-empty = There are no supporters yet. Add the first one, so that customers can open tickets.
backend-supporters-no-group = No group is chosen from which supporters are taken. Choose a group first.
backend-supporters-to-settings = Choose a group in the settings
backend-supporters-no-candidates = Every member of the group “{ $group }” is a supporter already. To add another one, put somebody into the group first.
backend-supporters-group-empty = The group “{ $group }” has no members. Put somebody into the group first, or choose another one.

backend-supporter-new-title = Add a supporter
backend-supporter-edit-title = Edit supporter
backend-supporter-edit-heading = Edit { $name }
backend-supporter-user = Person
backend-supporter-choose = Please choose
backend-supporter-user-hint = You can choose among the members of the group “{ $group }” who are not supporters yet.
backend-supporter-presence = Presence
backend-supporter-present = Is present
backend-supporter-present-hint = Supporters who are present get mail about new tickets and messages. Support is active as long as at least one supporter is present.
backend-supporter-categories = Categories
backend-supporter-categories-hint = The supporter gets mail about tickets of these categories. If nobody present has the category, all supporters who are present get the mail.
backend-supporter-no-member = This person is no longer in the supporters’ group, so the record has no effect.
backend-supporter-statistics = Show statistics
backend-supporter-back = Back to the supporters
backend-supporter-remove-heading = Remove supporter
backend-supporter-remove-text = The record is removed, and the person is no supporter any more. The person’s answers and their ratings stay.
backend-supporter-remove = Remove supporter
backend-supporter-remove-confirm = Remove { $name } as a supporter?

## The ratings of a supporter.
backend-statistics-title = Statistics
backend-statistics-off = Ratings are switched off, so none are shown here.
backend-statistics-off-link = Go to the settings
backend-statistics-no-answers = This supporter has not written an answer yet.
backend-statistics-no-ratings = No customer has rated an answer of this supporter yet.
backend-statistics-heading = Ratings of this supporter’s answers
backend-statistics-answers = Answers
backend-statistics-rated = Rated answers
backend-statistics-share = { $percent }% of the answers
backend-statistics-mean = Mean
backend-statistics-mean-of =
    { $n ->
        [one] of 5 stars, from one rating
       *[other] of 5 stars, from { $n_text } ratings
    }
backend-statistics-distribution = Distribution
backend-statistics-chart = Bar chart: how many answers got how many stars. The figures are in the table below.
backend-statistics-stars = Stars
backend-statistics-count = Number
backend-statistics-part = Share
backend-statistics-percent = { $percent }%
backend-statistics-latest = Rated answers
backend-statistics-latest-hint = The last rated first, at most { $n_text }.
backend-statistics-answer = Answer
backend-statistics-when = Rated
backend-statistics-all = All rated answers

backend-months = Month by month
backend-months-hint = Each month of UTC: in front the mean number of stars, which is written above; pale beside it how many answers there were, measured by the month with the most. A rating counts in the month in which it was given or last changed.
backend-months-chart = Column chart: mean number of stars and number of answers in each month. The figures are in the table below.
backend-months-month = Month
backend-months-of = { $month }: mean { $mean }, ratings: { $rated }, answers: { $answers }

backend-waits = Time to first answer
backend-waits-hint = The tickets on which this supporter gave the first answer, from their opening to that answer, nights and weekends included.
backend-waits-none = This supporter has not been the first to answer a ticket yet.
backend-waits-chart = Bar chart: how many customers waited how long for the first answer. The figures are in the table below.
backend-waits-wait = Waited
backend-waits-median = Half of them within
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

backend-answers-back = Back to the figures
backend-answers-month = Rated in { $month }
backend-answers-wait = Waited: { $wait }
backend-answers-given = Answered
backend-answers-ticket = Ticket
backend-answers-message = Message
backend-answers-seconds = Waited (seconds)
backend-answers-empty = There are no such answers.
backend-answers-pager = Pages of answers
backend-answers-first = Newest answers
backend-answers-next = Older answers
backend-csv = Table as CSV
backend-csv-of = { $table }: Table as CSV

backend-stars =
    { $n ->
        [one] 1 star
       *[other] { $n_text } stars
    }

## Categories.
backend-categories-title = Categories
backend-categories-intro = If there are categories, a customer chooses one when opening a ticket, and the supporters who have it get the mail.
backend-categories-empty = There are no categories yet. Everything else works without them. Add the first one here if you want to sort tickets.
backend-categories-list = Existing categories
backend-categories-add-heading = Add a category
backend-categories-add = Add category
backend-categories-name = Name ({ $language })
backend-categories-name-hint = At least one name is needed. Where it is missing in a language, another one is shown.
backend-categories-remove = Remove
backend-categories-remove-of = Category “{ $name }”: Remove
backend-categories-save-of = Category “{ $name }”: Save
backend-categories-remove-confirm = Remove the category “{ $name }”?
backend-categories-remove-text = It can then no longer be chosen for new tickets. Tickets that have it keep it.

## Deleting tickets.
backend-tickets-title = Delete tickets
backend-tickets-intro = Tickets are deleted for good here. They are answered and closed in the support pages themselves.
backend-tickets-number = Number
backend-tickets-subject = Subject
backend-tickets-customer = Customer
backend-tickets-state = State
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
backend-tickets-first = To the first page
backend-tickets-next = More tickets

backend-delete-title = Delete ticket
backend-delete-heading = Delete ticket { $number } for good?
backend-delete-opened = Opened
backend-delete-warning = This cannot be undone.
backend-delete-gone = This will be gone:
backend-delete-messages =
    { $n ->
        [one] the only message of the ticket
       *[other] all { $n_text } messages of the ticket
    }
backend-delete-attachments = all attachments
backend-delete-ratings = all ratings, also in the supporters’ statistics
backend-delete-history = the history of the ticket
backend-delete-letters = mail about it that is not sent yet
backend-delete-hint-open = The ticket is still open. If it only needs to end, a supporter can close it instead.
backend-delete-button = Delete for good

## Mail.
backend-mail-title = Mail
backend-mail-waiting = Waiting
backend-mail-sent = Sent
backend-mail-failed = Failed
backend-mail-dropped = Not sent
backend-mail-counts-hint = Mail that was sent, or not sent on purpose, is counted for 30 days.
backend-mail-empty = Everything is sent: no mail waits, and none has failed.
backend-mail-list = Mail that is not sent
backend-mail-more = At most { $n_text } are listed, failed ones first.
backend-mail-state = State
backend-mail-about = Reason
backend-mail-ticket = Ticket { $number }
backend-mail-recipient = Recipient
backend-mail-created = Created
backend-mail-attempts = Attempts
backend-mail-problem = What happened
backend-mail-actions = Actions
backend-mail-state-failed = Failed
backend-mail-state-waiting = Waiting
backend-mail-state-sending = Being sent
backend-mail-state-dropped = Not sent
backend-mail-about-ticket-opened = New ticket
backend-mail-about-customer-replied = Message of the customer
backend-mail-about-supporter-answered = Answer of a supporter
backend-mail-reason-no-access = The recipient may no longer see the ticket.
backend-mail-reason-unknown-user = The recipient does not exist any more.
backend-mail-reason-no-address = The recipient has no valid mail address.
backend-mail-reason-own-address = The recipient’s address is the one that support mail comes from.
backend-mail-first-try = Not tried yet
backend-mail-next-try = Next try: { $when }
backend-mail-retry = Send again
backend-mail-retry-of = Mail about ticket { $number } to { $name }: Send again
