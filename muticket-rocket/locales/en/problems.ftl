### What is wrong with a form. $max and $length are numbers, $size is the size of a file, $file its name.

problem-summary = Nothing has been saved yet. Please check the marked fields.

## For every field.
problem-empty = Please fill in this field.
problem-too-long = The text is too long: { $length_text } characters, at most { $max_text } are allowed.
problem-control = The text contains a control character that cannot be stored. Please type it in by hand.
problem-unknown = There is no such choice, or not any more. Please choose again.
problem-taken = This exists already.

## For certain fields.
problem-stars = Please choose 1 to 5 stars.
problem-category-empty = Please choose a category.
problem-category-unknown = This category does not exist any more. Please choose another one.
problem-group-unknown = This group does not exist any more. Please choose another one.
problem-user-empty = Please choose a person.
problem-user-unknown = This person is not, or no longer, in the supporters’ group. Please choose somebody else.
problem-user-taken = This person is a supporter already.
problem-image-limit = Please enter a whole number greater than 0, or leave the field empty.

## For attachments.
problem-file-empty = The file “{ $file }” is empty.
problem-too-many =
    { $max ->
        [one] At most one attachment is allowed.
       *[other] At most { $max_text } attachments are allowed.
    }
problem-too-large = The file “{ $file }” is too large. At most { $size } are allowed.
problem-expired = The file “{ $file }” was uploaded too long ago. Please add it again.
