-- The words of the subjects, folded by the program and each once: what tickets are found by. Those of older tickets are filled in by it too.
CREATE TABLE muticket_subject_word (
    word   TEXT    NOT NULL,
    ticket INTEGER NOT NULL REFERENCES muticket_ticket (number) ON DELETE CASCADE,
    PRIMARY KEY (word, ticket)
) WITHOUT ROWID;
-- For one ticket's words, and for its deletion.
CREATE INDEX muticket_subject_word_ticket ON muticket_subject_word (ticket, word);
