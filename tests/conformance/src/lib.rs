#![doc = include_str!("../README.md")]
#![expect(clippy::unwrap_used, reason = "a case that cannot go on has failed")]

pub mod belongings;
mod everything;
pub mod figures;
pub mod held;
pub mod incoming;
pub mod instants;
pub mod keys;
pub mod labels;
pub mod mailboxes;
pub mod marks;
mod material;
pub mod note_files;
pub mod notes;
pub mod open_pages;
pub mod orphans;
pub mod outbox;
pub mod overview;
pub mod saved_answers;
pub mod saved_views;
pub mod search;
pub mod senders;
pub mod sites;
pub mod staff;
pub mod tickets;
pub mod undeliverable;
pub mod unicode;
pub mod units;
pub mod values;

use std::pin::Pin;
use std::sync::Arc;

use muticket_core::storage::Storage;

/// A storage as every case gets it: empty, and its own.
pub type Shared = Arc<dyn Storage>;

/// Runs one case on its own storage, and keeps the fixture's guard until the case has ended.
///
/// A fixture returns `None` if it has no storage to offer, for example because a server is missing. It should report that itself.
///
/// The runtime has several threads and enabled timers, because some cases need concurrent units.
///
/// # Panics
/// If the storage breaks the sentence of the contract that the case proves.
pub fn run<Guard, Fixture: Into<Option<(Shared, Guard)>>>(
    fixture: impl AsyncFnOnce() -> Fixture,
    case: impl AsyncFnOnce(Shared),
) {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(4).enable_all().build().expect("the system gives us threads");
    runtime.block_on(async {
        if let Some((storage, guard)) = fixture().await.into() {
            case(storage).await;
            drop(guard);
        }
    });
}

/// One case by name, to run a selection.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// The name, which states the rule.
    pub name: &'static str,
    /// Runs the case.
    pub run: fn(Shared) -> Pin<Box<dyn Future<Output = ()>>>,
}

/// Makes one test per case, each with a new storage from the fixture. The fixture is the name of an `async fn() -> (Shared, Guard)`; the
/// guard is anything that must live as long as the storage.
#[macro_export]
macro_rules! storage_conformance {
    (@tests $fixture:path; $($module:ident: $($case:ident),+;)+) => {
        $($(
            #[test]
            fn $case() {
                $crate::run($fixture, $crate::$module::$case);
            }
        )+)+
    };
    (@list $($module:ident: $($case:ident),+;)+) => {
        &[$($($crate::Case { name: stringify!($case), run: |storage| Box::pin($crate::$module::$case(storage)) }),+),+]
    };
    (@cases $($then:tt)+) => {
        $crate::storage_conformance! {
            $($then)+
            units: a_unit_sees_its_own_writes, a_unit_that_fails_leaves_nothing, a_unit_that_decides_so_leaves_nothing,
                a_deletion_that_is_rolled_back_was_none, a_unit_that_panics_leaves_nothing_and_the_storage_goes_on,
                a_reading_unit_that_panics_does_no_harm, a_unit_runs_again_when_it_lost_a_race, a_unit_does_not_run_for_ever,
                a_unit_does_not_run_again_for_other_errors, a_unit_goes_on_after_a_duplicate,
                a_unit_goes_on_after_every_kind_of_duplicate, concurrent_writers_lose_nothing, nobody_sees_an_unfinished_unit,
                a_reading_unit_cannot_write, a_reading_unit_sees_one_picture,
                a_reading_unit_sees_what_was_committed_before, a_stale_read_cannot_write, a_stale_read_sees_one_picture,
                a_caller_that_goes_away_does_no_harm;
            tickets: a_ticket_comes_back_as_it_was_stored, a_ticket_is_found_without_a_lock, the_customer_of_a_ticket_is_found, a_number_is_never_given_twice, an_update_stores_what_may_change,
                an_update_of_an_older_version_is_stale, what_does_not_exist_is_not_found,
                a_deleted_ticket_takes_everything_with_it, followers_of_a_deleted_ticket_follow_nothing,
                a_deletion_waits_for_a_writer, a_writer_waits_for_a_deletion;
            belongings: a_message_comes_back_as_it_was_stored, a_place_is_taken_once, a_nonce_counts_once, messages_come_in_pages,
                beginnings_are_read_of_some_messages,
                files_come_back_in_order, a_file_is_taken_once_and_then_none_is_stored, many_files_are_stored, files_without_a_digest_are_found_and_get_theirs_once,
                a_rating_is_given_once_and_can_be_changed, a_tally_counts_what_was_written_as_a_supporter,
                rated_answers_come_last_rated_first, a_history_comes_back_in_order, nothing_belongs_to_nothing;
            notes: a_note_comes_back_as_it_was_stored, a_note_is_taken_once, a_note_is_changed_and_deleted,
                notes_are_listed_with_their_messages, a_note_is_no_message, a_customer_reads_no_change_of_the_desk;
            note_files: files_of_a_note_come_back_as_they_were_stored, files_of_notes_are_listed_with_their_notes,
                a_file_of_a_note_is_taken_once_and_then_none_is_stored, files_of_a_note_are_removed, a_deleted_note_takes_its_files_with_it,
                keys_of_files_are_listed_by_note, a_file_of_a_note_is_no_attachment;
            saved_answers: a_saved_answer_comes_back_as_it_was_stored, the_id_of_a_saved_answer_is_taken_once,
                a_saved_answer_is_changed_and_deleted, a_personal_answer_is_listed_for_its_owner_only,
                uses_are_counted_for_each_supporter;
            saved_views: a_saved_view_comes_back_as_it_was_stored, the_id_of_a_saved_view_is_taken_once,
                a_saved_view_is_changed_and_deleted, a_personal_view_is_listed_for_its_owner_only,
                a_supporter_has_one_first_view, a_deleted_view_is_nobodys_first_view;
            open_pages: an_open_page_is_the_last_that_was_reported, old_open_pages_are_deleted;
            labels: labels_are_kept, a_label_is_put_on_once_and_taken_off, what_is_gone_gets_no_label,
                a_deleted_label_is_on_no_ticket, labels_are_read_of_some_tickets, the_tickets_of_labels_are_counted,
                a_change_of_labels_waits_for_another, lists_are_filtered_by_label, a_common_label_filters_like_a_rare_one,
                each_view_is_counted_by_its_own_label;
            figures: given_ratings_are_counted_by_customer, periods_count_answers_and_ratings_each_in_its_own, a_period_ends_with_its_last_microsecond,
                the_last_activity_is_an_answer_or_a_rating, rated_answers_are_filtered, rated_answers_come_in_pages,
                a_first_answer_comes_back_as_it_was_stored, a_ticket_has_one_first_answer, waits_are_counted_in_their_ranges, waits_are_counted_until_an_instant,
                first_answers_are_filtered_and_come_in_pages;
            overview: lists_are_filtered, a_customer_reaches_own_tickets_only, lists_are_ordered_and_paged, what_is_to_be_done_comes_first,
                assignees_are_listed_once, pages_are_stable_while_tickets_come_and_move,
                pages_are_stable_while_others_write, counts_are_of_the_views, counting_stops_at_many;
            search: lists_hold_what_is_found, found_tickets_come_in_pages, counts_are_of_what_is_found,
                a_search_without_words_finds_nothing,
                every_spelling_and_every_piece_is_found, a_common_word_is_found_like_a_rare_one, words_are_looked_up_byte_for_byte;
            marks: a_mark_never_goes_back, marks_are_of_one_user_and_of_some_tickets, the_longest_waiting_is_the_next,
                the_next_is_of_the_categories;
            outbox: a_letter_comes_back_in_every_state, a_letter_is_inserted_once, the_longest_due_is_claimed_first,
                two_couriers_never_claim_the_same_letter, a_lapsed_claim_is_claimed_again, only_the_holder_of_a_claim_settles_it,
                a_letter_that_was_not_tried_is_put_back, a_failed_letter_is_retried, a_claim_from_before_a_retry_settles_nothing,
                a_claim_that_is_rolled_back_was_none,
                unsent_letters_are_listed_and_counted, ended_letters_are_deleted, couriers_and_sweepers_lose_nothing;
            incoming: a_letter_that_came_in_comes_back_as_it_was_stored, a_letter_comes_in_once, letters_that_wait_are_claimed_once, letters_of_a_verdict_are_brought_forward,
                only_the_holder_of_a_letter_settles_it, letters_are_listed_by_group_newest_first,
                many_letters_are_counted_as_many, useless_letters_are_deleted, one_letter_is_claimed_by_one,
                letters_of_a_writer_are_counted,
                supporters_are_told_about_letters_without_a_writer, letters_of_unknown_senders_are_deleted,
                letters_of_a_ticket_are_listed_by_message_and_by_verdict;
            undeliverable: what_is_known_of_letters_to_a_user_is_replaced, what_is_known_is_read_of_some_users,
                the_undeliverable_are_listed_last_first, what_is_known_of_letters_to_a_user_is_deleted, a_sent_letter_comes_back,
                a_letter_comes_back_before_it_is_settled;
            mailboxes: a_mailbox_comes_back_as_it_was_last_stored, mailboxes_are_listed_by_name,
                a_mailbox_waits_for_the_unit_that_reads_on;
            senders: an_assigned_address_is_the_last_that_was_stored, an_assigned_address_is_deleted;
            held: letters_are_held_and_let_go, letters_of_the_future_are_brought_forward, the_pulse_is_noted;
            orphans: an_orphan_is_adopted_in_time, orphans_come_longest_due_first, what_is_being_adopted_is_not_swept,
                what_is_being_swept_is_not_adopted, two_sweepers_never_get_the_same_orphan;
            staff: a_supporter_comes_back_as_stored, a_user_has_one_record, supporters_come_in_order, settings_are_kept,
                a_revision_is_new_after_every_change, categories_are_kept, an_order_of_categories_is_kept,
                an_arrangement_waits_for_another, a_secret_is_stored_once;
            sites: the_address_of_the_site_is_kept, an_address_is_replaced_only_if_it_is_the_one, two_sites_never_get_the_same_storage;
            values: texts_come_back_exactly, identifiers_are_compared_byte_for_byte, large_numbers_are_kept,
                the_smallest_numbers_are_kept, what_is_empty_is_not_missing;
            keys: users_with_similar_names_have_their_own_records, categories_with_similar_identifiers_are_kept_apart,
                secrets_with_similar_names_are_kept_apart, a_group_keeps_its_spelling,
                categories_and_authors_are_looked_up_byte_for_byte;
            unicode: every_character_comes_back_in_messages, every_character_comes_back_in_subjects_and_identifiers,
                every_character_comes_back_in_file_names, every_character_comes_back_in_problems,
                every_character_comes_back_in_names_of_categories;
            instants: instants_are_kept_to_the_microsecond, instants_are_in_order, instants_are_kept_in_every_column,
                what_is_due_is_due_to_the_microsecond, what_is_finer_than_a_microsecond_is_never_rounded_up;
        }
    };
    ($fixture:path) => {
        $crate::storage_conformance! { @cases @tests $fixture; }
    };
}

/// All cases, in the order of the contract.
pub const CASES: &[Case] = storage_conformance!(@cases @list);
