### Errors in forms. $max and $length are numbers, $size is the size of a file, $file is its name.

problem-summary = Not saved. Please check the marked fields.

## For every field.
problem-empty = Please fill in this field.
problem-too-long = The text is too long ({ $length_text } characters). The limit is { $max_text }.
problem-unknown = This choice is not available. Please choose again.
problem-taken = This already exists.
problem-other = This can’t be accepted. Please change it.

## For certain fields.
problem-stars = Please choose 1 to 5 stars.
problem-category-empty = Please choose a category.
problem-category-unknown = This category no longer exists. Please choose another one.
problem-priority-unknown = This priority does not exist. Please choose another one.
problem-label-unknown = A label you chose was removed meanwhile. Please check the labels.
problem-label-too-many = A ticket can have up to { $max_text } labels.
problem-label-name-taken = There is a label whose name looks the same.
problem-assignee-unknown = This person is no longer a supporter. Please choose someone else.
problem-saved-empty = Please choose a saved answer.
problem-saved-unknown = This saved answer no longer exists. Please choose another one.
problem-saved-too-many = There are too many saved answers. Please delete one first.
problem-view-name-taken = There is a view whose name looks the same.
problem-view-too-many = There are too many views. Please delete one first.
problem-view-filter = This list can’t be saved, because a filter can’t be read. Please remove that filter.
problem-placeholder = “{ $file }” is not a placeholder. Please choose one from the list, or change the double braces.
problem-gap = There is still a gap in the text: double square brackets with a question mark. Please fill it in.
problem-mention-unknown = Someone you mentioned is no longer a supporter. Please choose again.
problem-group-unknown = This group no longer exists. Please choose another one.
problem-user-empty = Please choose a person.
problem-user-unknown = This person is not in the supporter group. Please choose someone else.
problem-user-taken = This person is already a supporter.
problem-image-limit = Please enter a whole number from 1, or leave the field empty.
problem-image-limit-high = No file may be larger than { $size }. A higher limit for images has no effect.

## For attachments.
problem-file-empty = The file “{ $file }” is empty.
problem-tickets-empty = Tick at least one ticket.
problem-tickets-too-many = At most { $max_text } tickets at once.
problem-too-many =
    { $max ->
        [one] You can attach one file.
       *[other] You can attach up to { $max_text } files.
    }
problem-too-large = The file “{ $file }” is too large ({ $size } max).
problem-expired = The file “{ $file }” has expired. Please add it again.
problem-not-sent = The file “{ $file }” did not arrive. Please add it again.
