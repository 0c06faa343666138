ALTER TABLE muticket_rating DROP INDEX muticket_rating_author_newest, ADD INDEX muticket_rating_author_newest (author, rated_at, ticket, message);
ALTER TABLE muticket_rating DROP INDEX muticket_rating_author, ADD INDEX muticket_rating_author (author, score);
ALTER TABLE muticket_message DROP INDEX muticket_message_author, ADD INDEX muticket_message_author (author, role);
DROP TABLE IF EXISTS muticket_first_answer;
