DROP INDEX muticket_rating_author_newest;
CREATE INDEX muticket_rating_author_newest ON muticket_rating (author, rated_at, ticket, message);
DROP INDEX muticket_rating_author;
CREATE INDEX muticket_rating_author ON muticket_rating (author, score);
DROP INDEX muticket_message_author;
CREATE INDEX muticket_message_author ON muticket_message (author, role);
DROP TABLE muticket_first_answer;
