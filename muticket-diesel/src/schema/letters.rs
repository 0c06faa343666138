//! The tables of letters in both directions.

diesel::table! {
    use diesel::sql_types::*;
    use crate::dialect::UuidColumn;

    #[sql_name = "muticket_outbox"]
    outbox (id) {
        id -> UuidColumn,
        #[sql_name = "notice"]
        notification -> Text,
        ticket -> Nullable<BigInt>,
        message -> Nullable<BigInt>,
        recipient -> Text,
        created_at -> Timestamp,
        attempts -> BigInt,
        claims -> BigInt,
        state -> Text,
        due_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
        detail -> Nullable<Text>,
        version -> Nullable<BigInt>,
        note -> Nullable<BigInt>,
        incoming -> Nullable<UuidColumn>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::dialect::UuidColumn;

    #[sql_name = "muticket_incoming"]
    incoming (id) {
        id -> UuidColumn,
        received_at -> Timestamp,
        blob_key -> Text,
        size -> BigInt,
        sha256 -> Text,
        envelope_from -> Nullable<Text>,
        envelope_to -> Text,
        attempts -> BigInt,
        claims -> BigInt,
        due_at -> Nullable<Timestamp>,
        verdict -> Text,
        problem -> Nullable<Text>,
        sender -> Nullable<Text>,
        subject -> Nullable<Text>,
        message_id -> Nullable<Text>,
        checked -> Nullable<Text>,
        exempt -> Bool,
        writer -> Nullable<Text>,
        told_at -> Nullable<Timestamp>,
        ticket -> Nullable<BigInt>,
        message -> Nullable<BigInt>,
        new_part -> Nullable<BigInt>,
    }
}

diesel::table! {
    #[sql_name = "muticket_undeliverable"]
    undeliverable (user_id) {
        user_id -> Text,
        address -> Text,
        reports -> BigInt,
        first_at -> Timestamp,
        last_at -> Timestamp,
        problem -> Text,
    }
}

diesel::table! {
    #[sql_name = "muticket_mailbox"]
    mailbox (name) {
        name -> Text,
        uid_validity -> Nullable<BigInt>,
        next_uid -> Nullable<BigInt>,
        checked_at -> Nullable<Timestamp>,
        problem -> Nullable<Text>,
    }
}

diesel::table! {
    #[sql_name = "muticket_sender"]
    sender (address) {
        address -> Text,
        user_id -> Text,
        assigned_at -> Timestamp,
    }
}
