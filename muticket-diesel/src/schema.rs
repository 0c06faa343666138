//! The tables as Diesel sees them. The migrations describe the content of their columns.

mod letters;

pub(crate) use self::letters::{incoming, mailbox, outbox, sender, undeliverable};

diesel::table! {
    #[sql_name = "muticket_ticket"]
    ticket (number) {
        number -> BigInt,
        customer -> Text,
        subject -> Text,
        category -> Nullable<Text>,
        state -> Text,
        turn -> Text,
        closed_by -> Nullable<Text>,
        last_message -> BigInt,
        answers -> BigInt,
        last_role -> Text,
        last_supporter -> Nullable<Text>,
        follows -> Nullable<BigInt>,
        opened_at -> Timestamp,
        last_activity_at -> Timestamp,
        version -> BigInt,
        assignee -> Nullable<Text>,
        priority -> BigInt,
        last_note -> Nullable<BigInt>,
    }
}

diesel::table! {
    #[sql_name = "muticket_subject_word"]
    subject_word (word, ticket) {
        word -> Text,
        ticket -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::dialect::UuidColumn;

    #[sql_name = "muticket_message"]
    message (ticket, number) {
        ticket -> BigInt,
        number -> BigInt,
        author -> Text,
        role -> Text,
        body -> Text,
        written_at -> Timestamp,
        nonce -> Nullable<UuidColumn>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::dialect::UuidColumn;

    #[sql_name = "muticket_attachment"]
    attachment (id) {
        id -> UuidColumn,
        ticket -> BigInt,
        message -> BigInt,
        name -> Text,
        media_type -> Text,
        size -> BigInt,
        blob_key -> Text,
        sha256 -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::dialect::UuidColumn;

    #[sql_name = "muticket_note"]
    note (ticket, number) {
        ticket -> BigInt,
        number -> BigInt,
        after_message -> BigInt,
        author -> Text,
        body -> Text,
        mentions -> Text,
        written_at -> Timestamp,
        edited_at -> Nullable<Timestamp>,
        nonce -> Nullable<UuidColumn>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::dialect::UuidColumn;

    #[sql_name = "muticket_note_file"]
    note_file (id) {
        id -> UuidColumn,
        ticket -> BigInt,
        note -> BigInt,
        name -> Text,
        media_type -> Text,
        size -> BigInt,
        blob_key -> Text,
        sha256 -> Text,
    }
}

diesel::table! {
    #[sql_name = "muticket_open_page"]
    open_page (ticket, user_id) {
        ticket -> BigInt,
        user_id -> Text,
        writes -> Bool,
        seen_at -> Timestamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::dialect::UuidColumn;

    #[sql_name = "muticket_label"]
    label (position) {
        position -> BigInt,
        id -> UuidColumn,
        name -> Text,
        colour -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::dialect::UuidColumn;

    #[sql_name = "muticket_ticket_label"]
    ticket_label (label, ticket) {
        label -> UuidColumn,
        ticket -> BigInt,
    }
}

diesel::table! {
    #[sql_name = "muticket_rating"]
    rating (ticket, message) {
        ticket -> BigInt,
        message -> BigInt,
        score -> BigInt,
        rated_at -> Timestamp,
        author -> Nullable<Text>,
    }
}

diesel::table! {
    #[sql_name = "muticket_first_answer"]
    first_answer (ticket) {
        ticket -> BigInt,
        message -> BigInt,
        author -> Text,
        answered_at -> Timestamp,
        seconds -> BigInt,
    }
}

diesel::table! {
    #[sql_name = "muticket_history"]
    history (ticket, version) {
        ticket -> BigInt,
        version -> BigInt,
        at -> Timestamp,
        by_user -> Text,
        change -> Text,
        message -> Nullable<BigInt>,
        score -> Nullable<BigInt>,
        value -> Nullable<Text>,
    }
}

diesel::table! {
    #[sql_name = "muticket_seen"]
    seen (ticket, user_id) {
        ticket -> BigInt,
        user_id -> Text,
        message -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::dialect::UuidColumn;

    #[sql_name = "muticket_supporter"]
    supporter (position) {
        position -> BigInt,
        id -> UuidColumn,
        user_id -> Text,
        present -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::dialect::UuidColumn;

    #[sql_name = "muticket_supporter_category"]
    supporter_category (supporter, category) {
        supporter -> UuidColumn,
        category -> Text,
    }
}

diesel::table! {
    #[sql_name = "muticket_settings"]
    settings (id) {
        id -> BigInt,
        supporter_group -> Nullable<Text>,
        ratings -> Bool,
        image_limit -> Nullable<BigInt>,
        supporters_open -> Bool,
        time_zone -> Nullable<Text>,
        remove_location -> Bool,
        answering_assigns -> Bool,
        assignee_first -> Bool,
        customers_prioritize -> Bool,
        receipts -> Bool,
        closing_letters -> Bool,
        revision -> BigInt,
    }
}

diesel::table! {
    #[sql_name = "muticket_category"]
    category (position) {
        position -> BigInt,
        id -> Text,
        retired -> Bool,
    }
}

diesel::table! {
    #[sql_name = "muticket_category_order"]
    category_order (category) {
        category -> Text,
        position -> BigInt,
    }
}

diesel::table! {
    #[sql_name = "muticket_category_name"]
    category_name (category, position) {
        category -> Text,
        position -> BigInt,
        language -> Text,
        name -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::dialect::UuidColumn;

    #[sql_name = "muticket_saved_answer"]
    saved_answer (id) {
        id -> UuidColumn,
        owner -> Nullable<Text>,
        title -> Text,
        categories -> Text,
        closes -> Bool,
        takes -> Bool,
        assignee -> Nullable<Text>,
        priority -> Nullable<BigInt>,
        moves_to -> Nullable<Text>,
        labels -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::dialect::UuidColumn;

    #[sql_name = "muticket_saved_text"]
    saved_text (answer, position) {
        answer -> UuidColumn,
        position -> BigInt,
        language -> Text,
        body -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::dialect::UuidColumn;

    #[sql_name = "muticket_saved_use"]
    saved_use (answer, user_id) {
        answer -> UuidColumn,
        user_id -> Text,
        uses -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::dialect::UuidColumn;

    #[sql_name = "muticket_saved_view"]
    saved_view (id) {
        id -> UuidColumn,
        owner -> Nullable<Text>,
        name -> Text,
        state -> Text,
        ready -> Nullable<Text>,
        waiting -> Nullable<Text>,
        category -> Nullable<Text>,
        customer -> Nullable<Text>,
        assigned -> Nullable<Text>,
        assignee -> Nullable<Text>,
        priority -> Nullable<BigInt>,
        label -> Nullable<UuidColumn>,
        search -> Nullable<Text>,
        sort -> Text,
        direction -> Text,
        texts -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::dialect::UuidColumn;

    #[sql_name = "muticket_first_view"]
    first_view (user_id) {
        user_id -> Text,
        ready -> Nullable<Text>,
        saved -> Nullable<UuidColumn>,
    }
}

diesel::table! {
    #[sql_name = "muticket_orphan"]
    orphan (blob_key) {
        blob_key -> Text,
        due_at -> Timestamp,
    }
}

diesel::table! {
    #[sql_name = "muticket_pulse"]
    pulse (id) {
        id -> BigInt,
        beat -> BigInt,
        written_at -> Timestamp,
        stopped -> Bool,
    }
}

diesel::table! {
    #[sql_name = "muticket_secret"]
    secret (name) {
        name -> Text,
        #[sql_name = "secret"]
        bytes -> Binary,
    }
}

diesel::table! {
    #[sql_name = "muticket_site_address"]
    site_address (id) {
        id -> BigInt,
        base -> Text,
        url -> Nullable<Text>,
    }
}

diesel::table! {
    #[sql_name = "muticket_migration"]
    migration (version) {
        version -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(ticket, rating, first_answer);
diesel::allow_tables_to_appear_in_same_query!(supporter, supporter_category, category, category_name);
diesel::allow_tables_to_appear_in_same_query!(saved_answer, saved_use);
