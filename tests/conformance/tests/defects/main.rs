//! Tests of the suite: stores with one defect each, and the case that must detect it.

mod figures;
mod marks;
mod outbox;
mod overview;
mod staff;
mod store;
mod tickets;

use std::collections::BTreeSet;
use std::panic::catch_unwind;
use std::sync::Arc;

use muticket_conformance::{CASES, Shared, run, storage_conformance};

use crate::store::Broken;

macro_rules! defects {
    ($($defect:ident: $case:ident,)+) => {
        /// A defect of a store.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Defect {
            Nothing,
            $($defect),+
        }

        const NOTICED_BY: &[&str] = &[$(stringify!($case)),+];

        #[expect(non_snake_case, reason = "the tests have the names of the defects")]
        mod turns_red {
            $(
                #[test]
                fn $defect() {
                    super::turns_red(super::Defect::$defect, stringify!($case));
                }
            )+
        }
    };
}

defects! {
    CommitsOnError: a_unit_that_fails_leaves_nothing,
    CommitsWhenDecidedAgainst: a_unit_that_decides_so_leaves_nothing,
    CommitsOnPanic: a_unit_that_panics_leaves_nothing_and_the_storage_goes_on,
    HidesOwnWrites: a_unit_sees_its_own_writes,
    LosesConnectionsOnPanic: a_reading_unit_that_panics_does_no_harm,
    NeverRepeats: a_unit_runs_again_when_it_lost_a_race,
    RepeatsOnRemains: a_unit_runs_again_when_it_lost_a_race,
    RepeatsForEver: a_unit_does_not_run_for_ever,
    RepeatsAllErrors: a_unit_does_not_run_again_for_other_errors,
    IsPoisonedByDuplicates: a_unit_goes_on_after_a_duplicate,
    DeletionsOutliveTheirUnit: a_deletion_that_is_rolled_back_was_none,
    TicketsOutliveTheirUnit: a_unit_that_fails_leaves_nothing,
    MessagesOutliveTheirUnit: a_unit_that_decides_so_leaves_nothing,
    FilesOutliveTheirUnit: a_unit_that_panics_leaves_nothing_and_the_storage_goes_on,
    RatingsOutliveTheirUnit: a_unit_that_fails_leaves_nothing,
    FirstAnswersOutliveTheirUnit: a_unit_that_fails_leaves_nothing,
    HistoriesOutliveTheirUnit: a_unit_that_decides_so_leaves_nothing,
    MarksOutliveTheirUnit: a_unit_that_fails_leaves_nothing,
    SupportersOutliveTheirUnit: a_unit_that_panics_leaves_nothing_and_the_storage_goes_on,
    SettingsOutliveTheirUnit: a_unit_that_fails_leaves_nothing,
    CategoriesOutliveTheirUnit: a_unit_that_decides_so_leaves_nothing,
    OrdersOutliveTheirUnit: a_unit_that_fails_leaves_nothing,
    LettersOutliveTheirUnit: a_unit_that_panics_leaves_nothing_and_the_storage_goes_on,
    OrphansOutliveTheirUnit: a_unit_that_fails_leaves_nothing,
    SecretsOutliveTheirUnit: a_unit_that_decides_so_leaves_nothing,
    SitesOutliveTheirUnit: a_unit_that_fails_leaves_nothing,
    IsPoisonedByDuplicateSupporters: a_unit_goes_on_after_every_kind_of_duplicate,
    IsPoisonedByDuplicateCategories: a_unit_goes_on_after_every_kind_of_duplicate,
    IsPoisonedByDuplicateSecrets: a_unit_goes_on_after_every_kind_of_duplicate,
    IsPoisonedByDuplicateFiles: a_unit_goes_on_after_every_kind_of_duplicate,
    IsPoisonedByDuplicateRatings: a_unit_goes_on_after_every_kind_of_duplicate,
    IsPoisonedByDuplicateFirstAnswers: a_unit_goes_on_after_every_kind_of_duplicate,
    IsPoisonedByDuplicateHistories: a_unit_goes_on_after_every_kind_of_duplicate,
    ForgetsOtherOrphansWhenOneIsNotedAgain: a_unit_goes_on_after_every_kind_of_duplicate,
    LosesCommits: concurrent_writers_lose_nothing,
    ShowsUnfinishedUnits: nobody_sees_an_unfinished_unit,
    WritesInRead: a_reading_unit_cannot_write,
    ReadsWhatIsNewer: a_reading_unit_sees_one_picture,
    ReadsFromALaggingReplica: a_reading_unit_sees_what_was_committed_before,
    WritesInGlance: a_glance_cannot_write,
    GlancesAtWhatIsNewer: a_glance_sees_one_picture,
    StaysLockedWhenAbandoned: a_caller_that_goes_away_does_no_harm,

    ForgetsCategory: a_ticket_comes_back_as_it_was_stored,
    FindsNoCustomer: the_customer_of_a_ticket_is_found,
    GivesNumbersAgain: a_number_is_never_given_twice,
    ForgetsWhoClosed: an_update_stores_what_may_change,
    LetsTheLastWriterWin: an_update_of_an_older_version_is_stale,
    FailsWhenNothingIsFound: what_does_not_exist_is_not_found,
    LeavesHistoryBehind: a_deleted_ticket_takes_everything_with_it,
    LeavesFirstAnswersBehind: a_deleted_ticket_takes_everything_with_it,
    LeavesMarksBehind: a_deleted_ticket_takes_everything_with_it,
    LeavesLettersBehind: a_deleted_ticket_takes_everything_with_it,
    FollowsTheDeleted: followers_of_a_deleted_ticket_follow_nothing,
    ListsFilesFromBefore: a_deletion_waits_for_whoever_writes,
    WritesOnWhatIsDeleted: whoever_writes_waits_for_a_deletion,

    CutsSubjects: texts_come_back_exactly,
    LosesEmoji: texts_come_back_exactly,
    FoldsCase: identifiers_are_compared_byte_for_byte,
    TrimsBlanks: identifiers_are_compared_byte_for_byte,
    KeepsSmallNumbersOnly: large_numbers_are_kept,
    KeepsSmallSizesOnly: large_numbers_are_kept,
    KeepsFewClaimsOnly: large_numbers_are_kept,
    TakesZerosForMissing: the_smallest_numbers_are_kept,
    TakesEmptyCategoriesForMissing: what_is_empty_is_not_missing,
    TakesEmptyClosersForMissing: what_is_empty_is_not_missing,
    TakesEmptyProblemsForMissing: what_is_empty_is_not_missing,
    TakesEmptyGroupsForMissing: what_is_empty_is_not_missing,

    FoldsUsers: users_with_similar_names_have_their_own_records,
    TrimsCategories: categories_with_similar_identifiers_are_kept_apart,
    TrimsNamesOfSecrets: secrets_with_similar_names_are_kept_apart,
    FoldsGroups: a_group_keeps_its_spelling,
    FoldsCategoriesInLists: categories_and_authors_are_looked_up_byte_for_byte,

    LosesOneCharacter: every_character_comes_back_in_messages,
    NormalizesSubjects: every_character_comes_back_in_subjects_and_identifiers,
    NormalizesFileNames: every_character_comes_back_in_file_names,
    NormalizesProblems: every_character_comes_back_in_problems,
    NormalizesNamesOfCategories: every_character_comes_back_in_names_of_categories,

    DropsMicroseconds: instants_are_kept_to_the_microsecond,
    OrdersBySecond: instants_are_in_order,
    DropsMicrosecondsOfMessages: instants_are_kept_in_every_column,
    DropsMicrosecondsOfRatings: instants_are_kept_in_every_column,
    DropsMicrosecondsOfHistories: instants_are_kept_in_every_column,
    DropsMicrosecondsOfLetters: instants_are_kept_in_every_column,
    DropsMicrosecondsOfOrphans: what_is_due_is_due_to_the_microsecond,
    RoundsInstants: what_is_finer_than_a_microsecond_is_never_rounded_up,

    ForgetsNonces: a_message_comes_back_as_it_was_stored,
    TakesPlacesTwice: a_place_is_taken_once,
    TakesNoncesTwice: a_nonce_counts_once,
    PagesFromTheFirst: messages_come_in_pages,
    TurnsFilesRound: files_come_back_in_order,
    StoresSomeFilesOfARefusedInsert: a_file_is_taken_once_and_then_none_is_stored,
    ForgetsDigests: files_come_back_in_order,
    FindsFilesWithoutADigestFromTheFirst: files_without_a_digest_are_found_and_get_theirs_once,
    FindsAllFilesWithoutADigest: files_without_a_digest_are_found_and_get_theirs_once,
    SetsEveryDigest: files_without_a_digest_are_found_and_get_theirs_once,
    RefusesManyFiles: many_files_are_stored,
    TakesRatingsTwice: a_rating_is_given_once_and_can_be_changed,
    TalliesTheNamesake: a_tally_counts_what_was_written_as_a_supporter,
    ListsRatingsOldestFirst: rated_answers_come_last_rated_first,
    ListsHistoryNewestFirst: a_history_comes_back_in_order,
    TakesHistoryOfNothing: nothing_belongs_to_nothing,
    TakesFirstAnswersOfNothing: nothing_belongs_to_nothing,

    CountsRatingsWhenAnswersWereWritten: periods_count_answers_and_ratings_each_in_its_own,
    LeavesOutPeriodsWithoutAnything: periods_count_answers_and_ratings_each_in_its_own,
    TakesMonthsOfUtc: a_period_ends_with_its_last_microsecond,
    EndsPeriodsASecondEarly: a_period_ends_with_its_last_microsecond,
    HasNoEyeForTheFuture: the_last_activity_is_an_answer_or_a_rating,
    TakesNoRatingForActivity: the_last_activity_is_an_answer_or_a_rating,
    IgnoresStars: rated_answers_are_filtered,
    IgnoresPeriods: rated_answers_are_filtered,
    PagesRatedAnswersByTimeAlone: rated_answers_come_in_pages,
    DropsMicrosecondsOfFirstAnswers: a_first_answer_comes_back_as_it_was_stored,
    KeepsSmallWaitsOnly: a_first_answer_comes_back_as_it_was_stored,
    TakesFirstAnswersTwice: a_ticket_has_one_first_answer,
    TakesTheUpperMedian: waits_are_counted_in_their_ranges,
    CountsEdgesInTheNextRange: waits_are_counted_in_their_ranges,
    CountsWaitsOfTheFuture: waits_are_counted_until_an_instant,
    IgnoresWaits: first_answers_are_filtered_and_come_in_pages,
    PagesFirstAnswersByTimeAlone: first_answers_are_filtered_and_come_in_pages,

    IgnoresCategories: lists_are_filtered,
    IgnoresCustomers: lists_are_filtered,
    IgnoresStates: lists_are_filtered,
    IgnoresWaiting: lists_are_filtered,
    IgnoresOrder: lists_are_ordered_and_paged,
    IgnoresTheSort: lists_are_ordered_and_paged,
    IgnoresTheLimit: lists_are_ordered_and_paged,
    LeavesTiesInAnyOrder: lists_are_ordered_and_paged,
    PagesByOffset: pages_are_stable_while_tickets_come_and_move,
    LooksTheCursorUp: pages_are_stable_while_others_write,
    IgnoresTheSearch: lists_hold_what_is_found,
    FindsAnyWord: lists_hold_what_is_found,
    FindsInPages: found_tickets_come_in_pages,
    CountsWithoutTheSearch: counts_are_of_what_is_found,
    FindsSomeOfMany: a_common_word_is_found_like_a_rare_one,
    FindsAllWithoutWords: a_search_without_words_finds_nothing,
    CountsAllWithoutWords: a_search_without_words_finds_nothing,
    KnowsOneSpelling: every_spelling_and_every_piece_is_found,
    FoldsFurther: words_are_looked_up_byte_for_byte,
    CountsWrong: counts_are_of_the_view,
    CountsBeyondMany: counting_stops_at_many,

    TakesMarksBack: a_mark_never_goes_back,
    MarksForTheNamesake: marks_are_of_one_user_and_of_some_tickets,
    ListsAllMarks: marks_are_of_one_user_and_of_some_tickets,
    LeadsToOnesOwnTicket: the_longest_waiting_is_the_next,
    LeadsToTheSameTicket: the_longest_waiting_is_the_next,
    LeadsToTheNewest: the_longest_waiting_is_the_next,
    LeadsBack: the_longest_waiting_is_the_next,
    LeadsToAnyCategory: the_next_is_of_the_categories,
    LeavesOutWhatHasNoCategory: the_next_is_of_the_categories,

    LosesLetters: a_letter_comes_back_in_every_state,
    TakesLettersTwice: a_letter_is_inserted_once,
    ClaimsTheNewestFirst: the_longest_due_is_claimed_first,
    ClaimsForTwo: two_couriers_never_claim_the_same_letter,
    NeverLapses: a_lapsed_claim_is_claimed_again,
    IgnoresClaims: only_the_holder_of_a_claim_settles_it,
    CountsWhatWasNotTried: a_letter_that_was_not_tried_is_put_back,
    LetsNothingGo: letters_are_held_and_let_go,
    LeavesLettersInTheFuture: letters_of_the_future_are_brought_forward,
    BringsClaimsForwardAsNew: letters_of_the_future_are_brought_forward,
    KeepsTheFastestPulse: the_pulse_is_noted,
    RetriesEverything: a_failed_letter_is_retried,
    CountsClaimsAnewAfterARetry: a_claim_from_before_a_retry_settles_nothing,
    ClaimsOutliveTheirUnit: a_claim_that_is_rolled_back_was_none,
    ListsUnsentTheWrongWayRound: unsent_letters_are_listed_and_counted,
    DeletesTooMuch: ended_letters_are_deleted,
    LosesOneOfManyLetters: couriers_and_sweepers_lose_nothing,

    AdoptsTooLate: an_orphan_is_adopted_in_time,
    TurnsOrphansRound: orphans_come_longest_due_first,
    SweepsWhatIsAdopted: what_is_being_adopted_is_not_swept,
    AdoptsWhatIsSwept: what_is_being_swept_is_not_adopted,
    SweepsForTwo: two_sweepers_never_get_the_same_orphan,

    IgnoresPresence: a_supporter_comes_back_as_he_was_stored,
    TakesUsersTwice: a_user_has_one_record,
    OrdersSupportersByName: supporters_come_in_order,
    ForgetsTheLimitNothing: settings_are_kept,
    ForgetsTheTimeZone: settings_are_kept,
    AlwaysRemovesLocations: settings_are_kept,
    CountsSupportersOnly: a_revision_is_new_after_every_change,
    OrdersCategoriesByName: categories_are_kept,
    KeepsAnOrderForEver: an_order_of_categories_is_kept,
    FoldsIdentifiersInOrders: an_order_of_categories_is_kept,
    LosesPlacesOfCategories: whoever_arranges_waits_for_another_who_does,
    TakesSecretsTwice: a_secret_is_stored_once,
    KeepsTheFirstSite: the_address_of_the_site_is_kept,
    ForgetsWhereASiteIsFromOutside: the_address_of_the_site_is_kept,
    TakesAnyAddressForTheOne: an_address_is_replaced_only_if_it_is_the_one,
    LetsTheLastSiteWin: two_sites_never_get_the_same_storage,
}

fn turns_red(defect: Defect, name: &str) {
    let case = CASES.iter().find(|case| case.name == name).expect("the case is in the list");
    let outcome = catch_unwind(|| run(async || (Arc::new(Broken::new(defect)) as Shared, ()), case.run));
    assert!(outcome.is_err(), "{name} does not notice {defect:?}");
}

#[test]
fn every_case_notices_a_defect() {
    let noticing: BTreeSet<_> = NOTICED_BY.iter().copied().collect();
    let blind: Vec<_> = CASES.iter().map(|case| case.name).filter(|name| !noticing.contains(name)).collect();
    assert!(blind.is_empty(), "{blind:?}");
}

/// The wrapper alone is not a defect.
async fn nothing_wrong() -> (Shared, ()) {
    (Arc::new(Broken::new(Defect::Nothing)), ())
}

storage_conformance!(nothing_wrong);
