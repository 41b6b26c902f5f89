//! What every store must do, as cases over a pool. Each case runs on each store, and after each the records are compared
//! with what the events say.
//!
//! A new store is one more line in [`on_every_store`]; a new case is one more line in [`cases`].
//!
//! `make test-libsql-server` runs every case over a libSQL server as well, read over the network and from a replica.

mod backing_up;
mod budget;
mod checking;
mod depending;
mod durability;
#[cfg(feature = "dynamodb")]
mod dynamodb;
mod fitting;
mod following;
mod governing;
mod handing_on;
mod happenings;
mod importing;
mod leases;
#[cfg(feature = "test-libsql-server")]
mod libsql_server;
mod listings;
mod maintaining;
mod offering;
mod order;
mod policies;
mod pool;
mod race;
mod refusals;
mod repeating;
mod reviewing;
mod simulation;
mod trusting;
mod writing_back;

use owp_store::Store;
use owp_store::libsql::LibsqlStore;
use owp_store::memory::MemoryStore;
use pool::Pool;
use std::sync::Arc;
use tempfile::TempDir;

/// Runs a case on a fresh store and checks what it leaves behind.
async fn run(store: Arc<dyn Store>, case: impl AsyncFnOnce(&Pool)) {
    let pool = Pool::over(store);
    case(&pool).await;
    pool.check().await;
}

/// A database in a directory that lasts as long as it is held.
async fn libsql() -> (Arc<LibsqlStore>, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let store = LibsqlStore::open(&folder.path().join("pool.db")).await.expect("a new database");
    (Arc::new(store), folder)
}

macro_rules! on_every_store {
    ($case:path) => {
        #[tokio::test]
        async fn memory() {
            crate::run(std::sync::Arc::new(crate::MemoryStore::default()), $case).await;
        }

        #[tokio::test]
        async fn libsql() {
            let (store, _folder) = crate::libsql().await;
            crate::run(store.clone(), $case).await;
            store.close().await;
        }

        #[cfg(feature = "test-libsql-server")]
        #[tokio::test]
        async fn libsql_remote() {
            let server = crate::libsql_server::alone().await;
            let store = server.remote().await;
            crate::run(store.clone(), $case).await;
            store.close().await;
        }

        #[cfg(feature = "test-libsql-server")]
        #[tokio::test]
        async fn libsql_replica() {
            let server = crate::libsql_server::alone().await;
            let folder = tempfile::tempdir().expect("a temporary directory");
            let store = server.replica(&folder.path().join("replica.db")).await;
            crate::run(store.clone(), $case).await;
            store.close().await;
        }

        #[cfg(feature = "dynamodb")]
        #[tokio::test]
        async fn dynamodb() {
            let store = crate::dynamodb::store().await;
            crate::run(store.clone(), $case).await;
            store.delete().await.expect("the table goes with its case");
        }
    };
}

macro_rules! cases {
    ($($module:ident: $($case:ident)+;)+) => {
        mod conformance {$(
            mod $module {$(
                mod $case {
                    on_every_store!(crate::$module::$case);
                }
            )+}
        )+}
    };
}

cases! {
    order:
        higher_priority_goes_first
        among_equals_the_repository_that_waited_longest_goes_first
        among_equals_of_one_repository_the_oldest_goes_first
        age_decides_between_repositories_that_were_never_served
        a_repository_with_many_kinds_of_tasks_gets_no_more_turns_than_one_with_few
        a_fetch_of_several_takes_the_best_of_all_shelves
        a_fetch_of_several_takes_turns_between_repositories
        a_fetch_tops_up_to_all_that_the_worker_can_hold
        repositories_that_have_nothing_for_a_worker_hide_no_other
        a_task_that_comes_back_keeps_its_place
        an_edited_priority_counts_at_once
        nothing_that_asks_for_more_hides_what_fits
        nothing_that_is_locked_or_throttled_hides_what_can_be_given;
    budget:
        live_leases_and_open_prs_share_the_budget
        a_closed_pr_makes_room
        a_budget_lowered_below_its_use_stops_assignment_until_enough_is_merged
        a_budget_of_zero_stops_assignment
        a_paused_repository_gives_nothing_and_takes_nothing_away
        an_area_has_one_holder_until_its_pr_is_merged_or_closed
        the_same_area_of_another_repository_is_another_area
        a_released_or_expired_task_frees_its_area
        locks_can_be_switched_off_and_on_with_tasks_in_flight
        tasks_without_an_area_lock_nothing
        putting_a_repository_again_changes_only_what_is_said;
    fitting:
        points_count_what_is_held_now
        a_task_of_exactly_the_free_points_fits
        no_worker_holds_more_tasks_than_it_may
        changes_requested_takes_capacity_again
        who_has_too_many_in_review_gets_no_more
        skills_compare_trimmed_and_lower_case
        every_required_skill_counts_and_not_only_the_leading_one
        trust_bounds_the_tier
        a_paused_worker_keeps_what_it_holds_and_gets_nothing_new
        any_call_is_a_sign_of_life
        every_reason_is_named
        what_keeps_a_task_from_everybody_is_named
        only_workers_that_are_online_are_looked_at;
    leases:
        a_lease_lives_until_the_very_moment_of_its_end
        a_fetch_settles_the_dead_first
        settling_is_bounded_and_says_whether_there_is_more
        a_worker_silent_past_the_grace_period_loses_its_tasks
        a_worker_that_returns_before_anybody_asked_keeps_its_tasks
        what_is_in_review_outlives_silence_and_the_lease
        changes_requested_have_a_response_clock_that_silence_does_not_shorten
        who_takes_up_requested_changes_is_bound_to_its_presence_again
        a_clock_that_was_ahead_makes_nobody_present_until_then
        a_late_write_is_refused_in_each_of_its_forms
        a_released_task_goes_to_others_and_comes_back_after_an_hour
        declined_tasks_in_front_do_not_hide_others
        a_task_out_of_attempts_fails_until_a_maintainer_reopens_it
        a_lease_can_be_renewed_up_to_its_maximum
        a_response_clock_can_not_be_renewed
        a_task_that_two_holders_call_unclear_waits_for_its_maintainer;
    maintaining:
        every_action_is_taken_or_refused_in_every_state
        every_report_is_taken_or_refused_in_every_state
        merged_twice_is_harmless
        a_report_that_says_nothing_new_causes_no_event
        branch_notes_and_artifact_stay_for_the_next_holder
        what_a_holder_relied_on_can_not_change_under_it
        a_ready_task_can_change_its_lane
        an_edit_with_a_refused_action_changes_nothing
        a_revoked_worker_loses_its_tasks_and_its_token
        requested_changes_of_a_revoked_worker_go_to_somebody_else;
    offering:
        an_accepted_offer_is_a_lease_like_any_other
        an_offer_holds_budget_area_and_capacity
        an_unanswered_offer_is_free_for_others_at_once
        who_declined_is_not_offered_the_same_again_for_an_hour
        two_workers_who_find_it_unclear_set_it_aside
        a_holder_and_one_who_was_offered_it_are_two_who_find_it_unclear
        what_a_maintainer_takes_back_in_between_is_no_word_on_the_text
        a_worker_chooses_between_being_given_and_being_offered
        offers_come_in_the_order_in_which_tasks_are_given
        what_is_offered_and_can_not_be_accepted_any_more_goes_back_when_its_worker_asks
        no_offer_outlives_the_hours_in_which_work_may_begin
        a_worker_may_ask_for_few_offers
        nobody_else_can_answer_an_offer
        a_maintainer_can_take_an_offered_task_back_or_away
        an_offer_ends_with_its_worker
        a_lowered_tier_takes_back_offers_and_leaves_leases
        an_offered_task_says_why_others_do_not_get_it;
    depending:
        a_task_waits_until_all_it_depends_on_is_merged
        what_is_merged_already_is_not_waited_for
        a_maintainers_merge_sets_free_as_a_reported_one
        what_waits_for_a_cancelled_task_says_so
        a_reverted_merge_is_waited_for_again
        a_task_gains_and_loses_dependencies_while_nobody_holds_it
        a_cycle_is_refused_and_named
        an_import_may_name_tasks_further_down
        a_long_chain_can_be_imported
        a_task_that_does_not_exist_can_not_be_waited_for
        no_more_tasks_wait_for_one_than_one_commit_can_free
        a_waiting_task_can_be_cancelled_and_comes_back_waiting;
    trusting:
        a_repository_can_ask_for_trust
        a_denied_handle_gets_nothing_of_the_repository
        an_allow_list_lets_verified_handles_in
        lists_are_replaced_one_by_one
        every_ending_counts_as_the_docs_say
        a_rating_counts_whenever_it_is_given
        a_revert_counts_as_if_it_had_never_been_merged
        doing_tasks_one_filed_oneself_earns_nothing
        what_matters_is_shown_to_the_reputable_first
        hidden_tasks_in_front_do_not_hide_others
        hidden_areas_in_front_do_not_hide_others
        who_was_shut_out_meanwhile_can_not_accept;
    governing:
        a_pause_ends_by_itself
        a_pause_can_be_ended_early_or_made_lasting
        no_new_work_starts_in_quiet_hours
        what_is_held_goes_on_in_quiet_hours
        an_hourly_limit_counts_what_led_to_a_pull_request
        a_limit_does_not_starve_a_repository_that_was_closed
        weight_shares_the_workers
        size_counts_in_a_repositorys_share
        a_new_repository_does_not_starve_the_others
        security_tasks_have_slots_of_their_own
        an_idle_pull_request_frees_its_slot_once
        reviews_stay_in_the_budget_where_nobody_said_otherwise
        days_set_later_count_for_reviews_that_are_open_already
        no_review_leaves_the_budget_once_its_maintainer_said_never;
    handing_on:
        a_parked_lease_stands_still_until_the_quota_is_back
        a_lease_is_parked_once_and_not_for_ever
        who_goes_on_early_has_parked_for_that_long_only
        who_parked_gets_nothing_new_until_the_quota_is_back
        holding_a_task_again_does_not_start_its_time_anew
        a_short_rest_of_the_time_is_a_short_lease
        every_attempt_is_kept_with_what_it_left
        a_task_keeps_its_latest_attempts_only
        what_would_not_be_finished_in_time_is_not_given
        measured_durations_decide_once_there_are_enough
        points_per_day_bound_what_is_given_in_a_day
        parking_at_the_end_wins_no_time
        a_parked_task_that_is_taken_away_brings_no_quota_back
        nobody_is_gone_because_the_pool_was_away;
    following:
        an_issue_becomes_a_task_and_again_changes_nothing
        an_issue_that_is_closed_or_unlabelled_takes_its_free_task_along
        an_edited_text_is_flagged_and_taken_over_when_somebody_accepts_it
        labels_are_followed_while_nobody_holds_the_task
        a_pull_request_that_names_its_lease_moves_its_task
        the_order_in_which_a_pull_request_is_told_of_does_not_matter
        a_pull_request_is_the_holders_by_lease_or_by_author_and_not_by_report
        nobody_else_names_the_lease_of_a_proven_account
        a_merge_counts_however_late_it_comes
        doing_an_issue_one_filed_earns_nothing_whatever_handle_is_claimed
        who_filed_a_task_is_asked_again_when_its_work_is_judged_again
        a_merge_after_the_lease_has_ended_is_its_holders
        a_merge_is_not_reported_where_github_tells
        a_merge_counts_once_whatever_is_said_of_it_later;
    reviewing:
        a_dismissed_review_asks_for_nothing_any_more
        a_dismissal_may_be_told_before_what_it_dismisses
        each_reviewer_who_asked_for_changes_has_to_be_content
        a_push_answers_reviews_and_their_dismissal_changes_nothing
        what_a_maintainer_has_sent_back_no_reviewer_at_github_takes_back
        a_review_that_was_told_and_read_counts_once
        a_review_of_a_head_that_was_noticed_late_counts
        more_reviewers_than_are_remembered_count_once;
    policies:
        a_policy_counts_as_soon_as_it_is_accepted
        quiet_hours_of_a_policy_close_the_repository
        the_same_state_of_a_file_changes_nothing
        of_a_file_with_a_mistake_nothing_is_followed
        where_nothing_is_linked_no_policy_counts;
    writing_back:
        one_works_at_the_desk_until_it_leaves_or_is_not_heard_of
        a_desk_is_found_as_it_was_left
        who_has_lost_the_desk_keeps_nothing_of_what_it_was_about_to;
    refusals:
        a_task_needs_a_registered_repository
        what_does_not_exist_is_not_found
        a_token_of_another_version_or_of_nobody_is_void
        a_key_belongs_to_one_task_of_a_repository;
    importing:
        an_import_creates_updates_and_leaves_alone
        a_task_without_a_key_is_known_by_its_title
        an_import_finds_the_task_that_was_created_with_its_key
        an_import_with_one_bad_task_stores_none
        a_long_import_may_be_repeated
        a_long_import_with_one_bad_task_stores_none
        a_long_import_that_was_cut_off_is_completed
        a_key_that_looks_like_a_title_is_none
        a_key_that_was_kept_in_the_place_of_a_title_is_found_and_makes_way;
    repeating:
        a_repeated_call_is_answered_again_and_carried_out_once
        a_key_used_for_another_request_is_refused
        a_refused_call_leaves_its_key_unused
        a_key_is_honoured_for_a_day
        pruning_drops_only_what_is_honoured_no_more
        figures_of_a_day_are_kept_for_two_years;
    listings:
        every_filter_finds_what_it_names
        a_walk_meets_every_task_once_while_new_ones_are_added
        a_walk_finds_rare_tasks_among_many
        workers_are_listed_by_whether_they_are_online
        repositories_are_listed_by_name
        a_cursor_of_another_list_is_refused
        an_empty_pool_has_empty_lists;
    backing_up:
        a_store_is_backed_up_or_says_how_it_is;
    happenings:
        a_task_tells_its_whole_life_in_order
        events_are_read_in_pages_from_any_place
        what_lies_between_two_places_is_read_alike
        events_are_read_backwards_from_any_place
        events_that_were_dropped_are_gone_and_the_others_stay
        who_falls_silent_is_seen_off_and_welcomed_back
        periods_are_told_by_what_ends_them
        the_signal_changes_after_a_commit_and_only_then
        a_decision_that_panics_stores_nothing_and_leaves_the_store_usable;
}
